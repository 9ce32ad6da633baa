"""Find sides of boxes, left when rules were removed: 1s that are all equally dark, but unlike the pen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.pieces.candidates import STROKE, Candidate
from edgedigits.quantiles import median
from edgedigits.results import NOT_A_DIGIT
from edgedigits.signs.alike import repeated
from edgedigits.signs.strays import STROKES

FEWEST: Final = 3
"""Least number of sides, and of digits that tell how dark the pen is."""
SLENDER: Final = 0.25
"""Greatest width of a side, as a share of its height: a hand hardly writes a 1 so upright."""
PALER: Final = 0.75
"""Greatest darkness of a side, as a share of the pen's, or the other way round: a form is printed."""
ALIKE: Final = 0.05
"""Greatest difference in darkness between sides, as a share of it; a hand's pressure varies more."""


def sides_of(candidates: Sequence[Candidate]) -> frozenset[int]:
    """Return the indices of the 1s that are narrow, unlike the pen, and all about equally dark."""
    strokes = [
        (index, one.darkness)
        for index, one in enumerate(candidates)
        if one.label == STROKE and one.blob.box[2] <= SLENDER * one.blob.box[3]
    ]
    if len(strokes) < FEWEST:
        return frozenset()
    written = [one.darkness for one in candidates if one.label not in (*STROKES, NOT_A_DIGIT)]
    if len(written) < FEWEST:
        return frozenset()
    pen = median(written)
    unlike = [(index, dark) for index, dark in strokes if min(dark, pen) <= PALER * max(dark, pen)]
    return frozenset([unlike[place][0] for place in repeated([one for _, one in unlike], ALIKE, FEWEST)])
