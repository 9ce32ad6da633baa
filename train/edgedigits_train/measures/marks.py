"""The corruptions of MNIST-C that draw over the digit: stripes, a dotted line, a zigzag.

Reimplemented from their published definitions, like those in `corruptions`.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits_train.measures.corruptions import Floats, Images, as_floats, to_bytes

_REACH = 2.3
"""Distance in pixels at which a line has faded out: its brightness is 1 + ln(1 - d / 2.3), at least 0."""


def stripe(images: Images, rng: np.random.Generator) -> Images:
    """Invert the outer quarters."""
    out = images.copy()
    out[:, :, :7] = 255 - out[:, :, :7]
    out[:, :, 21:] = 255 - out[:, :, 21:]
    return out


def dotted_line(images: Images, rng: np.random.Generator) -> Images:
    """Draw a line across the whole picture, two columns on and two off."""
    start, end = rng.integers(0, 27, (2, len(images)))
    drawn = _line(np.zeros(len(images)), start, np.full(len(images), 27), end)
    drawn[:, :, np.arange(28) % 4 < 2] = 0
    return to_bytes(as_floats(images) + drawn)


def zigzag(images: Images, rng: np.random.Generator) -> Images:
    """Draw a slightly tilted zigzag from column 2 to 25: amplitude 2 pixels, a corner every 4 pixels."""
    count = len(images)
    start = rng.integers(0, 27, count)
    angle = np.arctan2(rng.integers(-5, 5, count), 23)
    length = 23 / np.cos(angle)
    # Corners as (along, across) the line: out to alternate sides at 2, 6, 10..., and back at the end.
    turns = [(2.0 * (2 * i + 1), 2.0 * (-1) ** i) for i in range(6)]
    corners = [(np.zeros(count), 0.0), *((np.full(count, along), across) for along, across in turns)]
    corners.append((length, 0.0))
    drawn = as_floats(images)
    places = [
        (
            2 + along * np.cos(angle) - across * np.sin(angle),
            start + along * np.sin(angle) + across * np.cos(angle),
        )
        for along, across in corners
    ]
    for (c0, r0), (c1, r1) in itertools.pairwise(places):
        drawn = np.minimum(drawn + _line(c0, r0, c1, r1), 1)
    return to_bytes(drawn)


def _line(
    c0: npt.NDArray[Any],
    r0: npt.NDArray[Any],
    c1: npt.NDArray[Any],
    r1: npt.NDArray[Any],
) -> Floats:
    """Draw one soft line per picture, from column c0, row r0 to c1, r1, all [N]: [N, 28, 28], 0..1."""
    c0, r0, c1, r1 = (np.asarray(v, np.float64)[:, None, None] for v in (c0, r0, c1, r1))
    columns, rows = np.arange(28.0)[None, None, :], np.arange(28.0)[None, :, None]
    slope = (r1 - r0) / np.where(c1 == c0, np.inf, c1 - c0)
    distance = np.minimum(np.abs(rows - (r0 + slope * (columns - c0))), _REACH * (1 - 1e-9))
    drawn = np.maximum(np.log(1 - distance / _REACH) + 1, 0)
    drawn *= (columns >= np.floor(c0)) & (columns < np.ceil(c1))
    return np.asarray(drawn, np.float32)
