"""The level line at the foot of a piece: a blank of a form, or a line below a number, that digits touch."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob, above, blob_of, own_ink
from edgedigits.ink.page import Page

Grey = npt.NDArray[np.uint8]

LEVEL: Final = 0.25
"""Least length of a line's horizontal runs, as a share of the piece's width: hands draw lines a little
aslant."""
ACROSS: Final = 0.9
"""Least length of the whole line, as a share of the piece's width."""
LOWER: Final = 0.6
"""Least distance of the line from the piece's top, as a share of its height: higher up it may be the bar of
a 4."""
HIGH: Final = 0.45
"""Least height of what stands on the line, as a share of the piece's height."""


def above_line(page: Page, blob: Blob, thickest: float = np.inf) -> list[Blob]:
    """Return what stands on a level line at the foot of a piece; [] if there is no such line.

    A line is at most `thickest` pixels thick on average.
    """
    x, y, width, height = blob.box
    binary = above(own_ink(page.ink, blob), page.threshold)
    run = np.ones((1, max(3, round(LEVEL * width))), np.uint8)
    level: Any = cv2.morphologyEx(binary, cv2.MORPH_OPEN, run)
    count, marked, stats, _ = cv2.connectedComponentsWithStats(level)
    line = np.zeros_like(binary)
    for one in range(1, count):
        _, top, across, _, area = stats[one].tolist()
        if across >= ACROSS * width and top >= LOWER * height and area <= thickest * across:
            line[marked == one] = 255
    if not line.any():
        return []
    rest = cv2.subtract(binary, cv2.dilate(line, np.ones((3, 1), np.uint8)))
    rest[int(np.flatnonzero(line.any(1))[0]) + round(page.stroke) :] = 0  # a second line, or feet
    found, _ = cv2.findContours(rest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(x, y))
    return [part for contour in found if (part := blob_of(contour)).box[3] >= HIGH * height]
