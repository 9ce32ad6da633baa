"""Find letters of small words beside digits, such as labels: a capital O or S in them looks like a 0 or 5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import SURE, Candidate
from edgedigits.pieces.sizes import MOST, SMALLER
from edgedigits.quantiles import median
from edgedigits.signs.writing import GAP

ALIKE: Final = 0.5
"""Least height of the lower of two letters of a word, as a share of the higher one's."""
WORD: Final = 3
"""A doubtful digit with so many letters beside it is one of them; parts of broken digits are fewer."""

Box = npt.NDArray[np.float64]
"""Left, top, width and height of one box, [4], or of several, [n, 4]."""


def labels_of(kept: Sequence[Candidate], pieces: Sequence[Blob]) -> set[int]:
    """Return the indices of digits that are small for their page and in a word with pieces that are none.

    `kept` are the page's digits, `pieces` all pieces of its ink. Beside a clear digit one such piece is
    enough. A doubtful digit may be a part of a broken one, with other parts beside it, so it takes a longer
    word.
    """
    if not 1 < len(kept) < len(pieces) <= MOST:
        return set()
    boxes = np.array([one.blob.box for one in kept], np.float64)
    heights = boxes[:, 3]
    low = np.flatnonzero(heights < SMALLER * median(heights)).tolist()
    if not low:
        return set()  # nearly all pages
    taken = {one.blob.box for one in kept}
    letters = np.array([piece.box for piece in pieces if piece.box not in taken], np.float64).reshape(-1, 4)
    found = set[int]()
    while True:
        more = {
            index
            for index in low
            if index not in found
            and _is_in_word(boxes[index], letters, 1 if kept[index].quality > SURE else WORD)
        }
        if not more:
            return found
        found |= more
        letters = np.concatenate([letters, boxes[sorted(more)]])  # a letter may stand next to these, too


def _is_in_word(box: Box, letters: Box, least: int) -> bool:
    """Return whether at least `least` letters form a row with a box, each next to it or to another letter."""
    word = [box]
    for one in word:
        beside = _beside(one, letters)
        word += list(letters[beside])
        if len(word) > least:
            return True
        letters = letters[~beside]
    return False


def _beside(box: Box, others: Box) -> npt.NDArray[np.bool_]:
    """Return which of the `others` stand next to a box, in its line and about as high: bool [n]."""
    x, y, width, height = box
    left, top, across, down = others.T
    higher, lower = np.maximum(down, height), np.minimum(down, height)
    shared = np.minimum(top + down, y + height) - np.maximum(top, y)
    room = np.maximum(left - x - width, x - left - across)
    return np.asarray(
        (lower >= ALIKE * higher) & (shared > lower / 2) & (room < GAP * higher) & (room > -lower / 4)
    )
