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
ROW: Final = 5
ROWS: Final = 0.65
"""Least number of points in a row that may be writing, and least share of all small pieces in such rows: it
is up to 0.6 in drawn rooms, and from 0.73 below a headline."""
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


def in_rows(pieces: Sequence[Blob]) -> bool:
    """Return whether most pieces stand on one level with several others of about their height.

    Lines of writing do so, even if little more than points is left of them; specks and things do not.
    """
    if not ROW <= len(pieces) <= MOST:
        return False
    _, top, _, height = np.array([piece.box for piece in pieces], np.float64).T
    middle = top + height / 2
    level = abs(middle - middle[:, None]) < height / 2
    alike = np.minimum(height, height[:, None]) >= SMALLER * np.maximum(height, height[:, None])
    return bool(((level & alike).sum(axis=1) >= ROW).mean() >= ROWS)
