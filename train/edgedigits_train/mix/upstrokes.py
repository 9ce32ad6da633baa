"""Draw 1s as most schools outside the United States teach them: with an upstroke, sometimes with a foot.

Nearly all of MNIST's 1s are bare strokes, and a stroke at the upper left makes a 7. A network that knows
nothing else takes the 1 of a German, Brazilian or Indian hand for a 7. The direction of that stroke tells
them apart: a 7's is level and ends where the stem begins; a 1's falls from there.
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
would be the bar of a 7; below 30 it merges with the stem."""
_FALL = 33.0
"""Degrees by which the upstroke falls, at least: with less, a slanted 1 would have the bar of a 7."""
_LONG = (0.22, 0.62)
"""Length of the upstroke, relative to the stem."""
_CLEAR = 1.7
"""Distance from the middle of the stem to the end of the upstroke, at least, in stroke widths: any closer and
the two fill up to one blot, as the ring of a small 9 may."""
_FOOT = 0.3
"""Share of the upright 1s that stand on a foot, a level stroke."""
_UPRIGHT = 20.0
"""Degrees that the stem of a 1 with a foot may lean; beyond that it would be a 2."""


def with_upstroke(one: Image, rng: np.random.Generator) -> Image:
    """Add an upstroke with the same stroke width to a 1, uint8 [28, 28], bright on black; framed again.

    Anything but a single steep stroke, such as a 1 that already has its upstroke, is returned unchanged.
    """
    ends = _stem(one)
    if ends is None:
        return one
    top, foot = ends
    way = foot - top
    length = float(np.hypot(*way))
    # Angles grow clockwise from the right, since rows count downwards: a vertical stem has 90.
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
    """Return the upper and lower ends (x, y) of a single straight stroke; None if it is none, or level."""
    rows, columns = np.nonzero(one > pens.INK)
    if len(rows) < 2:
        return None
    places = np.stack([columns, rows], 1).astype(np.float64)
    middle = places.mean(0)
    spread, axes = np.linalg.eigh(np.cov((places - middle).T))
    way = axes[:, 1] * np.sign(axes[1, 1] or 1.0)
    along = (places - middle) @ way
    half = pens.width_of(one) / 2
    # A stroke is about as wide as its pen everywhere; the variance of a uniform spread is width^2 / 12.
    if np.sqrt(12 * spread[0]) > 3.4 * half + 1 or abs(way[0]) > way[1]:
        return None
    return middle + way * (along.min() + half), middle + way * (along.max() - half)


def upstroked(images: Images, labels: Labels, share: float, rng: np.random.Generator) -> Images:
    """Return a copy of uint8 [N, 28, 28] with labels [N] in which this share of the 1s have an upstroke.

    A share of 0 draws nothing from `rng`.
    """
    if not share:
        return images
    out = images.copy()
    for index in np.flatnonzero((labels == 1) & (rng.random(len(labels)) < share)):
        out[index] = with_upstroke(images[index], rng)
    return out
