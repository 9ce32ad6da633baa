"""The spiral of a notepad, the bars of a barcode: rows of what looks like one digit, more alike than any hand
writes it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.quantiles import median
from edgedigits.results import Box

FEWEST: Final = 12
"""Pieces in a row, at least: in the squares of a form a few digits stand as evenly."""
EVEN: Final = 0.07
"""Share of the median by which their distances, and their heights, differ from it at most."""
MOST: Final = 0.9
"""Share of the distances that are so even, at least: some may be missing."""

BARS: Final = 6
"""Strokes in a row that end at one height above and below, at least, whatever their distances."""
UPRIGHT: Final = 0.25
"""Width of such a stroke, as a share of its height, at most: a hand hardly writes six 1s so upright."""
LEVEL: Final = 0.04
"""Share of a stroke's height by which the next one's ends are above or below its own at most."""


def spirals_of(boxes: Sequence[Box], labels: Sequence[int], lines: Sequence[Sequence[int]]) -> set[int]:
    """Indices of what is named alike, is equally high and stands at even distances in one line; and of bars.

    `lines` holds indices of boxes, left to right.
    """
    found = set[int]()
    for line in lines:
        if len(line) >= BARS:
            strokes = [index for index in line if labels[index] == STROKE]
            found |= _bars_of(boxes, [index for index in strokes if _is_upright(boxes[index])])
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


def _bars_of(boxes: Sequence[Box], strokes: Sequence[int]) -> set[int]:
    """Those of a line's strokes that begin and end at one level with enough others beside them."""
    found, run = set[int](), list[int]()
    for index in strokes:
        if run and not _is_level(boxes[run[-1]], boxes[index]):
            run = []
        run.append(index)
        if len(run) >= BARS:
            found.update(run)
    return found


def _is_upright(box: Box) -> bool:
    return box[2] <= UPRIGHT * box[3]


def _is_level(one: Box, other: Box) -> bool:
    """Whether two boxes begin and end at the same height."""
    (_, top, _, height), (_, other_top, _, other_height) = one, other
    foot, other_foot = top + height, other_top + other_height
    return max(abs(other_top - top), abs(other_foot - foot)) <= LEVEL * height
