"""The spiral of a notepad, the teeth of a ruler: rows of what looks like one digit, more alike than any hand
writes it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from edgedigits.quantiles import median
from edgedigits.results import Box

FEWEST: Final = 12
"""Pieces in a row, at least: in the squares of a form a few digits stand as evenly."""
EVEN: Final = 0.07
"""Share of the median by which their distances, and their heights, differ from it at most."""
MOST: Final = 0.9
"""Share of the distances that are so even, at least: some may be missing."""


def spirals_of(boxes: Sequence[Box], labels: Sequence[int], lines: Sequence[Sequence[int]]) -> set[int]:
    """Indices of what is named alike, is equally high and stands at even distances in one line.

    `lines` holds indices of boxes, left to right.
    """
    found = set[int]()
    for line in lines:
        if len(line) < FEWEST:
            continue  # nearly all lines
        for label in {labels[index] for index in line}:
            row = [index for index in line if labels[index] == label]
            height = median([boxes[index][3] for index in row])
            alike = [index for index in row if abs(boxes[index][3] - height) <= EVEN * height]
            if len(alike) >= FEWEST and _is_even([boxes[index][0] for index in alike]):
                found.update(alike)
    return found


def _is_even(places: Sequence[int]) -> bool:
    """Whether ascending places are at even distances, but for some that are missing."""
    steps = [after - before for before, after in pairwise(places)]
    step = median(steps)
    even = sum([abs(one - step) <= EVEN * step for one in steps])
    return even >= max(FEWEST - 1, MOST * len(steps))
