"""What the steps before the last found in a picture, and how much of it is writing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np

from edgedigits.ink.blob import Blob, above, surrounded
from edgedigits.ink.page import Page
from edgedigits.lines import lines_of
from edgedigits.looks import Looks
from edgedigits.pictures import Picture
from edgedigits.pieces.candidates import STROKE, SURE, Candidate, Predictor, judge
from edgedigits.pieces.connected import is_whole
from edgedigits.results import NOT_A_DIGIT
from edgedigits.segment import whole_of
from edgedigits.signs.brackets import brackets_of
from edgedigits.signs.labels import labels_of
from edgedigits.signs.points import marks_of
from edgedigits.signs.punctuation import signs_of
from edgedigits.signs.sides import sides_of
from edgedigits.signs.slashes import slashes_of
from edgedigits.signs.slivers import slivers_of
from edgedigits.signs.spirals import spirals_of
from edgedigits.signs.strays import strays_of
from edgedigits.signs.ticks import ticks_of
from edgedigits.signs.writing import unwritten

DRAWINGS: Final = 6
"""Large pieces up to which a page of hardly any digits is read again without them."""
FEW: Final = 2
"""Sure digits up to which it has hardly any."""
MOST: Final = 1000
"""Pieces up to which a picture is looked at in one more way; what has more is noise."""
NOISE: Final = 10_000
"""The same of its ink, specks and all: two full pages of print have fewer."""
FAR_MORE: Final = 2.0
"""How many times as many sure digits a reading has at least, if another one missed the page."""
PAGE: Final = 0.8
"""Share of a picture's pieces that are digits, from which all of it is a page."""
CLUTTERED: Final = 1.5
"""Pieces to each digit from which the patches of a picture are read one by one, too."""


class Stages(NamedTuple):
    """What the steps before the last found; `grey` is the picture as it was read, turned."""

    grey: Picture
    page: Page
    pieces: Sequence[Blob]
    candidates: Sequence[Candidate]
    degrees: int
    kept: Sequence[Candidate]
    """The digits."""
    lines: Sequence[Sequence[int]]
    """Their lines, as indices."""


def surely_written(stages: Stages) -> int:
    """How many digits that are no mere stroke were surely read."""
    return _written(stages.kept)


def _written(candidates: Sequence[Candidate]) -> int:
    return sum([one.quality > SURE and one.label not in (STROKE, NOT_A_DIGIT) for one in candidates])


def is_promising(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> bool:
    """Whether more than a few pieces are digits as they are, so that it pays to look at parts and cuts."""
    if not FEW < len(pieces) <= MOST:
        return False
    whole = [blob for blob in pieces if is_whole(blob, typical)]
    return len(whole) > FEW and _written(judge(page, whole, classifier)) > FEW


def is_noise(stages: Stages) -> bool:
    """Whether a picture's ink falls into so many pieces that it is noise: each further look takes seconds."""
    return cv2.connectedComponents(above(stages.page.ink, stages.page.threshold))[0] > NOISE


def drawings_of(stages: Stages) -> list[Blob]:
    """What may be drawn on a page, and so large that it hides how large the digits are.

    A ring is a 0 as well; but digits that are few do not stand among pieces of a third of their height.
    """
    sure = surely_written(stages)
    if sure > FEW:
        return []  # nearly all pages
    heights = [blob.box[3] for blob in stages.pieces]
    highest = max(heights, default=0)
    low = sum([height < highest / 3 for height in heights])
    large = [blob for blob, height in zip(stages.pieces, heights, strict=True) if height >= highest / 2]
    if (sure and low <= sure) or len(large) > DRAWINGS:
        return []
    return large if low or any(one.label == NOT_A_DIGIT for one in stages.candidates) else []


def holds_more(everything: Stages, sheet: Stages) -> bool:
    """Whether all of a picture is a page with more digits than on its sheet, which is a shadow then."""
    if len(everything.kept) < PAGE * len(everything.candidates):
        return False
    return surely_written(everything) > surely_written(sheet)


def is_cluttered(stages: Stages) -> bool:
    """Whether there is much to see beside digits, as where a sheet is held into a room."""
    most = CLUTTERED * len(stages.kept)
    return len(stages.candidates) > most or (len(stages.pieces) > most and not surely_written(stages))


def has_far_more(one: Stages, other: Stages) -> bool:
    """Whether one reading shows so many more sure digits than another one that the other missed a page."""
    sure = surely_written(one)
    return sure > FEW and sure >= FAR_MORE * surely_written(other)


def rescues(firm: Stages, whole: Stages) -> bool:
    """Whether the darker ink alone is a page of digits that all of the ink hardly shows.

    The stems of letters are firm as well; without their hairlines most are 1s, and a few are other digits.
    """
    written = 2 * surely_written(firm) >= len(firm.kept)
    return written and has_far_more(firm, whole) and not is_cluttered(firm)


def rank(stages: Stages) -> tuple[int, int]:
    """What is more where more of a picture's writing, and less of all else, was found."""
    return surely_written(stages), len(stages.kept) - len(stages.candidates)


def in_lines(
    page: Page, candidates: Sequence[Candidate], pieces: Sequence[Blob] = ()
) -> tuple[list[Candidate], list[list[int]]]:
    """The digits among the candidates and their lines, as indices, without marks, signs and clutter.

    `pieces` are all of the page's, of which small ones are no candidates.
    """
    ticks = ticks_of([one.blob.box for one in candidates], [one.label for one in candidates])
    if ticks:
        candidates = [one for index, one in enumerate(candidates) if index not in ticks]
    kept = [candidate for candidate in candidates if candidate.label != NOT_A_DIGIT]
    boxes = [candidate.blob.box for candidate in kept]
    lines = lines_of(boxes)
    labels = [one.label for one in kept]
    signs = signs_of(boxes, labels, lines, [one.quality for one in kept]) | spirals_of(boxes, labels, lines)
    signs |= brackets_of(kept, lines) | marks_of(page, kept, lines)
    signs |= slashes_of(kept, lines, signs)
    slivers = slivers_of(page, kept, lines) | sides_of(kept)
    strays = strays_of(kept, lines, page.ink.shape) | slivers | signs | labels_of(kept, pieces)
    if not strays and len(kept) == len(candidates):
        return kept, lines
    left = [[index for index in line if index not in strays] for line in lines]
    lines = [line for line in left if line]
    digits = {id(kept[index]) for line in lines for index in line}
    # No digits, and no evidence against them either; but in a room there are edges and much else.
    between = signs | slivers
    if len(digits) < PAGE * (len(candidates) - len(between)):
        between = signs
    left_out = {id(kept[index]) for index in between} | _frames(candidates, digits)
    told = [one for one in candidates if id(one) not in left_out]
    clutter = unwritten(told, [id(one) in digits for one in told])
    if clutter:
        kept = [one for place, one in enumerate(told) if id(one) in digits and place not in clutter]
        lines = lines_of([one.blob.box for one in kept])
    return kept, lines


def as_one(grey: Picture, page: Page, degrees: int, classifier: Looks) -> Stages:
    """All ink of a page as one digit; `grey` is the picture, turned by so many degrees."""
    whole = whole_of(page)
    pieces = [whole] if whole else []
    candidates = classifier.again(judge(page, pieces, classifier))
    return Stages(grey, page, pieces, candidates, degrees, *in_lines(page, candidates))


def _frames(candidates: Sequence[Candidate], digits: Collection[int]) -> set[int]:
    """The ids of candidates that are no digits and surround one: boxes and rings that somebody drew.

    `digits` are the ids of those that are.
    """
    held = np.array([one.blob.box for one in candidates if id(one) in digits]).reshape(-1, 4)
    return {
        id(one) for one in candidates if one.label == NOT_A_DIGIT and surrounded(held, one.blob.box).any()
    }
