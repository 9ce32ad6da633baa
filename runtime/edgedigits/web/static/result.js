// The right half of the page: what was read, how sure that is, and what the model saw.

import { kind, mark } from "./boxes.js";
import { copy, save } from "./take.js";

const $ = (id) => document.getElementById(id);
const STAGES = ["decode", "segment", "classify", "draw", "transfer"];
const percent = (share) => `${(100 * share).toFixed(share > 0.9995 ? 0 : 1)} %`;
const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function paintFrame(canvas, encoded) {
  const greys = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  const pixels = new ImageData(28, 28);
  greys.forEach((grey, at) => pixels.data.set([grey, grey, grey, 255], 4 * at));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

function bars(digit) {
  const chart = element("div", "bars");
  chart.setAttribute("aria-hidden", "true");
  const best = digit.probabilities.indexOf(Math.max(...digit.probabilities));
  digit.probabilities.forEach((share, label) => {
    const column = element("div", label === best ? "top-one" : "");
    column.title = `${label}: ${percent(share)}`;
    const bar = element("i");
    bar.style.setProperty("--share", `${100 * share}%`);
    column.append(bar, element("span", "", label));
    chart.append(column);
  });
  return chart;
}

function describe(digit) {
  const order = digit.probabilities.map((share, label) => [share, label]).sort((a, b) => b[0] - a[0]);
  const next = `next ${order[1][1]} with ${percent(order[1][0])}`;
  if (digit.label < 0) return `Not a digit. The most similar one would be ${order[0][1]}.`;
  const split = digit.uncertain_split ? " Perhaps wrongly cut from a touching neighbour." : "";
  return `${digit.label}, ${percent(digit.confidence)} sure, ${next}.${split}`;
}

function card(digit, index) {
  const item = element("li", `digit ${kind(digit)}`);
  item.dataset.index = index;
  const frame = element("canvas");
  frame.width = frame.height = 28;
  frame.setAttribute("role", "img");
  frame.setAttribute("aria-label", "The 28 by 28 frame that the model saw");
  frame.title = "The 28×28 frame that the model saw";
  if (digit.frame) paintFrame(frame, digit.frame);
  const verdict = element("div", "verdict");
  verdict.setAttribute("aria-hidden", "true");
  if (digit.label < 0) {
    verdict.classList.add("words");
    verdict.append(element("b", "", "not a digit"), element("span", "", `${percent(1 - digit.digit_score)}`));
  } else {
    verdict.append(element("b", "", digit.label), element("span", "", percent(digit.confidence)));
    if (digit.uncertain_split) verdict.append(element("small", "", "doubtful cut"));
  }
  item.append(frame, verdict, bars(digit), element("span", "unseen", describe(digit)));
  return item;
}

export class ResultPanel {
  #reading = null;
  #picture = null;
  #spoken = 0;

  constructor() {
    $("copy-text").onclick = (event) => copy(event.target, this.#reading.text);
    $("copy-json").onclick = (event) => copy(event.target, this.#json());
    $("save-json").onclick = () => save(new Blob([this.#json()], { type: "application/json" }), "reading.json");
    $("save-png").onclick = async () => {
      try {
        save(await this.#picture(), "reading.png");
      } catch (error) {
        this.problem(error);
      }
    };
    for (const list of [$("digits"), $("rejected")]) {
      for (const [type, on] of [["pointerover", true], ["pointerout", false]]) {
        list.addEventListener(type, (event) => this.#mark(event.target.closest("li"), on));
      }
    }
  }

  // `picture` returns the annotated PNG on demand.
  show(reading, picture) {
    this.#reading = reading;
    this.#picture = picture;
    $("problem").hidden = true;
    const text = $("text");
    const longest = Math.max(...reading.text.split("\n").map((line) => line.length));
    const lines = reading.text.split("\n").length;
    text.dataset.length = longest > 14 || lines > 3 ? "page" : longest > 7 || lines > 1 ? "long" : "short";
    text.textContent = reading.text || "No digit found";
    text.classList.toggle("hint", !reading.text);
    $("actions").hidden = false;
    $("digits").replaceChildren(...reading.digits.map(card));
    const others = reading.rejected.map((digit, at) => card(digit, reading.digits.length + at));
    $("rejected").replaceChildren(...others);
    $("others").hidden = others.length === 0;
    this.#time(reading.timing_ms);
    this.#speak(reading);
  }

  empty(hint) {
    this.#reading = null;
    $("text").textContent = hint;
    $("text").classList.add("hint");
    for (const id of ["actions", "others", "time", "problem"]) $(id).hidden = true;
    $("digits").replaceChildren();
    clearTimeout(this.#spoken);
  }

  problem(error) {
    const { what, expected, received, remedy } = error.parts ?? { what: String(error.message ?? error) };
    const box = $("problem");
    box.replaceChildren(element("strong", "", what));
    if (expected) box.append(element("p", "", `Expected: ${expected}`));
    if (received) box.append(element("p", "", `Received: ${received}`));
    if (remedy) box.append(element("p", "", remedy));
    box.hidden = false;
  }

  #json() {
    const { timing_ms, ...rest } = this.#reading;
    return JSON.stringify({ ...rest, timing_ms }, null, 1);
  }

  #mark(item, on) {
    if (!item) return;
    item.classList.toggle("marked", on);
    mark(document.querySelectorAll(".boxes"), item.dataset.index, on);
  }

  #time(timing) {
    const stages = STAGES.map((name, at) => ({ name, at, value: timing[name] })).filter(({ value }) => value > 0);
    const all = stages.reduce((sum, { value }) => sum + value, 0);
    $("time").hidden = stages.length === 0;
    $("total").textContent = ms(all);
    $("stages").replaceChildren(...stages.map(({ at, value }) => {
      const part = element("i");
      part.dataset.stage = at;
      part.style.setProperty("--share", value / all);
      return part;
    }));
    $("legend").replaceChildren(...stages.map(({ name, at, value }) => {
      const entry = element("div");
      entry.dataset.stage = at;
      entry.append(element("dt", "", name), element("dd", "", ms(value)));
      return entry;
    }));
  }

  // A screen reader is told once the reading has settled, not at every stroke.
  #speak({ text }) {
    clearTimeout(this.#spoken);
    this.#spoken = setTimeout(() => {
      const words = text ? `Read ${text.replaceAll("\n", ", ").split("").join(" ")}` : "No digit found";
      if ($("spoken").textContent !== words) $("spoken").textContent = words;
    }, 900);
  }
}
