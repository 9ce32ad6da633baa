"""Patterns that cover the page, paler than the pen: squares too narrow or too broken for rules.

A rule is followed along its ink. Where its squares are hardly wider than the pen's strokes, or noise
breaks its hairlines, there is nothing to follow; but it is everywhere, and all of it is alike.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median

Grey = npt.NDArray[np.uint8]

CELLS: Final = 32
"""Into how many cells the longer side is parted: lines of rules leave cells empty, small squares none."""
EVERYWHERE: Final = 0.8
"""Share of the cells that have ink from which it is a pattern: lines of writing have gaps between them. Cells
of a margin around it all do not count..."""
MOST_OF_IT: Final = 0.5
"""...where what it surrounds is this share of the page: eight lines of writing may be all that there is."""
DARKER: Final = 2.0
"""The pen is so many times as dark as the pattern, or what is paler may be writing, too."""
LEAST_PEN: Final = 0.005
"""Share of all ink that must be of such a pen."""
ABOVE: Final = 1.2
"""How many times as dark as the pattern is what stays: its lines are darker where they cross."""


def without_pattern(ink: Grey, threshold: int) -> Grey | None:
    """The ink of a page, uint8 [H, W], where it stands out from a pattern; None where there is none.

    Above `threshold` a value is ink at all. How dark the pattern is, the median cell tells by
    its darkest pixel, since writing does not reach half of the cells; soft edges of what is darker stay.
    """
    height, width = ink.shape
    cell = max(height, width) // CELLS
    rows, columns = height // max(1, cell), width // max(1, cell)
    if cell < 2 or min(rows, columns) == 0:
        return None
    darkest = ink[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell).max(axis=(1, 3))
    inked = np.argwhere(darkest > threshold)
    if len(inked) < EVERYWHERE * MOST_OF_IT * darkest.size:
        return None
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0) + 1
    darkest = darkest[top:bottom, left:right]
    if darkest.size < MOST_OF_IT * rows * columns or len(inked) < EVERYWHERE * darkest.size:
        return None
    level = median(darkest)
    if np.count_nonzero(ink > DARKER * level) < LEAST_PEN * np.count_nonzero(ink > threshold):
        return None
    pen = cv2.threshold(ink, ABOVE * level, 255, cv2.THRESH_BINARY)[1]
    return as_bytes(cv2.bitwise_and(ink, ink, mask=cv2.dilate(pen, np.ones((3, 3), np.uint8))))
