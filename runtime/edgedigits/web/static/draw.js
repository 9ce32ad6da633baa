// The sheet of paper: strokes are kept as points, so that they can be undone and drawn in any colour.

import { ApiError, Latest, annotate, readPicture } from "./api.js";
import { drawBoxes } from "./boxes.js";

const LONGEST = 1000; // pixels of the picture that is sent
const PAUSE = 60; // ms between two readings while drawing
const STEP = 8; // pixels per arrow key
const $ = (id) => document.getElementById(id);
const HINT = "Write one digit or many. They are read as you draw.";

function trace(context, { points, width, erase }, paint) {
  context.globalCompositeOperation = erase && !paint.paper ? "destination-out" : "source-over";
  context.strokeStyle = context.fillStyle = erase && paint.paper ? paint.paper : paint.ink;
  context.lineWidth = width;
  context.lineCap = context.lineJoin = "round";
  const [first, ...rest] = points;
  context.beginPath();
  if (rest.length === 0) {
    context.arc(first[0], first[1], width / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(...first);
  rest.forEach(([x, y], at) => {
    const [nextX, nextY] = rest[at + 1] ?? [x, y];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  context.stroke();
}

export class Draw {
  #strokes = [];
  #active = new Map(); // pointer id -> stroke
  #erase = false;
  #cursor = null; // where the keyboard's pen is
  #penDown = null;
  #version = 0;

  constructor(panel) {
    this.panel = panel;
    this.pad = $("pad");
    this.boxes = $("paper").querySelector(".boxes");
    this.latest = new Latest(() => this.#read());
    new ResizeObserver(() => this.#render()).observe($("paper"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#render());
    this.#listen();
  }

  start() {
    this.#render();
    this.#changed();
  }

  stop() {}

  #listen() {
    const pad = this.pad;
    pad.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      pad.setPointerCapture(event.pointerId);
      this.#cursor = null;
      this.#active.set(event.pointerId, this.#begin(this.#point(event)));
    });
    pad.addEventListener("pointermove", (event) => {
      const stroke = this.#active.get(event.pointerId);
      if (!stroke) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) stroke.points.push(this.#point(each));
      this.#changed();
    });
    for (const type of ["pointerup", "pointercancel"]) {
      pad.addEventListener(type, (event) => this.#active.delete(event.pointerId));
    }
    pad.addEventListener("keydown", (event) => this.#key(event));
    pad.addEventListener("blur", () => {
      this.#cursor = this.#penDown = null;
      this.#render();
    });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !$("draw").hidden) {
        event.preventDefault();
        this.#undo();
      }
    });
    $("pen").onclick = () => this.#use(false);
    $("eraser").onclick = () => this.#use(true);
    $("undo").onclick = () => this.#undo();
    $("clear").onclick = () => {
      this.#strokes = [];
      this.#changed();
      this.pad.focus();
    };
  }

  #use(erase) {
    this.#erase = erase;
    $("pen").setAttribute("aria-pressed", !erase);
    $("eraser").setAttribute("aria-pressed", erase);
  }

  #undo() {
    this.#strokes.pop();
    this.#penDown = null;
    this.#changed();
  }

  #point(event) {
    const edge = this.pad.getBoundingClientRect();
    return [event.clientX - edge.left, event.clientY - edge.top];
  }

  #begin(point) {
    const width = Number($("width").value) * (this.#erase ? 2.5 : 1);
    const stroke = { points: [point], width, erase: this.#erase };
    this.#strokes.push(stroke);
    this.#changed();
    return stroke;
  }

  #key(event) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!dx && !dy && event.key !== " ") return;
    event.preventDefault();
    const { clientWidth, clientHeight } = this.pad;
    this.#cursor ??= [clientWidth / 2, clientHeight / 3];
    if (event.key === " ") {
      this.#penDown = this.#penDown ? null : this.#begin([...this.#cursor]);
      this.#render();
      return;
    }
    const clip = (value, most) => Math.min(Math.max(value, 0), most);
    this.#cursor = [clip(this.#cursor[0] + STEP * dx, clientWidth), clip(this.#cursor[1] + STEP * dy, clientHeight)];
    if (this.#penDown) {
      this.#penDown.points.push([...this.#cursor]);
      this.#changed();
    }
    this.#render();
  }

  #changed() {
    this.#version += 1;
    const blank = this.#strokes.length === 0;
    $("invitation").hidden = !blank;
    $("undo").disabled = $("clear").disabled = blank;
    this.#render();
    if (blank) {
      this.boxes.replaceChildren();
      this.panel.empty(HINT);
    } else {
      this.latest.offer();
    }
  }

  #render() {
    const pad = this.pad;
    const scale = devicePixelRatio || 1;
    const [width, height] = [Math.round(pad.clientWidth * scale), Math.round(pad.clientHeight * scale)];
    if (!width || !height) return;
    if (pad.width !== width || pad.height !== height) [pad.width, pad.height] = [width, height];
    const context = pad.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const ink = getComputedStyle(pad).color;
    for (const stroke of this.#strokes) trace(context, stroke, { ink });
    if (this.#cursor) this.#crosshair(context, ink);
  }

  #crosshair(context, ink) {
    const [x, y] = this.#cursor;
    context.globalCompositeOperation = "source-over";
    context.strokeStyle = ink;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, this.#penDown ? 5 : 10, 0, 2 * Math.PI);
    context.moveTo(x - 16, y);
    context.lineTo(x + 16, y);
    context.moveTo(x, y - 16);
    context.lineTo(x, y + 16);
    context.stroke();
  }

  // What is sent is black on white whatever the page looks like.
  #picture() {
    const { clientWidth, clientHeight } = this.pad;
    const scale = Math.min(1, LONGEST / Math.max(clientWidth, clientHeight));
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
    const context = sheet.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, sheet.width, sheet.height);
    context.scale(scale, scale);
    for (const stroke of this.#strokes) trace(context, stroke, { ink: "#000", paper: "#fff" });
    return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
  }

  async #read() {
    const version = this.#version;
    const began = performance.now();
    try {
      const picture = await this.#picture();
      const reading = await readPicture(picture);
      if (this.#strokes.length === 0 || $("draw").hidden) return;
      drawBoxes(this.boxes, reading);
      this.panel.show(reading, () => annotate(picture));
    } catch (error) {
      if ($("draw").hidden) return;
      // If newer strokes are about to be read, the server's error for these no longer matters.
      if (version === this.#version || !(error instanceof ApiError)) this.panel.problem(error);
    }
    const rest = PAUSE - (performance.now() - began);
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}
