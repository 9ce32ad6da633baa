"""Pages photographed sideways: turn them, and find the orientation in which ink becomes digits."""

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
"""Share by which more of the page must become digits in another orientation than in its own."""


def turned(picture: Picture, degrees: int) -> Picture:
    """Turn a picture clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -(degrees // 90))) if degrees else picture


def box_before(box: Box, degrees: int, size: tuple[int, int]) -> Box:
    """Return where a box of a turned picture is in the original, which has `size` (width, height)."""
    x, y, width, height = box
    if degrees == 90:
        return y, size[1] - x - width, height, width
    if degrees == 180:
        return size[0] - x - width, size[1] - y - height, width, height
    if degrees == 270:
        return size[0] - y - height, x, height, width
    return box


def best_turn(readings: Sequence[tuple[Page, Sequence[Candidate]]]) -> int:
    """Return the index in `TURNS` of the orientation in which most of the page becomes digits.

    There is one reading for each of `TURNS`: the page, and what was kept as digits, since around a sheet much
    looks like digits in any orientation. All digits decide together, each by its quality and its area,
    because 0 and 8 look alike upside down and a 6 becomes a 9; an 8 on its side may be read as two 0s, which
    have no more area than the 8.

    A 1 has no say: it is a line, and the grain of a table, rules and the edges of a sheet are lines in any
    orientation. Nor does anything cut off by the picture's edge count, as are things around a sheet that are
    far larger than digits. If there is no other digit in any orientation, the page stays as it is.
    """
    seen = [sum([_room(page, one) for one in kept]) for page, kept in readings]
    best = max(range(len(seen)), key=lambda turn: seen[turn])
    return best if seen[best] * (1 - MARGIN) > seen[0] else 0


def _room(page: Page, candidate: Candidate) -> float:
    """Return a digit's area in square pixels of the picture, times its quality; 0 if it has no say."""
    if candidate.label in (NOT_A_DIGIT, 1) or at_rim(candidate.blob.box, page.ink.shape):
        return 0.0
    _, _, width, height = candidate.blob.box
    return candidate.quality * width * height * page.scale[0] * page.scale[1]
