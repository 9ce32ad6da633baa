"""Pages that were photographed sideways: quarter turns, and which one makes digits of the ink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from edgedigits.ink.blob import at_rim
from edgedigits.ink.page import Page
from edgedigits.pictures import Picture
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import NOT_A_DIGIT, Box

TURNS: Final = (0, 90, 180, 270)
MARGIN: Final = 0.03
"""By which share another turn must make more of it digits than the page as it is."""


def turned(picture: Picture, degrees: int) -> Picture:
    """Turn a picture clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -(degrees // 90))) if degrees else picture


def box_before(box: Box, degrees: int, size: tuple[int, int]) -> Box:
    """Where a box of the turned picture was in the picture of `size` (width, height) before."""
    x, y, width, height = box
    if degrees == 90:
        return y, size[1] - x - width, height, width
    if degrees == 180:
        return size[0] - x - width, size[1] - y - height, width, height
    if degrees == 270:
        return size[0] - y - height, x, height, width
    return box


def best_turn(readings: Sequence[tuple[Page, Sequence[Candidate]]]) -> int:
    """Which of the readings of a page at each of `TURNS` makes the most of it digits, as its place there.

    A reading is what was kept as digits: around a sheet much looks like some whichever way it lies.
    0 and 8 look alike upside down and 6 is a 9, so all decide together, each by its quality and by the
    room that it takes: an 8 on its side may be read as two 0s, which are no more than the 8. A 1 has no
    say: it is a line, and the grain of a table, rules and the edges of a sheet are lines whichever way the
    page lies; nor has what the picture's edge cuts, as it does things around a sheet that are far larger than
    digits. Without another digit at any turn the page stays as it is.
    """
    seen = [sum([_room(page, one) for one in kept]) for page, kept in readings]
    best = max(range(len(seen)), key=lambda turn: seen[turn])
    return best if seen[best] * (1 - MARGIN) > seen[0] else 0


def _room(page: Page, candidate: Candidate) -> float:
    """Square pixels that a digit takes which has a say, as many as it is probable to be one; else 0."""
    if candidate.label in (NOT_A_DIGIT, 1) or at_rim(candidate.blob.box, page.ink.shape):
        return 0.0
    _, _, width, height = candidate.blob.box
    return candidate.quality * width * height * page.scale[0] * page.scale[1]
