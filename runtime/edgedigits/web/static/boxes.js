// Boxes over a picture, in per cent of its size, so that they follow it through every layout.

export const DOUBT = 0.9;

export function kind(digit) {
  if (digit.label < 0) return "rejected";
  return digit.confidence < DOUBT || digit.uncertain_split ? "doubt" : "sure";
}

export function drawBoxes(layer, reading) {
  layer.replaceChildren();
  if (!reading) return;
  const [width, height] = reading.size;
  for (const [index, digit] of [...reading.digits, ...reading.rejected].entries()) {
    const [x, y, w, h] = digit.box;
    const box = document.createElement("div");
    box.className = kind(digit);
    box.dataset.index = index;
    box.style.left = `${(100 * x) / width}%`;
    box.style.top = `${(100 * y) / height}%`;
    box.style.width = `${(100 * w) / width}%`;
    box.style.height = `${(100 * h) / height}%`;
    if (digit.label >= 0) {
      const name = document.createElement("span");
      name.textContent = digit.label;
      box.append(name);
      box.classList.toggle("under", y < 0.05 * height);
    }
    layer.append(box);
  }
}

export function mark(layers, index, on) {
  for (const layer of layers) layer.querySelector(`[data-index="${index}"]`)?.classList.toggle("marked", on);
}
