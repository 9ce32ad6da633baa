// The live view: one of two cameras, its state in words, and the newest reading.

import { annotate } from "./api.js";
import { drawBoxes } from "./boxes.js";
import { BrowserCamera } from "./browser-camera.js";
import { DeviceCamera } from "./device.js";

const $ = (id) => document.getElementById(id);
const HINT = "What the camera sees is read while this view is open.";

export class Live {
  #shown = false;
  #paused = false;
  #own = false; // the browser's camera instead of the device's

  constructor(panel) {
    this.panel = panel;
    this.boxes = $("viewer").querySelector(".boxes");
    const onState = (state, words) => this.#state(state, words);
    this.device = new DeviceCamera($("device"), { onState, onReading: (reading) => this.#fromDevice(reading) });
    this.browser = new BrowserCamera($("viewer").querySelector("video"), {
      onState,
      onReading: (reading, picture, fps) => this.#fromBrowser(reading, picture, fps),
    });
    $("use-device").onclick = () => this.#use(false);
    $("use-browser").onclick = () => this.#use(true);
    $("pause").onclick = () => this.#pause(!this.#paused);
    // A hidden page keeps no camera on.
    document.addEventListener("visibilitychange", () => this.#run());
  }

  start() {
    this.#shown = true;
    this.panel.empty(HINT);
    this.#pause(false);
  }

  stop() {
    this.#shown = false;
    this.#run();
  }

  #use(own) {
    this.#own = own;
    $("use-device").setAttribute("aria-pressed", !own);
    $("use-browser").setAttribute("aria-pressed", own);
    this.panel.empty(HINT);
    $("device").hidden = true;
    this.#pause(false);
  }

  #pause(paused) {
    this.#paused = paused;
    $("pause").textContent = paused ? "Resume" : "Pause";
    this.#run();
  }

  #run() {
    this.device.stop();
    if (this.#shown && this.#paused) {
      this.browser.pause();
      this.#state("off", "Paused");
      return;
    }
    this.browser.stop();
    $("on-air").hidden = true;
    if (!this.#shown || document.hidden) return;
    $("viewer").hidden = true;
    drawBoxes(this.boxes, null);
    (this.#own ? this.browser : this.device).start();
  }

  #state(state, words) {
    $("notice").textContent = words;
    $("on-air").hidden = state !== "live";
    if (state === "live") $("viewer").hidden = !this.#own;
    if (state !== "live") $("live-facts").textContent = "";
  }

  #fromDevice(reading) {
    if (this.#paused || !this.#shown) return;
    const { fps, age_ms } = reading.frame;
    $("live-facts").textContent = `${fps.toFixed(1)} frames per second, each ${Math.round(age_ms)} ms old when sent`;
    this.panel.show(reading, () => new Promise((resolve) => $("device").toBlob(resolve, "image/png")));
  }

  #fromBrowser(reading, picture, fps) {
    if (this.#paused || !this.#shown) return;
    $("live-facts").textContent = `${fps.toFixed(1)} readings per second`;
    drawBoxes(this.boxes, reading);
    this.panel.show(reading, () => annotate(picture));
  }
}
