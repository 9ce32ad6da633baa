"""Marks that look like a digit but are none: a shadow's edge that could be a 1, a hair, grain, a grid.

Judged only where the page has lines of writing to compare with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.ink.blob import at_rim
from edgedigits.pieces.candidates import Candidate
from edgedigits.pieces.layers import pen_of
from edgedigits.quantiles import median

STROKES: Final = (1, 7)
"""Digits that a line is, or two: a row of them may be a grid, or the grain of a table, and tells no more
than a mark alone."""
COMPANY: Final = 4
"""Digits that stand in lines of writing, from which a page is known."""
FAINT: Final = 0.4
"""Darkness, as a share of the lines' median, below which a mark alone is no writing."""
SIZES: Final = (0.5, 1.8)
"""Heights, as shares of the lines' median, between which a mark alone may be a digit."""
SURE: Final = 0.9
"""Quality from which a mark alone may be a digit."""
DOUBTFUL: Final = 0.75
"""Mean quality below which what is pale in a line is no writing."""
GHOST: Final = 0.2
"""Darkness, as a share of the pen's, below which nothing is writing: pieces of a pale grid look like 1s."""


def strays_of(
    candidates: Sequence[Candidate], lines: Sequence[Sequence[int]], shape: tuple[int, ...]
) -> frozenset[int]:
    """Indices of candidates that are unlike the other lines' digits: alone, or lines that are too pale.

    `lines` holds indices of candidates; `shape` is that of the working picture.
    """
    rows = [line for line in lines if len(line) > 1]
    telling = [line for line in rows if any(candidates[index].label not in STROKES for index in line)]
    # A page may be of 1s and 7s alone.
    written = telling if sum(map(len, telling)) >= COMPANY else rows
    company = [candidates[index] for line in written for index in line]
    if len(company) < COMPANY:
        return frozenset()
    shades = [candidate.darkness for candidate in company]
    if len(company) == len(candidates) and min(shades) >= FAINT * max(shades):
        return frozenset()  # none is alone, and none is pale against any other
    height = median([candidate.blob.box[3] for candidate in company])
    darkness = pen_of(company)
    strays = set[int]()
    for line in lines:
        firm = [index for index in line if candidates[index].darkness >= GHOST * darkness]
        strays.update(set(line).difference(firm))
        if line not in written or len(firm) == 1:
            strays.update(index for index in firm if _is_stray(candidates[index], height, darkness, shape))
            continue
        # Grain in a shadow makes whole lines: pale, and no name fits them well. So does a finger beside one.
        pale = [index for index in firm if candidates[index].darkness < FAINT * darkness]
        if sum(candidates[index].quality for index in pale) < DOUBTFUL * len(pale):
            strays.update(pale)
    return frozenset(strays)


def _is_stray(candidate: Candidate, height: float, darkness: float, shape: tuple[int, ...]) -> bool:
    """Whether a mark that nothing else speaks for is unlike the page's digits, or doubtful."""
    sized = SIZES[0] <= candidate.blob.box[3] / height <= SIZES[1]
    unlike = candidate.darkness < FAINT * darkness or not sized
    return unlike or candidate.quality < SURE or at_rim(candidate.blob.box, shape)
