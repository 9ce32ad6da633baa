"""Slanting lines made level: each column moves up or down by whole pixels, so that nothing is resampled.

A photograph that is held askew shows its rules at ten or twenty degrees, where thin ones have no level run
that is longer than a pen is broad. Vertical runs stay as long as they are when columns move.
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
"""Rows per column: 24 degrees. Beyond, a picture is turned rather than held askew."""
INK: Final = 48
"""A line of a pixel or two leaves this much in a pixel that is four or six of its own broad."""
STEP: Final = 0.03
FINER: Final = 0.005
"""Slopes are tried in these steps: first over the whole range, then around the best of those."""
SIDE: Final = 320
"""The longest side, in pixels, at which slopes are tried: of a line's ends one is then a pixel off."""


def slope_of(thin: Grey) -> float:
    """The slope, in rows per column, along which most of the thin ink of uint8 [H, W] lies in a row.

    The projection profile (Postl, "Detection of linear oblique structures and skew scan in digitized
    documents", 1986): along the lines a few rows hold all the ink, so that its squares add up to most.
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
    """Uint8 [H + room, W]: lines of that slope lie level in it."""
    height, width = binary.shape
    room = round(abs(slope) * (width - 1))
    out = np.zeros((height + room, width), np.uint8)
    for top, columns in _shifts(width, slope):
        out[top : top + height, columns] = binary[:, columns]
    return out


def askew(level: Grey, slope: float, height: int) -> Grey:
    """What `levelled` has made level, back as it was: uint8 [height, W]."""
    width = level.shape[1]
    out = np.zeros((height, width), np.uint8)
    for top, columns in _shifts(width, slope):
        out[:, columns] = level[top : top + height, columns]
    return out


def _shifts(width: int, slope: float) -> Iterator[tuple[int, slice]]:
    """Which row each run of columns begins in."""
    tops = np.rint((width - 1 if slope > 0 else 0) * slope - slope * np.arange(width)).astype(np.int64)
    starts = [0, *(np.flatnonzero(np.diff(tops)) + 1).tolist(), width]
    for start, end in pairwise(starts):
        yield int(tops[start]), slice(start, end)
