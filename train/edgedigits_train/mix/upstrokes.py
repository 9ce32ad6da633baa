"""The 1 as most schools outside of the United States teach it: with an upstroke, at times with a foot.

MNIST's 1s are bare strokes, nearly all of them, and its 7s are what has a stroke at its upper left: a
network that knows nothing else calls a 1 of a German, Brazilian or Indian hand a 7. What tells the two
is the way that this stroke takes: a 7's is level and ends where the stem begins, a 1's falls from there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgedigits.canonical import canonical
from edgedigits_train.mix import pens

Image = npt.NDArray[np.uint8]
Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]

_OPEN = (32.0, 62.0)
"""Degrees between the upstroke and the stem: 40 to 55 in school hands, less in hurried ones. From 70 on it
would be the bar of a 7, and below 30 it runs into the stem."""
_FALL = 33.0
"""Degrees below the level: with less a slanted 1 would have the bar of a 7."""
_LONG = (0.22, 0.62)
"""Length of the upstroke, in lengths of the stem."""
_CLEAR = 1.7
"""Widths of the pen from the middle of the stem to the upstroke's end: nearer, both are one blot, as the
ring of a small 9 may be."""
_FOOT = 0.3
"""Share of the upright ones that stand on a foot, a level stroke."""
_UPRIGHT = 20.0
"""Degrees that the stem of one with a foot may lean: beyond, it would be a 2."""


def with_upstroke(one: Image, rng: np.random.Generator) -> Image:
    """A 1, uint8 [28, 28], bright on black, with an upstroke of its own pen; framed again.

    What is no single steep stroke, as a 1 that has its upstroke already, is given back as it is.
    """
    ends = _stem(one)
    if ends is None:
        return one
    top, foot = ends
    way = foot - top
    length = float(np.hypot(*way))
    # Angles grow from the right to below, as rows do: a stem that falls straight down has 90.
    stem = float(np.degrees(np.arctan2(way[1], way[0])))
    widest = min(_OPEN[1], 180 - _FALL - stem)
    if widest < _OPEN[0]:
        return one
    opening = rng.uniform(_OPEN[0], widest)
    shortest = max(_LONG[0], _CLEAR * pens.width_of(one) / np.sin(np.radians(opening)) / length)
    if shortest > _LONG[1]:
        return one
    angle = np.radians(stem + opening)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length * rng.uniform(shortest, _LONG[1])
    steps = np.linspace(0, 1, 9)[:, None]
    sag = rng.uniform(-0.12, 0.12) * np.sin(np.pi * steps) * reach[::-1] * (-1, 1)
    sheet = np.maximum(np.pad(one, pens.MARGIN), pens.stroke(top + steps * reach + sag, one, rng))
    if rng.random() < _FOOT and abs(stem - 90) < _UPRIGHT:
        left, right = length * rng.uniform(0.15, 0.35, 2)
        lean = length * rng.uniform(-0.1, 0.1)
        foot_ends = np.array([[-left, lean], [right, -lean]])
        sheet = np.maximum(sheet, pens.stroke(foot + foot_ends, one, rng))
    return canonical(sheet)


def _stem(one: Image) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
    """The upper and the lower end of a single straight stroke, each x and y; None if it is none, or level."""
    rows, columns = np.nonzero(one > pens.INK)
    if len(rows) < 2:
        return None
    places = np.stack([columns, rows], 1).astype(np.float64)
    middle = places.mean(0)
    spread, axes = np.linalg.eigh(np.cov((places - middle).T))
    way = axes[:, 1] * np.sign(axes[1, 1] or 1.0)
    along = (places - middle) @ way
    half = pens.width_of(one) / 2
    # A stroke is about as broad everywhere as its pen; the variance of an even spread is width^2 / 12.
    if np.sqrt(12 * spread[0]) > 3.4 * half + 1 or abs(way[0]) > way[1]:
        return None
    return middle + way * (along.min() + half), middle + way * (along.max() - half)


def upstroked(images: Images, labels: Labels, share: float, rng: np.random.Generator) -> Images:
    """Of uint8 [N, 28, 28] with labels [N], a copy in which this share of the 1s have an upstroke.

    Nothing is drawn from `rng` for a share of 0.
    """
    if not share:
        return images
    out = images.copy()
    for index in np.flatnonzero((labels == 1) & (rng.random(len(labels)) < share)):
        out[index] = with_upstroke(images[index], rng)
    return out
