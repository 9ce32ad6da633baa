"""Find what is drawn around digits and looks like one itself, as a 5: the sign of a root or a division."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.ink.contours import is_within
from edgedigits.pieces.candidates import STROKE, Candidate

LEAST: Final = 0.4
"""Least height of what such a sign is drawn around, as a share of the sign's."""
CLEAR: Final = 0.7
"""Least quality of a digit that tells a sign around it..."""
DOUBTFUL: Final = 0.5
"""...and greatest quality of a sign that a 1 tells."""


def around_digits(kept: Sequence[Candidate]) -> set[int]:
    """Return the indices of digits in whose bounding box another one lies entirely.

    That one is a clear digit; if it is a 1, what is around it is a doubtful one.
    """
    ordered = sorted([(one.blob.box, index) for index, one in enumerate(kept)])
    found = set[int]()
    for place, (box, index) in enumerate(ordered, 1):
        x, y, width, height = box
        right, bottom = x + width, y + height
        for other, inner in ordered[place:]:
            if other[0] >= right:
                break
            if not y < other[1] < bottom:
                continue  # most are in another row
            if is_within(other, box) and other[3] >= LEAST * height and _tells(kept[inner], kept[index]):
                found.add(index)
    return found


def _tells(digit: Candidate, sign: Candidate) -> bool:
    """Return whether a digit is clear enough to tell that what is around it is a sign."""
    return digit.quality > CLEAR and (digit.label != STROKE or sign.quality <= DOUBTFUL)
