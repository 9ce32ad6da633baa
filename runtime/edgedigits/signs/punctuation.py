"""Punctuation and signs between digits: strokes like a 1, and a plus that crosses itself like a 4."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.quantiles import weighted_median
from edgedigits.results import Box

SHORT: Final = 0.55
"""Height of a sign, as a share of its line's digits, up to which it is told by where it stands."""
FLAT: Final = 1.3
"""Width, as a share of its height, from which a short box is that of a digit written flat."""
CENTRED: Final = 0.15
"""By how much, as a share of that height, a plus is above or below the middle; a short digit stands on the
line."""
HIGH: Final = 1.25
"""Height of a slash or bracket, as a share of its line's digits, from which it is told by where it stands."""
BEYOND: Final = 0.62
"""How far from the middle of its line, as a share of that height, such a sign reaches at either end; of drawn
digits none does that is taken for a 1."""
NARROW: Final = 0.9
"""And its greatest width, as a share of its own height."""
PLUS: Final = 4
"""The digit that a plus looks like."""
LOW: Final = 0.65
"""Height, as above, up to which that is told by where it stands."""
MARKS: Final = (0, STROKE, 7)
"""What marks look like, however clear they are: a degree's ring, an apostrophe, a comma with a head."""
CLEAR: Final = 0.99
"""Quality above which what looks like any other digit is an exponent, however low it is..."""
BESIDE: Final = 0.5
"""...if it stands behind a digit, at this share of its height at most: small letters stand behind others."""


def signs_of(
    boxes: Sequence[Box], labels: Sequence[int], lines: Sequence[Sequence[int]], qualities: Sequence[float]
) -> set[int]:
    """Indices of boxes that are no digits by where they stand: short ones, and strokes that are too high.

    All digits cross the middle of their line: below it is a comma and above it an apostrophe, and a 4 right
    at it is a plus. They keep to their line: a slash and a bracket reach beyond it on both sides. `labels`
    are the digits that the boxes are read as, with these `qualities`, and `lines` holds indices of them, left
    to right. Only the digits beside a box tell where the middle is, so that a line may slope and bend. An
    exponent is low and clearly a digit that no mark looks like.
    """
    signs = set[int]()
    every = [box[3] for box in boxes]
    if not every or (min(every) >= LOW * max(every) and max(every) < HIGH * min(every)):
        return signs
    for line in lines:
        heights = [every[index] for index in line]
        # By their heights, or the commas of 1,2,3 would tell what is a digit's height.
        typical = weighted_median(heights, heights)
        tall = [place for place, height in enumerate(heights) if height >= SHORT * typical]
        for place, index in enumerate(line):
            _, top, width, height = boxes[index]
            high = labels[index] == STROKE and height >= HIGH * typical and width <= NARROW * height
            short = LOW if labels[index] == PLUS else SHORT
            if not high and (height >= short * typical or width > FLAT * height):
                continue
            middle = _middle(boxes, line, tall, place)
            if high:
                is_sign = min(middle - top, top + height - middle) > BEYOND * typical
            else:
                centred = abs(top + height / 2 - middle) < CENTRED * typical
                beyond = not top < middle < top + height
                if beyond and labels[index] not in MARKS and qualities[index] > CLEAR:
                    beyond = not _follows(boxes, line, tall, place)
                is_sign = beyond or (centred and labels[index] == PLUS)
            if is_sign:
                signs.add(index)
    return signs


def _follows(boxes: Sequence[Box], line: Sequence[int], tall: Sequence[int], place: int) -> bool:
    """Whether what stands at a place of a line stands close behind one of its digits."""
    if place - 1 not in tall:
        return False
    x, _, width, height = boxes[line[place - 1]]
    return boxes[line[place]][0] - x - width < BESIDE * height


def _middle(boxes: Sequence[Box], line: Sequence[int], tall: Sequence[int], place: int) -> float:
    """How far down the middle of a line is at one of its places: between those of the digits beside it."""
    others = [other for other in tall if other != place] or tall
    after = bisect(others, place)
    beside = [line[other] for other in others[max(0, after - 1) : after + 1]]
    middles = [boxes[index][1] + boxes[index][3] / 2 for index in beside]
    return sum(middles) / len(middles)
