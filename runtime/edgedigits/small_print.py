"""Print beside handwriting: forms, letters and labels have far more letters than digits, and smaller ones.

The letters would tell how high the writing on a page is, so that what is larger counts as drawn, and hundreds
of pieces that are no digits would speak against the few that are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import LEAST_HEIGHT, Blob, above, outlined
from edgedigits.pieces.connected import TALL
from edgedigits.pieces.heights import typical_height
from edgedigits.stages import Stages, has_far_more, is_cluttered, surely_written

Grey = npt.NDArray[np.uint8]
Boxes = npt.NDArray[np.float64]

LETTERS: Final = 40
MOST: Final = 5000
"""Pieces that are no digits from which there may be print, two lines of it, and those of a full page of it:
what has more is noise."""
DIGITS: Final = 0.25
"""Share of them up to which others of their height pass for digits, where they are print."""
ACROSS: Final = 0.5
DOWN: Final = 0.2
"""Room around what is larger, as shares of its height, in which a small piece may be a part of it."""
BESIDE: Final = 4.0
"""The same across for what passes for a digit: numbers are written as wide as that."""
LINES: Final = 3.2
"""Height up to which a piece may be joined letters of two lines of print, as a share of a letter's."""
DESCENDED: Final = 2.2
"""The same for letters of one line that touch, and for what goes below it, as a y or a bracket does."""
GAP: Final = 0.4
"""Room between two letters of a word at most, as a share of their height."""


def print_of(stages: Stages) -> list[Blob]:
    """The pieces of a page's ink that may be print, by their height: none near what is larger, or of it."""
    if not LETTERS <= len(stages.pieces) - len(stages.kept) <= MOST:
        return []  # nearly all pages
    digits = {one.blob.box for one in stages.kept}
    others = [blob for blob in stages.pieces if blob.box not in digits]
    letter = typical_height(others, stages.page.stroke)
    if sum([box[3] <= TALL * letter for box in digits]) > DIGITS * len(others):
        return []
    binary = above(stages.page.ink, stages.page.threshold)
    blobs = outlined(binary) + _specks(binary)
    boxes = np.array([blob.box for blob in blobs], np.float64).reshape(-1, 4)
    small = boxes[:, 3] <= TALL * letter
    for index in np.flatnonzero(~small & (boxes[:, 3] <= LINES * letter)):
        amid = boxes[index, 3] > DESCENDED * letter
        small[index] = _is_in_word(boxes[index], boxes[small], GAP * letter, amid=amid)
    if small.all():
        return []
    around = np.where([blob.box in digits for blob in blobs], BESIDE, ACROSS)
    part = np.zeros(len(blobs), bool)
    x, y = (boxes[:, :2] + boxes[:, 2:] / 2).T
    for left, top, width, height in boxes[~small]:
        beside = abs(x - left - width / 2) < width / 2 + around * height
        part |= beside & (abs(y - top - height / 2) < (0.5 + DOWN) * height)
    return [blobs[index] for index in np.flatnonzero(small & ~part)]


def _specks(binary: Grey) -> list[Blob]:
    """What is too small for a piece of a page: points, and letters less than 8 pixels high."""
    contours: Sequence[Any] = cv2.findContours(binary, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
    boxes = [(cv2.boundingRect(contour), contour) for contour in contours]
    return [Blob((x, y, w, h), (one,)) for (x, y, w, h), one in boxes if max(w, h) < LEAST_HEIGHT]


def _is_in_word(box: npt.NDArray[Any], letters: Boxes, gap: float, *, amid: bool) -> bool:
    """Whether letters stand close to a box on one side of it, or on both: `amid`."""
    x, y, width, height = box
    left, top, across, down = letters.T
    level = (top < y + height) & (top + down > y)
    before, after = abs(x - left - across) < gap, abs(left - x - width) < gap
    sides = bool((level & before).any()), bool((level & after).any())
    return all(sides) if amid else any(sides)


def is_clear(rest: Stages, whole: Stages) -> bool:
    """Whether a page without its print is one of digits, and not of a few beside many smaller ones.

    A heading is left of the print, and what is bold: that speaks against no page of many more digits.
    """
    sure = surely_written(rest)
    clear = not is_cluttered(rest) or has_far_more(rest, whole)
    return 0 < sure >= surely_written(whole) / 2 and clear
