// The camera of the device that runs the server: MJPEG for the picture, events for the readings.
// Both are read here rather than by an <img>, which freezes silently when its stream is cut.

import { open } from "./api.js";

const SILENCE = 4000; // ms; the server repeats itself every second or two, so this long means a broken stream
const RETRY = [500, 1000, 2000, 4000, 8000];
const END = [13, 10, 13, 10];

function find(bytes, wanted, from = 0) {
  outer: for (let at = from; at <= bytes.length - wanted.length; at += 1) {
    for (let step = 0; step < wanted.length; step += 1) if (bytes[at + step] !== wanted[step]) continue outer;
    return at;
  }
  return -1;
}

function join(left, right) {
  const all = new Uint8Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  return all;
}

// Yields the JPEG pictures of a multipart/x-mixed-replace answer.
async function* pictures(answer, alive) {
  const reader = answer.body.getReader();
  let bytes = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    bytes = join(bytes, value);
    for (;;) {
      const head = find(bytes, END);
      if (head < 0) break;
      const length = Number(/content-length: *(\d+)/i.exec(new TextDecoder().decode(bytes.subarray(0, head)))?.[1]);
      if (!length) throw new Error("the stream does not consist of pictures");
      if (bytes.length < head + 4 + length) break;
      yield bytes.slice(head + 4, head + 4 + length);
      bytes = bytes.subarray(head + 4 + length + 2);
    }
  }
}

export class DeviceCamera {
  #stop = null;

  constructor(canvas, { onReading, onState }) {
    this.canvas = canvas;
    this.onReading = onReading;
    this.onState = onState;
  }

  // Runs until `stop`, reconnecting whenever the stream ends, fails or falls silent.
  async start() {
    this.stop();
    const ending = new AbortController();
    this.#stop = ending;
    this.onState("connecting", "Turning the camera on…");
    for (let attempt = 0; !ending.signal.aborted; attempt += 1) {
      let why = "The connection was lost.";
      try {
        await this.#watch(ending.signal, () => { attempt = 0; });
      } catch (error) {
        if (error.name !== "AbortError") why = error.parts ? [error.parts.what, error.parts.remedy].filter(Boolean).join(". ") : why;
        if (error.parts?.kind === "no_source") {
          this.onState("off", why);
          return;
        }
      }
      if (ending.signal.aborted) return;
      this.onState("lost", `${why} Trying again…`);
      await new Promise((resolve) => setTimeout(resolve, RETRY[Math.min(attempt, RETRY.length - 1)]));
    }
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
  }

  async #watch(ending, good) {
    const cut = new AbortController();
    const events = new EventSource("/api/readings");
    // Stops at once, not after the current picture: a late reading or picture would land in another view.
    const abort = () => {
      events.close();
      cut.abort();
    };
    ending.addEventListener("abort", abort);
    let silence = setTimeout(abort, SILENCE * 3);
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(abort, SILENCE);
    };
    events.addEventListener("reading", (event) => this.#event(JSON.parse(event.data), alive));
    let refusal = null;
    events.addEventListener("error", async () => {
      if (events.readyState !== EventSource.CLOSED) return; // it reconnects by itself
      // A refused EventSource stays closed and does not tell why; the answer to another request does.
      await open("/api/readings", cut.signal).catch((error) => { refusal = error; });
      abort();
    });
    try {
      for await (const jpeg of pictures(await open("/api/stream", cut.signal), alive)) {
        if (events.readyState === EventSource.OPEN) good();
        await this.#show(jpeg, cut.signal);
      }
    } catch (error) {
      throw refusal ?? error;
    } finally {
      clearTimeout(silence);
      ending.removeEventListener("abort", abort);
      abort();
    }
  }

  #event({ state, message, reading }, alive) {
    // Before the first picture the other stream is silent; these events show that all is well.
    alive();
    if (state === "live") this.onState("live", "");
    else this.onState(state, message || "Waiting for the camera…");
    if (reading) this.onReading(reading);
  }

  async #show(jpeg, cut) {
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
    if (cut.aborted) return;
    const { canvas } = this;
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    canvas.hidden = false;
    bitmap.close();
  }
}
