"""Find print beside handwriting: forms, letters and labels have far more, and smaller, letters than digits.

The letters would decide the typical height of the page, and larger writing would count as a drawing. Hundreds
of pieces that are no digits would also be evidence against the few that are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob, above, outlined, specks
from edgedigits.pieces.connected import TALL
from edgedigits.pieces.heights import typical_height
from edgedigits.stages import FEW, Stages, has_far_more, is_cluttered, surely_written

Grey = npt.NDArray[np.uint8]
Boxes = npt.NDArray[np.float64]

LETTERS: Final = 40
MOST: Final = 5000
"""Least and greatest number of pieces other than digits that may be print: two lines of it, and a full page;
more is noise."""
DIGITS: Final = 0.25
"""Greatest number of digits of the letters' height, as a share of those pieces, if the pieces are print."""
ACROSS: Final = 0.5
DOWN: Final = 0.2
"""Margin around a larger piece within which a small piece may be a part of it, as shares of its height."""
BESIDE: Final = 4.0
"""The same as `ACROSS` for what is read as a digit: numbers may be spaced as widely as that."""
CAPITAL: Final = 1.5
"""Greatest height of a digit that may be print by itself, as a multiple of a letter's height."""
LINES: Final = 3.2
"""Greatest height of touching letters of two lines of print, as a multiple of a letter's height."""
DESCENDED: Final = 2.2
"""The same for touching letters of one line, and for letters and signs with a descender, such as y or a
bracket."""
GAP: Final = 0.4
"""Greatest gap between two letters of a word, as a share of their height."""
SPACE: Final = 1.5
"""The same between two words."""
LOW: Final = 0.5
"""Least height of a letter in a word, as a share of a letter's height: on bills, rows of points lead up to
numbers."""
BROAD: Final = 1.5
"""Least ratio of width to height of touching letters that are a word, as many are in italics."""
PASSING: Final = 0.12
"""Greatest share of the letters of print that pass for digits: on 200 drawn pages up to 0.103."""


def print_of(stages: Stages) -> list[Blob]:
    """Return the pieces of a page's ink whose height makes them print, except those near larger pieces."""
    if not LETTERS <= len(stages.pieces) - len(stages.kept) <= MOST:
        return []  # nearly all pages
    digits = {one.blob.box for one in stages.kept}
    others = [blob for blob in stages.pieces if blob.box not in digits]
    letter = typical_height(others, stages.page.stroke)
    if sum([box[3] <= TALL * letter for box in digits]) > DIGITS * len(others):
        return []
    binary = above(stages.page.ink, stages.page.threshold)
    blobs = outlined(binary) + specks(binary)
    boxes = np.array([blob.box for blob in blobs], np.float64).reshape(-1, 4)
    is_digit = np.array([blob.box in digits for blob in blobs], bool)
    small = _printed(boxes, letter, is_digit)
    if small.all():
        return []
    around = np.where(is_digit, BESIDE, ACROSS)
    part = np.zeros(len(blobs), bool)
    x, y = (boxes[:, :2] + boxes[:, 2:] / 2).T
    for left, top, width, height in boxes[~small]:
        beside = abs(x - left - width / 2) < width / 2 + around * height
        part |= beside & (abs(y - top - height / 2) < (0.5 + DOWN) * height)
    return [blobs[index] for index in np.flatnonzero(small & ~part)]


def _printed(boxes: Boxes, letter: float, digits: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which boxes are as small as the letters of print, or stand among such: bool [n].

    `digits` tells which are read as digits.
    """
    width, height = boxes[:, 2], boxes[:, 3]
    small: npt.NDArray[np.bool_] = height <= np.where(digits, CAPITAL, TALL) * letter
    larger = ~small & (height <= LINES * letter)
    amid = height > DESCENDED * letter
    letters = height >= LOW * letter
    for index in np.flatnonzero(larger):
        small[index] = _is_in_word(boxes[index], boxes[small & letters], GAP * letter, amid=amid[index])
    words = larger & (width >= BROAD * height)
    found = -1
    while found < (found := int(np.count_nonzero(small))):  # from word to word
        for index in np.flatnonzero(words & ~small):
            small[index] = _is_in_word(boxes[index], boxes[small & letters], SPACE * letter, amid=amid[index])
    return small


def _is_in_word(box: npt.NDArray[Any], letters: Boxes, gap: float, *, amid: bool) -> bool:
    """Return whether letters stand close to a box on at least one side, or with `amid` on both sides."""
    x, y, width, height = box
    left, top, across, down = letters.T
    level = (top < y + height) & (top + down > y)
    before, after = abs(x - left - across) < gap, abs(left - x - width) < gap
    sides = bool((level & before).any()), bool((level & after).any())
    return all(sides) if amid else any(sides)


def is_clear(rest: Stages, whole: Stages) -> bool:
    """Return whether a page without its print is a page of digits, and hardly any digit was taken for print.

    Headings and bold print remain as clutter, which is accepted if far more digits than before are found.
    """
    sure = surely_written(rest)
    lost = len(whole.kept) - len(rest.kept)
    letters = len(whole.pieces) - len(whole.kept)
    spared = 0 < sure >= surely_written(whole) / 2 or (sure > FEW and lost <= PASSING * letters)
    return spared and (not is_cluttered(rest) or has_far_more(rest, whole))
