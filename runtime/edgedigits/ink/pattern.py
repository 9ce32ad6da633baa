"""Patterns that cover the page, paler than the pen: squares too small or too broken to be found as rules.

A rule is found by following its ink. If the squares are hardly wider than the pen's strokes, or noise breaks
their hairlines, there is nothing to follow; but such a pattern is everywhere, and all of it is alike.
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
"""How many cells the longer side is divided into: ruled lines leave cells empty, small squares do not."""
EVERYWHERE: Final = 0.8
"""Share of the cells that have ink if there is a pattern: lines of writing have gaps between them. The empty
cells of a margin around all ink do not count..."""
MOST_OF_IT: Final = 0.5
"""...if what it surrounds is at least this share of the page: eight lines of writing may be all there is."""
DARKER: Final = 2.0
"""How many times as dark as the pattern the pen must be; otherwise what is paler may be writing, too."""
LEAST_PEN: Final = 0.005
"""Least share of all ink that must be as dark as such a pen."""
ABOVE: Final = 1.2
"""Ink stays if it is this many times as dark as the pattern, whose lines are darker where they cross."""


def without_pattern(ink: Grey, threshold: int) -> Grey | None:
    """Return the ink of a page, uint8 [H, W], that stands out from a pattern; None if there is no pattern.

    Values above `threshold` are ink. The level of the pattern is the median of the cells' darkest pixels,
    since writing reaches less than half of the cells. The soft edges of darker ink stay.
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
