"""Letters of small words beside digits, as labels have them: a capital O or S among them is a good 0 or 5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import SURE, Candidate
from edgedigits.pieces.sizes import MOST, SMALLER
from edgedigits.signs.writing import GAP

ALIKE: Final = 0.5
"""Height of the lower of two letters of a word at least, as a share of the other one's."""


def labels_of(kept: Sequence[Candidate], pieces: Sequence[Blob]) -> set[int]:
    """Indices of clear digits that are small for their page and stand in a word with a piece that is none.

    `kept` are the page's digits, `pieces` all that is written on it. What is doubtful may be a part of a
    broken digit, beside others.
    """
    if not 1 < len(kept) < len(pieces) <= MOST:
        return set()
    boxes = np.array([one.blob.box for one in kept], np.float64)
    heights = boxes[:, 3]
    small = heights < SMALLER * np.median(heights)
    low = [index for index in np.flatnonzero(small).tolist() if kept[index].quality > SURE]
    if not low:
        return set()  # nearly all pages
    taken = {one.blob.box for one in kept}
    others = np.array([piece.box for piece in pieces if piece.box not in taken], np.float64).reshape(-1, 4)
    found = set[int]()
    while True:
        more = {index for index in low if index not in found and _is_beside(boxes[index], others)}
        if not more:
            return found
        found |= more
        others = boxes[sorted(more)]  # a letter next to a letter


def _is_beside(box: npt.NDArray[np.float64], others: npt.NDArray[np.float64]) -> bool:
    """Whether one of some boxes stands next to a box, in its line and about as high."""
    x, y, width, height = box
    left, top, across, down = others.T
    higher, lower = np.maximum(down, height), np.minimum(down, height)
    shared = np.minimum(top + down, y + height) - np.maximum(top, y)
    room = np.maximum(left - x - width, x - left - across)
    return bool(
        ((lower >= ALIKE * higher) & (shared > lower / 2) & (room < GAP * higher) & (room > -lower / 4)).any()
    )
