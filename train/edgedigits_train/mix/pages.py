"""Training digits as a camera delivers them: rendered on synthetic paper and read back by the reader.

MNIST was cut from forms by a careful program; in use, frames come from `segment` and `canonical` on a
photograph. Rendering training digits on pages and taking the frames that the runtime makes of them lets the
network train on what it will see.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.segment import frames_of

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]

NONE = 10
"""Label of a frame that shows no digit."""
_ROWS, _COLUMNS = 4, 6
_WIDE_ENOUGH = 0.5
"""Intersection over union from which a found box counts as the digit that was written there."""


def _paper(height: int, width: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Draw an empty page, float32 [height, width], around 0..255: uneven light, grain, sometimes rules."""
    base = rng.uniform(120, 245)
    coarse = rng.uniform(-1, 1, (3, 3)).astype(np.float32) * np.float32(rng.uniform(0, 45))
    page = base + cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.standard_normal((height // 2, width // 2), np.float32) * np.float32(rng.uniform(0, 4))
    page += cv2.resize(grain, (width, height))
    if rng.random() < 0.35:
        pitch, dark = int(rng.integers(28, 90)), rng.uniform(8, 60)
        for y in range(int(rng.integers(0, pitch)), height, pitch):
            page[y : y + int(rng.integers(1, 3))] -= dark
    return np.asarray(page, np.float32)


def _write(
    page: npt.NDArray[np.float32], digit: Images, middle: tuple[int, int], side: int, rng: np.random.Generator
) -> tuple[int, int, int, int]:
    """Ink one digit on the page; return the bounding box x, y, w, h of its ink."""
    big = cv2.resize(digit, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    if rng.random() < 0.6:
        # A pen leaves sharp edges, an enlarged 28x28 picture does not: sharpen it to look like pen.
        big = np.clip((big - 0.5) * rng.uniform(2, 6) + rng.uniform(0.35, 0.6), 0, 1)
    x, y = middle[0] - side // 2, middle[1] - side // 2
    strength = rng.uniform(0.25, 0.9)
    if rng.random() < 0.4:
        blotchy = cv2.resize(rng.random((7, 7), np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
        big = big * np.clip(0.6 + 0.6 * blotchy, 0, 1)
    region = page[y : y + side, x : x + side]
    region *= 1 - strength * big
    box = cv2.boundingRect((big > 0.3).astype(np.uint8))
    return x + box[0], y + box[1], box[2], box[3]


def _photograph(page: npt.NDArray[np.float32], rng: np.random.Generator) -> Images:
    """Apply what a camera does to a page: blur, noise, polarity, compression; uint8, same size."""
    if rng.random() < 0.7:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.4, 1.8)), np.float32)
    page = page + rng.standard_normal(page.shape, np.float32) * np.float32(rng.uniform(0, 7))
    picture = np.clip(page, 0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        picture = 255 - picture
    if rng.random() < 0.6:
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture


def _overlap(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Return the intersection over union of two boxes x, y, w, h."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def page(digits: Images, labels: Labels, rng: np.random.Generator) -> tuple[Images, Labels]:
    """Return the frames [n, 28, 28] found on one page of up to 24 random digits, and their labels [n].

    A frame where nothing was written gets the label `NONE`; one that matches no single digit is dropped.
    """
    side = int(rng.integers(26, 96))
    pitch = side + 6
    sheet = _paper(_ROWS * pitch + 40, _COLUMNS * pitch + 40, rng)
    written, boxes = [], []
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            if rng.random() < 0.15:
                continue
            index = int(rng.integers(len(digits)))
            jitter = rng.integers(-3, 4, 2)
            middle = (
                20 + column * pitch + pitch // 2 + int(jitter[0]),
                20 + row * pitch + pitch // 2 + int(jitter[1]),
            )
            boxes.append(_write(sheet, digits[index], middle, side, rng))
            written.append(int(labels[index]))
    frames, found = frames_of(_photograph(sheet, rng))
    keep, names = [], []
    for index, box in enumerate(found):
        overlaps = [_overlap(box, other) for other in boxes]
        best = int(np.argmax(overlaps)) if overlaps else -1
        if best >= 0 and overlaps[best] >= _WIDE_ENOUGH:
            keep.append(index)
            names.append(written[best])
        elif not overlaps or max(overlaps) == 0:
            keep.append(index)
            names.append(NONE)
    return frames[keep], np.array(names, np.uint8)


def pool(count: int, digits: Images, labels: Labels, seed: int) -> tuple[Images, Labels]:
    """Return `count` frames from as many pages as it takes, shuffled, with labels; deterministic by seed."""
    rng = np.random.default_rng([seed, 0x9A6E])
    frames, names, have = [], [], 0
    while have < count:
        found, named = page(digits, labels, rng)
        frames.append(found)
        names.append(named)
        have += len(found)
    order = rng.permutation(have)[:count]
    return np.concatenate(frames)[order], np.concatenate(names)[order]
