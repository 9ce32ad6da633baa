"""Find brackets around digits, which look like 1s: two strokes of a line that bulge away from each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import log
from typing import Final

from edgedigits.pieces.candidates import STROKE, Candidate
from edgedigits.signs.stems import stem_of

BEND: Final = 0.045
BOTH: Final = 0.13
"""Least bend of a bracket (`stems.Stem`), and least sum of a pair's bends: of MNIST's 1s hardly one pair in
200 is bent so far."""
SPARE: Final = 4
MORE: Final = 1 / 24
"""Above `SPARE` pairs in a line, `BOTH` grows by `MORE` for each factor e in the number of pairs: half as
many pairs of 1s are bent by 0.03 more, so a line of nothing but 1s has hardly any brackets by chance."""
HIGH: Final = 0.85
"""Least height of a bracket, as a share of the line's highest digit that is not a 1."""
ALIKE: Final = 0.8
"""Least height of the lower one of a pair, as a share of the higher one's."""


def brackets_of(candidates: Sequence[Candidate], lines: Sequence[Sequence[int]]) -> set[int]:
    """Return the indices of 1s that are a pair of brackets around others of their line: ( ), [ ] and { }.

    `lines` holds indices of candidates, left to right. A single bent stroke stays a 1.
    """
    found = set[int]()
    for line in lines:
        strokes = [place for place, index in enumerate(line) if candidates[index].label == STROKE]
        if len(strokes) < 2 or strokes[-1] - strokes[0] < 2:
            continue  # nearly all lines
        digits = [candidates[index].blob.box[3] for index in line if candidates[index].label != STROKE]
        least = HIGH * max(digits, default=0)
        strokes = [place for place in strokes if candidates[line[place]].blob.box[3] >= least]
        pairs = sum([last - first >= 2 for first, last in combinations(strokes, 2)])
        both = BOTH + MORE * log(max(1, pairs / SPARE))
        opened: tuple[int, float, int] | None = None  # its place, its bend and its height
        for place in strokes:
            one = candidates[line[place]]
            height, bend = one.blob.box[3], stem_of(one.frame).bend
            if bend >= BEND:
                opened = place, bend, height
            elif opened is not None and _closes(opened, (place, bend, height), both):
                found |= {line[opened[0]], line[place]}
                opened = None
    return found


def _closes(opened: tuple[int, float, int], closed: tuple[int, float, int], both: float) -> bool:
    """Return whether two strokes (place in the line, bend, height) are brackets around what lies between.

    `both` is the least sum of their bends.
    """
    (first, before, high), (last, after, low) = opened, closed
    bent = after <= -BEND and before - after >= both
    return bent and last - first >= 2 and min(high, low) >= ALIKE * max(high, low)
