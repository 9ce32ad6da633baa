"""The sides of boxes that rules have been taken out of: 1s as pale as one another, and paler than the pen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.pieces.candidates import STROKE, Candidate
from edgedigits.quantiles import median
from edgedigits.results import NOT_A_DIGIT
from edgedigits.signs.alike import repeated
from edgedigits.signs.strays import STROKES

FEWEST: Final = 3
"""Sides, at least, and digits that tell the pen."""
SLENDER: Final = 0.25
"""Width of a side, as a share of its height, at most: a hand hardly writes a 1 so upright."""
PALER: Final = 0.75
"""Its darkness, as a share of the pen's, at most."""
ALIKE: Final = 0.05
"""Share of its darkness by which others differ from it at most; how hard a hand presses varies more."""


def sides_of(candidates: Sequence[Candidate]) -> frozenset[int]:
    """Indices of the 1s that are straight and pale, and all alike."""
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
    pale = [(index, darkness) for index, darkness in strokes if darkness <= PALER * pen]
    return frozenset([pale[place][0] for place in repeated([one for _, one in pale], ALIKE, FEWEST)])
