// The camera of the computer or phone that shows the page; browsers allow it on localhost and https only.

import { readPicture } from "./api.js";

const WIDEST = 1280; // pixels; more pixels find no more digits
const PAUSE = 100; // ms between two readings

const REASONS = {
  NotAllowedError: "The browser was not allowed to use the camera. Allow it in the address bar, then try again.",
  NotFoundError: "The browser found no camera.",
  NotReadableError: "Another program is using the camera.",
};

export class BrowserCamera {
  #running = 0;
  #stream = null;
  #picture = null; // the last one that was read

  constructor(video, { onReading, onState }) {
    this.video = video;
    this.onReading = onReading;
    this.onState = onState;
  }

  async start() {
    this.stop();
    this.#picture = null;
    const turn = ++this.#running;
    if (!navigator.mediaDevices?.getUserMedia) {
      this.onState("off", "Browsers allow the camera only on localhost and over https. The device’s camera, pictures and drawing still work.");
      return;
    }
    this.onState("connecting", "Asking for permission to use the camera…");
    try {
      const wanted = { facingMode: "environment", width: { ideal: WIDEST } };
      const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (turn !== this.#running) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
    } catch (error) {
      if (turn === this.#running) this.onState("off", REASONS[error.name] ?? `The camera does not start: ${error.message}`);
      return;
    }
    this.onState("live", "");
    await this.#loop(turn);
  }

  stop() {
    this.#running += 1;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.video.srcObject = null;
    URL.revokeObjectURL(this.video.poster);
    this.video.removeAttribute("poster");
  }

  // Turns the camera off, but keeps the picture under the boxes.
  pause() {
    this.stop();
    if (this.#picture) this.video.poster = URL.createObjectURL(this.#picture);
  }

  async #loop(turn) {
    while (turn === this.#running) {
      const began = performance.now();
      try {
        const picture = await this.#grab();
        const reading = await readPicture(picture);
        if (turn !== this.#running) return;
        this.#picture = picture;
        this.onState("live", "");
        this.onReading(reading, picture, 1000 / Math.max(PAUSE, performance.now() - began));
      } catch (error) {
        if (turn !== this.#running) return;
        this.onState("lost", `${error.message} Trying again…`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      const rest = Math.max(0, PAUSE - (performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  #grab() {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, WIDEST / Math.max(videoWidth, videoHeight));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  }
}
