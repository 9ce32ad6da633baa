"""Find question and exclamation marks, which look like a 7 and a 1 without the point below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2

from edgedigits.ink.page import Page
from edgedigits.ink.strokes import FAINTEST
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.strays import STROKES

NEAR: Final = 0.5
"""Greatest distance from the foot of a mark to the foot of its point, as a share of the mark's height."""
BESIDE: Final = 0.15
"""Greatest horizontal distance of the point from the end of the mark's stroke, in the same unit."""
FOOT: Final = 0.3
"""Greatest vertical distance of the point's foot from that of the digit beside the mark, in the same unit."""
LOW: Final = 0.85
"""Greatest height of the mark without its point, as a share of the highest digit in its line."""
ROUND: Final = (0.55, 2.5)
"""Least and greatest width and height of the point, as multiples of the page's stroke width."""
FIRM: Final = 0.75
"""Least darkness of the point, as a share of the mark's."""


def marks_of(page: Page, candidates: Sequence[Candidate], lines: Sequence[Sequence[int]]) -> set[int]:
    """Return the indices of low 1s and 7s with nothing below them but a point of the same pen.

    `lines` holds indices of candidates, left to right.
    """
    marks = set[int]()
    for line in lines:
        highest = max([candidates[index].blob.box[3] for index in line])
        for place, index in enumerate(line):
            one = candidates[index]
            if one.label in STROKES and one.blob.box[3] <= LOW * highest:
                _, top, _, height = candidates[line[place - 1 if place else 1]].blob.box
                if _has_point(page, one, top + height):
                    marks.add(index)
    return marks


def _has_point(page: Page, mark: Candidate, foot: int) -> bool:
    """Return whether there is a point below a mark; `foot` is the row at which the digit beside it ends."""
    x, y, width, height = mark.blob.box
    beside, below = round(BESIDE * height), y + height
    left = max(0, x - beside)
    crop = page.ink[below : below + round(NEAR * height), left : x + width + beside]
    if not crop.size or cv2.minMaxLoc(crop)[1] < FIRM * mark.darkness:
        return False  # nearly all
    least = max(page.threshold, int(FAINTEST * mark.darkness))
    across, down, wide, high = cv2.boundingRect(cv2.threshold(crop, least, 255, cv2.THRESH_BINARY)[1])
    apart = across > 0 and across + wide < crop.shape[1] and down + high < len(crop)
    end = int(page.ink[below - 1, x : x + width].argmax()) + x - left
    aligned = abs(across + wide / 2 - end) <= BESIDE * height
    stands = abs(below + down + high - foot) <= FOOT * height
    return (
        apart
        and aligned
        and stands
        and all(ROUND[0] <= side / page.stroke <= ROUND[1] for side in (wide, high))
    )
