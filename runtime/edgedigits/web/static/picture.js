// A picture from a file, the phone's camera, the clipboard or another window.

import { annotate, readPicture } from "./api.js";
import { drawBoxes } from "./boxes.js";

const $ = (id) => document.getElementById(id);
const HINT = "Choose a picture, and its digits will appear here.";

// Pixels of a converted picture: even of noise, so many take less as PNG than the 20 MB that the server takes.
const LARGEST = 6_000_000;

// The server takes PNG and JPEG; other formats that the browser can show are converted to PNG here.
async function acceptable(file) {
  if (file.type === "image/png" || file.type === "image/jpeg") return file;
  return (await shrunk(file)) ?? file; // the server can best say what is wrong with it
}

// The picture as a PNG of at most `LARGEST` pixels; null if the browser cannot open it, or lacks the memory.
async function shrunk(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return null;
  }
  const shrink = Math.min(1, Math.sqrt(LARGEST / (bitmap.width * bitmap.height)));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map((side) => Math.ceil(side * shrink));
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

export class Picture {
  #latest = 0;
  #shown = null; // what the panel shows when the tab is opened again

  constructor(panel, select) {
    this.panel = panel;
    this.select = select;
    this.image = $("shown").querySelector("img");
    this.boxes = $("shown").querySelector(".boxes");
    $("file").addEventListener("change", () => {
      if ($("file").files.length) this.read($("file").files[0]);
      $("file").value = ""; // so that the same file can be chosen again
    });
    this.#listen();
  }

  start() {
    if (this.#shown) this.#shown();
    else this.panel.empty(HINT);
  }

  stop() {}

  #listen() {
    const held = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragover", (event) => {
      if (!held(event)) return;
      event.preventDefault();
      this.select();
      $("drop").classList.add("over");
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) $("drop").classList.remove("over");
    });
    addEventListener("drop", (event) => {
      if (!held(event)) return;
      event.preventDefault();
      $("drop").classList.remove("over");
      this.read(event.dataTransfer.files[0]);
    });
    addEventListener("paste", (event) => {
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
      if (!file) return;
      event.preventDefault();
      this.read(file);
    });
  }

  async read(file) {
    this.select();
    const turn = ++this.#latest;
    const result = document.querySelector(".result");
    result.classList.add("busy");
    this.#shown = null;
    this.panel.empty("Reading…");
    this.boxes.replaceChildren();
    $("about").textContent = file.name && file.name !== "image.png" ? file.name : "Pasted picture";
    try {
      let picture = await acceptable(file);
      if (!(await this.#put(picture, turn))) return;
      let reading;
      try {
        reading = await readPicture(picture);
      } catch (error) {
        // Too large for the server, as photographs of 48 megapixels and more are.
        const smaller = error.parts?.status === 413 && picture === file ? await shrunk(file) : null;
        if (!smaller) throw error;
        picture = smaller;
        if (!(await this.#put(picture, turn))) return;
        reading = await readPicture(picture);
      }
      if (turn !== this.#latest) return;
      drawBoxes(this.boxes, reading);
      this.#finish(() => this.panel.show(reading, () => annotate(picture)));
    } catch (error) {
      if (turn !== this.#latest) return;
      this.#display(false);
      this.#finish(() => {
        this.panel.empty("");
        this.panel.problem(error);
      });
    } finally {
      if (turn === this.#latest) result.classList.remove("busy");
    }
  }

  // Show the picture, if a browser can; false if another one was chosen meanwhile, whose boxes would lie on it.
  async #put(picture, turn) {
    if (turn !== this.#latest) return false;
    URL.revokeObjectURL(this.image.src);
    this.image.src = URL.createObjectURL(picture);
    const good = await this.image.decode().then(() => true, () => false);
    if (turn !== this.#latest) return false;
    this.#display(good);
    return true;
  }

  #finish(show) {
    this.#shown = show;
    if (!$("picture").hidden) show();
  }

  #display(good) {
    $("shown").hidden = !good;
    $("welcome").hidden = good;
    $("drop").classList.toggle("full", good);
  }
}
