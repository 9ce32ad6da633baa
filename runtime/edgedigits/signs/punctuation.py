"""Find punctuation and signs between digits: strokes that look like a 1, and a plus that looks like a 4."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.quantiles import weighted_median
from edgedigits.results import Box

SHORT: Final = 0.55
"""Below this share of its line's digit height, the position of a box decides whether it is a sign."""
FLAT: Final = 1.3
"""A short box wider than this multiple of its height is a digit written flat."""
CENTRED: Final = 0.15
"""Greatest distance of a plus from the middle of its line, as a share of the digit height; a short digit
stands on the line."""
HIGH: Final = 1.25
"""From this multiple of its line's digit height on, the position of a stroke decides whether it is a slash or
bracket."""
BEYOND: Final = 0.62
"""Least distance from the middle of its line that such a sign reaches at both ends, as a share of the digit
height; no drawn digit that is read as a 1 reaches so far."""
NARROW: Final = 0.9
"""Greatest width of such a sign, as a share of its own height."""
PLUS: Final = 4
"""The digit that a plus looks like."""
LOW: Final = 0.65
"""The same as `SHORT` for what looks like a plus."""
MARKS: Final = (0, STROKE, 7)
"""What marks look like, however clearly: a degree sign, an apostrophe, a comma with a head."""
CLEAR: Final = 0.99
"""A low box that is read as any other digit with a quality above this is an exponent..."""
BESIDE: Final = 0.5
"""...if the gap to the digit before it is less than this share of that one's height; small letters follow
other letters."""
EXPONENTS: Final = 2
"""With at least so many exponents on a page, and no fewer than raised marks, the marks are exponents, too."""


def signs_of(
    boxes: Sequence[Box], labels: Sequence[int], lines: Sequence[Sequence[int]], qualities: Sequence[float]
) -> set[int]:
    """Return the indices of boxes that are no digits by their position: short ones, and strokes too high.

    All digits cross the middle of their line. A short box below the middle is a comma, one above it an
    apostrophe, and a short 4 centred on it a plus. Digits also keep to their line, whereas slashes and
    brackets extend beyond it on both sides. An exponent is low too, but clearly a digit that no mark looks
    like; among others it may be any digit. `labels` and `qualities` belong to the boxes, and `lines` holds
    their indices, left to right. Only the digits beside a box tell where the middle is, so a line may slope
    and bend.
    """
    signs, marks = set[int](), set[int]()
    exponents = 0
    every = [box[3] for box in boxes]
    if not every or (min(every) >= LOW * max(every) and max(every) < HIGH * min(every)):
        return signs
    for line in lines:
        heights = [every[index] for index in line]
        # Weighted by height, or the commas of 1,2,3 would decide the height of digits.
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
                if beyond and qualities[index] > CLEAR and _follows(boxes, line, tall, place):
                    if labels[index] not in MARKS:
                        beyond = False
                        exponents += 1
                    elif top + height <= middle:
                        marks.add(index)
                is_sign = beyond or (centred and labels[index] == PLUS)
            if is_sign:
                signs.add(index)
    return signs - marks if exponents >= max(EXPONENTS, len(marks)) else signs


def _follows(boxes: Sequence[Box], line: Sequence[int], tall: Sequence[int], place: int) -> bool:
    """Return whether the box at a place of a line closely follows one of its digits."""
    if place - 1 not in tall:
        return False
    x, _, width, height = boxes[line[place - 1]]
    return boxes[line[place]][0] - x - width < BESIDE * height


def _middle(boxes: Sequence[Box], line: Sequence[int], tall: Sequence[int], place: int) -> float:
    """Return the y of a line's middle at one of its places: the mean of the digits' centres beside it."""
    others = [other for other in tall if other != place] or tall
    after = bisect(others, place)
    beside = [line[other] for other in others[max(0, after - 1) : after + 1]]
    middles = [boxes[index][1] + boxes[index][3] / 2 for index in beside]
    return sum(middles) / len(middles)
