"""Find strays, single marks that look like a digit but are not: the edge of a shadow, a hair, grain, a grid.

They are judged only if the page has lines of writing to compare them with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.ink.blob import at_rim
from edgedigits.pieces.candidates import Candidate
from edgedigits.pieces.layers import pen_of
from edgedigits.quantiles import median

STROKES: Final = (1, 7)
"""Digits that one or two straight lines look like: a row of them may be a grid or the grain of a table, and
tells no more than a single mark."""
COMPANY: Final = 4
"""Least number of digits in lines of writing that tell what the page's writing is like."""
FAINT: Final = 0.4
"""A single mark of less than this share of the pen's darkness is not writing; in a line it is pale."""
SIZES: Final = (0.5, 1.8)
"""Least and greatest height of a digit by itself, as shares of the median height in the lines."""
SURE: Final = 0.9
"""Least quality of a digit by itself."""
DOUBTFUL: Final = 0.75
"""Pale pieces of a line whose mean quality is below this are not writing."""
GHOST: Final = 0.2
"""Nothing of less than this share of the pen's darkness is writing: pieces of a pale grid look like 1s."""


def strays_of(
    candidates: Sequence[Candidate], lines: Sequence[Sequence[int]], shape: tuple[int, ...]
) -> frozenset[int]:
    """Return the indices of candidates unlike the page's writing: single marks, and pale pieces in lines.

    `lines` holds indices of candidates; `shape` is the shape of the working picture.
    """
    rows = [line for line in lines if len(line) > 1]
    telling = [line for line in rows if any(candidates[index].label not in STROKES for index in line)]
    # A page may have nothing but 1s and 7s.
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
        # Grain in a shadow makes whole lines, pale and of low quality. So does a finger beside a line.
        pale = [index for index in firm if candidates[index].darkness < FAINT * darkness]
        if sum(candidates[index].quality for index in pale) < DOUBTFUL * len(pale):
            strays.update(pale)
    return frozenset(strays)


def _is_stray(candidate: Candidate, height: float, darkness: float, shape: tuple[int, ...]) -> bool:
    """Return whether a single mark is unlike the page's digits, doubtful, or at the rim."""
    sized = SIZES[0] <= candidate.blob.box[3] / height <= SIZES[1]
    unlike = candidate.darkness < FAINT * darkness or not sized
    return unlike or candidate.quality < SURE or at_rim(candidate.blob.box, shape)
