"""Find strokes of a form that are no 1s: ticks, the teeth of a comb field for digits, bars between cells."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.quantiles import median
from edgedigits.results import NOT_A_DIGIT, Box
from edgedigits.signs.alike import repeated

NEAREST: Final = 3
"""Number of digits nearest to a stroke whose median height it is compared with."""
TICK: Final = 0.5
"""A stroke lower than this share of that height is no 1."""
TOOTH: Final = 0.75
"""Nor is a stroke lower than this share that reaches below those digits, if others like it are as high."""
ALIKE: Final = 0.07
"""Greatest difference in height between teeth, as a share of the height."""
FEWEST: Final = 3
"""Least number of teeth in a comb: one at each end and one between two digits. The same for bars."""
BAR: Final = 1.2
"""A stroke higher than the highest digit by this factor may be a bar between two cells..."""
EXACT: Final = 0.04
"""...if others begin and end at the same heights within this share of its height: a hand is less exact."""
SPANNING: Final = 2.0
"""A stroke at least this many times as high as the median digit is no 1 if it stands beside several rows."""


def ticks_of(boxes: Sequence[Box], labels: Sequence[int]) -> set[int]:
    """Return the indices of boxes labelled 1 that are ticks, teeth, bars or commas.

    Called before lines are found, because such strokes would lead digits into wrong lines. Some of the boxes
    may be labelled as no digit.
    """
    digits = [box for box, label in zip(boxes, labels, strict=True) if label not in (STROKE, NOT_A_DIGIT)]
    if len(digits) < NEAREST:
        return set()
    highest = max([box[3] for box in digits])
    spanning = SPANNING * median([box[3] for box in digits])
    ticks, below, high = set[int](), list[int](), list[int]()
    for index, (x, y, _, height) in enumerate(boxes):
        if labels[index] != STROKE:
            continue
        if height >= spanning and _spans_rows(y, y + height, digits):
            ticks.add(index)
        elif height > BAR * highest:
            high.append(index)
        elif height < TOOTH * highest:
            near = nearest(digits, x, y)
            share = height / median([box[3] for box in near])
            if share < TICK:
                ticks.add(index)
            elif share < TOOTH and _is_below(y + height, near):
                below.append(index)
    teeth = repeated([boxes[index][3] for index in below], ALIKE, FEWEST)
    return ticks.union([below[place] for place in teeth], _bars([(index, boxes[index]) for index in high]))


def nearest(digits: Sequence[Box], x: int, y: int) -> list[Box]:
    """Return the boxes of the digits nearest to a stroke, whose upper left corner is at x, y."""
    return nsmallest(NEAREST, digits, key=lambda box: (box[0] - x) ** 2 + (box[1] - y) ** 2)


def _bars(high: Sequence[tuple[int, Box]]) -> list[int]:
    """Return the indices of the high strokes of which at least `FEWEST` have the same top and height."""
    return [
        index
        for index, (_, top, _, height) in high
        if sum([abs(y - top) + abs(down - height) <= max(2, EXACT * height) for _, (_, y, _, down) in high])
        >= FEWEST
    ]


def _spans_rows(top: int, bottom: int, digits: Sequence[Box]) -> bool:
    """Return whether a stroke from `top` to `bottom` stands beside two digits, one above the other."""
    within = [(y, y + height) for _, y, _, height in digits if top <= y + height / 2 <= bottom]
    return bool(within) and min([low for _, low in within]) <= max([high for high, _ in within])


def _is_below(foot: int, near: Sequence[Box]) -> bool:
    """Return whether a stroke reaches below all of the digits `near` it, except those entirely below it."""
    return all(top >= foot or top + height < foot for _, top, _, height in near)
