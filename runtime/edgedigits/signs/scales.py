"""Find the marks of a scale, which look like 1s: those of a number line, of an axis, of a ruler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.quantiles import median
from edgedigits.results import NOT_A_DIGIT, Box
from edgedigits.signs.alike import chained
from edgedigits.signs.ticks import NEAREST, nearest

LOW: Final = 0.85
"""Greatest height of a mark, as a share of the median height of the digits nearest to it: most written 1s
are as high."""
LEVEL: Final = 0.4
"""How far the middle of a mark may be from that of the one before it, in heights of a mark."""
FEWEST: Final = 4
"""Least number of marks: a row of so many low 1s and no other digit is hardly ever written."""


def marks_of_scales(boxes: Sequence[Box], labels: Sequence[int]) -> set[int]:
    """Return the indices of boxes labelled 1 that form a row of their own, between the rows of digits.

    They are lower than the digits beside that row. Some of the boxes may be labelled as no digit.
    """
    strokes = [index for index, label in enumerate(labels) if label == STROKE]
    if len(strokes) < FEWEST:
        return set()
    digits = [box for box, label in zip(boxes, labels, strict=True) if label not in (STROKE, NOT_A_DIGIT)]
    if len(digits) < NEAREST:
        return set()
    marks = [index for index in strokes if _is_beside(boxes[index], digits)]
    marks.sort(key=lambda mark: boxes[mark][0])
    return chained(marks, lambda mark, before: _are_level(boxes[mark], boxes[before]), FEWEST)


def _are_level(mark: Box, before: Box) -> bool:
    """Return whether the middles of two marks are at about the same height."""
    (_, top, _, down), (_, y, _, height) = before, mark
    return abs(top + down / 2 - y - height / 2) <= LEVEL * min(down, height)


def _is_beside(stroke: Box, digits: Sequence[Box]) -> bool:
    """Return whether a stroke is lower than the digits nearest to it and does not reach their middle."""
    x, top, _, height = stroke
    near = nearest(digits, x, top)
    return height <= LOW * median([box[3] for box in near]) and not any(
        top <= y + down / 2 <= top + height for _, y, _, down in near
    )
