"""Question and exclamation marks, which are a 7 and a 1 without the point that stands below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2

from edgedigits.ink.page import Page
from edgedigits.ink.strokes import FAINTEST
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.strays import STROKES

NEAR: Final = 0.5
"""How far below a mark its point ends at most, as a share of the mark's height."""
BESIDE: Final = 0.15
"""How far to one side of the end of the mark's stroke the point is at most, as a share of that."""
FOOT: Final = 0.3
"""And how far from where the digit beside it ends."""
LOW: Final = 0.85
"""The mark's height, without its point, as a share of its line's at most."""
ROUND: Final = (0.55, 2.5)
"""The point's width and height in widths of the page's strokes, at least and at most."""
FIRM: Final = 0.75
"""Its darkness, as a share of the mark's, at least."""


def marks_of(page: Page, candidates: Sequence[Candidate], lines: Sequence[Sequence[int]]) -> set[int]:
    """Indices of the low 1s and 7s below which there is nothing but a point of the same pen.

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
    """Whether there is a point below a mark; `foot` is where the digit beside it ends."""
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
