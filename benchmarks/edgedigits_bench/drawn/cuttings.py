"""Pictures that are no photographs of pages: lines cut out of a page, and single digits side by side."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.results import Box
from edgedigits_bench.drawn.corrections import surrounding
from edgedigits_bench.scoring import Truth

Bytes = npt.NDArray[np.uint8]

SIDE: Final = 28
"""Side of MNIST's pictures in pixels; their digits are up to 20 high."""
INK: Final = 64
"""Grey level from which a pixel of these pictures counts towards the digit's box."""


def one_line(picture: Bytes, truth: Truth, margin: float, rng: np.random.Generator) -> tuple[Bytes, Truth]:
    """Cut a line, or one to three neighbouring digits of it, out of a page, with a narrow margin.

    `margin` is a share of the height of what is cut out; parts of other digits in it stay.
    """
    row = int(rng.integers(len(truth.lines)))
    start = sum(map(len, truth.lines[:row]))
    first, count = 0, len(truth.lines[row])
    if rng.random() < 0.5:
        count = min(count, int(rng.integers(1, 4)))
        first = int(rng.integers(len(truth.lines[row]) - count + 1))
    boxes = truth.boxes[start + first : start + first + count]
    x, y, across, down = surrounding(boxes)
    room = round(margin * down)
    left, top = max(0, x - room), max(0, y - room)
    part = picture[top : y + down + room, left : x + across + room]
    moved = tuple((x - left, y - top, width, height) for x, y, width, height in boxes)
    return np.ascontiguousarray(part), Truth((truth.lines[row][first : first + count],), moved)


def tiles(images: Bytes, labels: npt.NDArray[Any], rng: np.random.Generator) -> tuple[Bytes, Truth]:
    """Draw rows of single digits, as data sets are shown: uint8 [H, W, 3], and the truth.

    They are on black or white, with or without gaps, and enlarged with hard or smooth pixels.
    """
    rows, columns = int(rng.integers(1, 6)), int(rng.integers(1, 11))
    side = int(rng.integers(SIDE, 5 * SIDE))
    gap, around = (int(rng.uniform(0, 0.2) * side) if rng.random() < 0.7 else 0 for _ in range(2))
    paper, between = (int(rng.choice((0, 255))) for _ in range(2))
    way = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_CUBIC
    pitch = side + gap
    size = (rows * pitch - gap + 2 * around, columns * pitch - gap + 2 * around)
    picture = np.full(size, between, np.uint8)
    lines, boxes = list[str](), list[Box]()
    for row in range(rows):
        chosen = rng.integers(len(images), size=columns)
        lines.append("".join(str(labels[which]) for which in chosen))
        for column, which in enumerate(chosen):
            tile = cv2.resize(images[which], (side, side), interpolation=way)
            top, left = around + row * pitch, around + column * pitch
            picture[top : top + side, left : left + side] = cv2.bitwise_not(tile) if paper else tile
            x, y, across, down = cv2.boundingRect((tile >= INK).astype(np.uint8))
            boxes.append((left + x, top + y, across, down))
    return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR).astype(np.uint8), Truth(tuple(lines), tuple(boxes))
