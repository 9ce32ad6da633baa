"""Make slanting lines level by moving each column up or down by whole pixels, so that nothing is resampled.

In a photograph held askew, rules slope by ten or twenty degrees, and thin ones have no level run that is
longer than a pen is broad. Vertical runs keep their length when columns move.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.background import shrink

Grey = npt.NDArray[np.uint8]

STEEPEST: Final = 0.45
"""Greatest slope, in rows per column: 24 degrees. Beyond that a picture is turned rather than held askew."""
INK: Final = 48
"""Level from which a pixel of the reduced picture is ink: a line one or two pixels wide leaves as much in a
pixel that was four or six wide."""
STEP: Final = 0.03
FINER: Final = 0.005
"""Steps between the slopes that are tried: first over the whole range, then around the best of these."""
SIDE: Final = 320
"""Longest side, in pixels, at which slopes are tried: one end of a line is then off by a pixel."""


def slope_of(thin: Grey) -> float:
    """Return the slope, in rows per column, along which most of the thin ink, uint8 [H, W], is aligned.

    This is the projection profile (Postl, "Detection of linear oblique structures and skew scan in digitized
    documents", 1986): along the lines a few rows hold all the ink, so the sum of the squared row counts is
    greatest.
    """
    rows, columns = np.nonzero(shrink(thin, SIDE) >= INK)
    if not len(rows):
        return 0.0

    def sharpness(slope: float) -> float:
        level = np.rint(rows - slope * columns).astype(np.int64)
        counts = np.bincount(level - level.min())
        return float(counts @ counts)

    coarse = max(np.arange(-STEEPEST, STEEPEST + STEP / 2, STEP).tolist(), key=sharpness)
    return float(max(np.arange(coarse - STEP, coarse + STEP, FINER).tolist(), key=sharpness))


def levelled(binary: Grey, slope: float) -> Grey:
    """Shift columns so that lines of that slope become level: return uint8 [H + room, W]."""
    height, width = binary.shape
    room = round(abs(slope) * (width - 1))
    out = np.zeros((height + room, width), np.uint8)
    for top, columns in _shifts(width, slope):
        out[top : top + height, columns] = binary[:, columns]
    return out


def askew(level: Grey, slope: float, height: int) -> Grey:
    """Undo `levelled`: return uint8 [height, W]."""
    width = level.shape[1]
    out = np.zeros((height, width), np.uint8)
    for top, columns in _shifts(width, slope):
        out[:, columns] = level[top : top + height, columns]
    return out


def _shifts(width: int, slope: float) -> Iterator[tuple[int, slice]]:
    """Yield each run of columns that move alike, after the row in which it begins."""
    tops = np.rint((width - 1 if slope > 0 else 0) * slope - slope * np.arange(width)).astype(np.int64)
    starts = [0, *(np.flatnonzero(np.diff(tops)) + 1).tolist(), width]
    for start, end in pairwise(starts):
        yield int(tops[start]), slice(start, end)
