"""Find notepad spirals and barcodes: rows of what looks like one digit, too regular for handwriting."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.quantiles import median
from edgedigits.results import Box

FEWEST: Final = 12
"""Least number of pieces in a row: in the squares of a form a few digits are as evenly spaced."""
EVEN: Final = 0.07
"""Greatest difference of their distances, and heights, from the median, as a share of the median."""
MOST: Final = 0.9
"""Least share of the distances that are so even: some pieces may be missing."""

BARS: Final = 6
"""Least number of strokes in a row whose upper and lower ends are level, however far apart they are."""
UPRIGHT: Final = 0.25
"""Greatest width of such a stroke, as a share of its height: a hand hardly writes six 1s so upright."""
LEVEL: Final = 0.04
"""Greatest difference between the ends of neighbouring strokes, as a share of the first one's height."""


def spirals_of(boxes: Sequence[Box], labels: Sequence[int], lines: Sequence[Sequence[int]]) -> set[int]:
    """Return the indices of boxes in one line with equal labels, heights and distances, and of bars.

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
    """Return whether ascending places are evenly spaced; some may be missing."""
    steps = [after - before for before, after in pairwise(places)]
    step = median(steps)
    even = sum([abs(one - step) <= EVEN * step for one in steps])
    return even >= max(FEWEST - 1, MOST * len(steps))


def _bars_of(boxes: Sequence[Box], strokes: Sequence[int]) -> set[int]:
    """Return the strokes of a line that are level at both ends with enough neighbours."""
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
    """Return whether the tops of two boxes, and their feet, are level."""
    (_, top, _, height), (_, other_top, _, other_height) = one, other
    foot, other_foot = top + height, other_top + other_height
    return max(abs(other_top - top), abs(other_foot - foot)) <= LEVEL * height
