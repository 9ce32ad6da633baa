"""Marks that look like a digit but stand alone: a shadow's edge that could be a 1, a hair, a blot.

Judged only where the page has lines of writing to compare with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.choose import Candidate
from edgedigits.pieces import at_rim
from edgedigits.quantiles import median

COMPANY: Final = 4
"""Digits that stand in lines of two or more, from which a page is known."""
FAINT: Final = 0.4
"""Darkness, as a share of the lines' median, below which a mark alone is no writing."""
SIZES: Final = (0.5, 1.8)
"""Heights, as shares of the lines' median, between which a mark alone may be a digit."""
SURE: Final = 0.9
"""Quality from which a mark alone may be a digit."""


def strays_of(
    candidates: Sequence[Candidate], lines: Sequence[Sequence[int]], shape: tuple[int, ...]
) -> frozenset[int]:
    """Indices of candidates that are alone in their line and unlike the digits of the other lines.

    `lines` holds indices of candidates; `shape` is that of the working picture.
    """
    company = [candidates[index] for line in lines if len(line) > 1 for index in line]
    alone = [line[0] for line in lines if len(line) == 1]
    if len(company) < COMPANY or not alone:
        return frozenset()
    height = median([candidate.blob.box[3] for candidate in company])
    darkness = median([candidate.darkness for candidate in company])
    strays = set()
    for index in alone:
        candidate = candidates[index]
        sized = SIZES[0] <= candidate.blob.box[3] / height <= SIZES[1]
        unlike = candidate.darkness < FAINT * darkness or not sized
        if unlike or candidate.quality < SURE or at_rim(candidate.blob.box, shape):
            strays.add(index)
    return frozenset(strays)
