"""Strokes of a form that are no 1s: ticks, the teeth of a comb that digits stand in, bars between cells."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.quantiles import median
from edgedigits.results import NOT_A_DIGIT, Box
from edgedigits.signs.alike import repeated

NEAREST: Final = 3
"""So many digits nearest to a stroke tell how high a digit is there."""
TICK: Final = 0.5
"""A stroke that is lower than this share of their height is no 1."""
TOOTH: Final = 0.75
"""Nor is one that is lower than this, where others are exactly as high and as far below the digits."""
ALIKE: Final = 0.07
"""Share of a tooth's height by which others differ from it at most."""
FEWEST: Final = 3
"""Teeth of a comb, at least: one at each end and one between two digits."""
BAR: Final = 1.2
"""A stroke that is higher than the highest digit by this factor may be a bar between two cells..."""
EXACT: Final = 0.04
"""...if others begin and end where it does, but for this share of its height: a hand is not as exact."""


def ticks_of(boxes: Sequence[Box], labels: Sequence[int]) -> set[int]:
    """Indices of strokes, of boxes with these labels, that are ticks, teeth, bars or commas.

    Before there are lines: such strokes would lead digits out of theirs. Some of the boxes may be no digits.
    """
    digits = [box for box, label in zip(boxes, labels, strict=True) if label not in (STROKE, NOT_A_DIGIT)]
    if len(digits) < NEAREST:
        return set()
    highest = max([box[3] for box in digits])
    ticks, below, high = set[int](), list[int](), list[int]()
    for index, (x, y, _, height) in enumerate(boxes):
        if labels[index] != STROKE:
            continue
        if height > BAR * highest:
            high.append(index)
        elif height < TOOTH * highest:
            near = nsmallest(NEAREST, digits, key=lambda box: (box[0] - x) ** 2 + (box[1] - y) ** 2)
            share = height / median([box[3] for box in near])
            if share < TICK:
                ticks.add(index)
            elif share < TOOTH and _is_below(y + height, near):
                below.append(index)
    teeth = repeated([boxes[index][3] for index in below], ALIKE, FEWEST)
    return ticks.union([below[place] for place in teeth], _bars([(index, boxes[index]) for index in high]))


def _bars(high: Sequence[tuple[int, Box]]) -> list[int]:
    """Indices of the high strokes beside which as many as a comb has are as high and as far up."""
    return [
        index
        for index, (_, top, _, height) in high
        if sum([abs(y - top) + abs(down - height) <= max(2, EXACT * height) for _, (_, y, _, down) in high])
        >= FEWEST
    ]


def _is_below(foot: int, near: Sequence[Box]) -> bool:
    """Whether a stroke reaches below all of these digits but those of the lines under it."""
    return all(top >= foot or top + height < foot for _, top, _, height in near)
