"""Find the check marks of a person who corrects a page; most look like a 1 to the classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import own_ink
from edgedigits.ink.page import Page
from edgedigits.ink.smooth import fitted, heights
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.writing import QUALITIES

Mask = npt.NDArray[np.bool_]

BROAD: Final = 0.4
LOWEST: Final = 1.5
"""Least and greatest width of a check mark, as shares of its height."""
SHORT: Final = (0.35, 0.85)
"""Where its short stroke begins at the left side, as shares of its height from the top."""
FOOT: Final = (0.12, 0.55)
"""Where its foot is, as shares of its width from the left."""
END: Final = 0.9
"""Least distance of the long stroke's upper end from the left, as a share of the width."""
EDGE: Final = 0.06
LOW: Final = 0.06
"""Width of the left side, and height of the foot, as shares of the whole: strokes have round ends."""
STRAIGHT: Final = 0.08
"""Greatest distance of the long stroke's right side from a straight line, as a share of the width:
a 5 bends."""
BESIDE: Final = 0.1
"""How far to the left of the foot the long stroke may reach, as a share of the width."""
PARTED: Final = 0.1
"""Least share of the rows of the short stroke in which a gap parts it from the long one."""
NEARLY: Final = 0.95
"""Share of rows that counts as all: ends are ragged."""


def check_marks_of(page: Page, kept: Sequence[Candidate]) -> set[int]:
    """Return the indices of candidates that are check marks; none of them is clearly a digit.

    Of MNIST's 60,000 training digits seven have the shape of one, most of which are clearly digits.
    """
    return {
        index
        for index, one in enumerate(kept)
        if _may_be(one) and _is_check_mark(own_ink(page.ink, one.blob) > page.threshold)
    }


def _may_be(one: Candidate) -> bool:
    _, _, width, height = one.blob.box
    return one.quality < QUALITIES[1] and BROAD * height <= width <= LOWEST * height


def _is_check_mark(ink: Mask) -> bool:
    """Return whether ink, bool [h, w], is a short stroke down to the right and a long one up from there."""
    height, width = ink.shape
    rows = np.flatnonzero(ink.any(axis=1))
    low = np.flatnonzero(ink[-max(1, round(LOW * height)) :].any(axis=0))
    if not len(low):
        return False  # ink of one piece is darker in its middle than at its foot
    foot = float(low.mean())
    left, right = ink.argmax(axis=1), width - 1 - ink[:, ::-1].argmax(axis=1)
    begin = int(rows[left[rows] <= max(1, left[rows].min() + EDGE * width)][0])
    if not (SHORT[0] <= begin / height <= SHORT[1] and FOOT[0] <= foot / width <= FOOT[1]):
        return False
    if right[rows[rows <= height // 8]].max(initial=0) < END * width:
        return False
    side = rows[(rows > (1 - NEARLY) * height) & (rows < NEARLY * height)]
    off = abs(heights(fitted(side, right[side], 1), side) - right[side])
    if off.max(initial=0) > STRAIGHT * width:
        return False
    strokes = ink[:, 0] + (ink[:, 1:] & ~ink[:, :-1]).sum(axis=1)
    over, under = rows[rows < begin - 1], rows[(rows > begin + 1) & (rows < NEARLY * height)]
    if not len(over) or not len(under):
        return False
    alone = (strokes[over] == 1) & (left[over] >= foot - BESIDE * width)
    return bool(alone.mean() >= NEARLY and (strokes[under] == 2).mean() >= PARTED)
