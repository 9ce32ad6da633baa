"""The marks of a person who corrects a page: rings around numbers, lines below them, ticks and crosses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgedigits.lines import lines_of
from edgedigits.results import Box
from edgedigits_bench.drawn.paper import Floats, Points, Shape, trace


def corrections(shape: Shape, boxes: Sequence[Box], rng: np.random.Generator, height: float) -> Floats:
    """Draw corrections in one pen, 0..1, float32 [H, W], for digits of this height; some rows get none.

    Neighbouring rows never both have rings, which would overlap.
    """
    page = np.zeros(shape, np.float32)
    darkness = float(rng.uniform(0.5, 0.95))
    thickness = max(2, round(height * rng.uniform(0.05, 0.1)))
    ringed = False
    for line in lines_of(boxes):
        row = [boxes[index] for index in line]
        strokes = list[Points]()
        ringed = not ringed and rng.random() < 0.5
        if ringed:
            first, last = sorted(rng.integers(0, len(row) + 1, 2)) if rng.random() < 0.15 else (0, len(row))
            strokes.append(ring(surrounding(row[first:last] or row), height, rng))
        elif rng.random() < 0.2:
            strokes += lines_below(surrounding(row), height, rng)
        end = max([row[-1][0] + row[-1][2], *(stroke[:, 0].max() for stroke in strokes)])
        middle = np.array([end + height * rng.uniform(0.9, 1.6), row[-1][1] + 0.5 * row[-1][3]])
        if rng.random() < 0.5 and middle[0] + 0.7 * height < shape[1]:
            strokes += [np.asarray(middle + height * part) for part in tick_or_cross(rng)]
        for stroke in strokes:
            trace(page, stroke, darkness, thickness)
    return page


def surrounding(boxes: Sequence[Box]) -> Box:
    """Return the bounding box of several boxes."""
    left, top = min(x for x, _, _, _ in boxes), min(y for _, y, _, _ in boxes)
    right, bottom = max(x + w for x, _, w, _ in boxes), max(y + h for _, y, _, h in boxes)
    return left, top, right - left, bottom - top


def ring(box: Box, height: float, rng: np.random.Generator) -> Points:
    """Return a stroke around a box, [n, 2] in pixels: a superellipse, between an ellipse and a rounded box.

    As in handwriting, it may touch what it surrounds, and its ends may miss each other.
    """
    x, y, width, tall = box
    power = rng.uniform(2.0, 4.0)
    down = tall / 2 + height * rng.uniform(0.15, 0.4)
    # Wide enough to clear the corners of the box, or nearly so.
    across = width / 2 / (1 - (tall / 2 / down) ** power) ** (1 / power) * rng.uniform(0.97, 1.1)
    across = max(across, width / 2 + height * rng.uniform(0.15, 0.4))
    start, turns = rng.uniform(0, 2 * np.pi), rng.uniform(0.96, 1.08)
    way = np.linspace(start, start + 2 * np.pi * turns, 120)
    drift = 1 + np.linspace(0, rng.uniform(-0.06, 0.06), len(way))
    cosine, sine = np.cos(way), np.sin(way)
    outward = drift / (np.abs(cosine) ** power + np.abs(sine) ** power) ** (1 / power)
    middle = np.array([x + width / 2, y + tall / 2]) + rng.normal(0, 0.04 * height, 2)
    return np.asarray(middle + np.stack([across * cosine * outward, down * sine * outward], 1))


def lines_below(box: Box, height: float, rng: np.random.Generator) -> list[Points]:
    """Return one or two lines below a box, each [2, 2] in pixels."""
    x, y, width, tall = box
    foot = y + tall + height * rng.uniform(0.08, 0.2)
    ends = np.array([[x, foot], [x + width, foot]]) + rng.normal(0, 0.05 * height, (2, 2))
    return [ends + np.array([0, 0.18 * height * place]) for place in range(rng.integers(1, 3))]


def tick_or_cross(rng: np.random.Generator) -> list[Points]:
    """Return the strokes of a tick or a cross, [n, 2] each, relative to its centre, in digit heights."""
    size = rng.uniform(0.7, 1.2)
    if rng.random() < 0.6:
        low = np.array([rng.uniform(-0.3, -0.1), rng.uniform(0.3, 0.5)])
        back = low - rng.uniform((0.1, 0.2), (0.25, 0.45))
        return [size * np.stack([back, low, np.array([rng.uniform(0.2, 0.6), rng.uniform(-0.7, -0.4)])])]
    ends = np.array([[-0.35, -0.4], [0.35, 0.4], [0.35, -0.4], [-0.35, 0.4]])
    ends += rng.normal(0, 0.06, ends.shape)
    return [size * ends[:2], size * ends[2:]]
