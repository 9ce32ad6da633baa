"""Writing in two sizes, such as rows of small digits below a headline, each judged by its own height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from edgedigits.ink.blob import Blob

SMALLER: Final = 0.6
"""A piece lower than this share of the page's typical height is no digit of that writing, but a part of one,
or smaller writing."""
NEAR_DOWN: Final = 0.3
NEAR_ACROSS: Final = 4.0
"""Gaps to a large piece, in typical heights, within which a small one belongs to its line."""
COMPANY: Final = 4
"""Least number of small pieces that make writing."""
MOST: Final = 1000
"""Greatest number of pieces that are compared pairwise: noise has tens of thousands, and no writing."""


def small_writing(pieces: Sequence[Blob], typical: float) -> list[int]:
    """Return the indices of the small pieces that share no line with a large one; [] if they are too few."""
    if not 0 < len(pieces) <= MOST or min([piece.box[3] for piece in pieces]) >= SMALLER * typical:
        return []
    boxes = np.array([piece.box for piece in pieces], np.float64)
    large = boxes[:, 3] >= SMALLER * typical
    small = np.flatnonzero(~large)
    if len(small) < COMPANY:
        return []
    x, y, width, height = boxes[small].T[:, :, None]
    left, top, across, down = boxes[large].T[:, None, :]
    beside = np.maximum(left - x - width, x - left - across) < NEAR_ACROSS * typical
    level = np.maximum(top - y - height, y - top - down) < NEAR_DOWN * typical
    apart = small[~(beside & level).any(axis=1)].tolist()
    return apart if len(apart) >= COMPANY else []
