"""The stages of a reading: what each step found in a picture, and how much of it is writing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np

from edgedigits.ink.blob import Blob, above, outlined, own_ink, surrounded
from edgedigits.ink.page import Page
from edgedigits.lines import lines_of
from edgedigits.looks import Looks
from edgedigits.pictures import Picture
from edgedigits.pieces.candidates import STROKE, SURE, Candidate, Predictor, judge
from edgedigits.pieces.connected import is_whole
from edgedigits.pieces.heights import SPECK
from edgedigits.results import NOT_A_DIGIT
from edgedigits.segment import whole_of
from edgedigits.signs.around import around_digits
from edgedigits.signs.brackets import brackets_of
from edgedigits.signs.broken_lines import broken_lines_of
from edgedigits.signs.check_marks import check_marks_of
from edgedigits.signs.labels import labels_of
from edgedigits.signs.points import marks_of
from edgedigits.signs.punctuation import signs_of
from edgedigits.signs.scales import marks_of_scales
from edgedigits.signs.sides import sides_of
from edgedigits.signs.slashes import slashes_of
from edgedigits.signs.slivers import slivers_of
from edgedigits.signs.spirals import spirals_of
from edgedigits.signs.strays import strays_of
from edgedigits.signs.ticks import ticks_of
from edgedigits.signs.writing import unwritten

DRAWINGS: Final = 6
"""A page of hardly any digits is read again without its large pieces if they are at most so many, or no more
than the low ones."""
SAME_PEN: Final = 0.65
"""Least ink of these low pieces, as a share of the page's darkest: traces on a board have up to 0.6."""
FEW: Final = 2
"""Up to so many sure digits are hardly any."""
CALM: Final = 40
"""Up to so many pieces, four lines of ten digits, there is little ink in a picture."""
MOST: Final = 1000
"""Up to so many pieces a picture is read in one more way; more are noise."""
NOISE: Final = 10_000
"""The same for all connected components of the ink, specks included: two full pages of print have fewer."""
FAR_MORE: Final = 2.0
"""If a reading has at least so many times as many sure digits as another, that one missed the page."""
CONTROLS: Final = 8
"""A phone's screen has at most so many signs that look like digits: 12:48, a battery, three buttons."""
PAGE: Final = 0.8
"""If at least this share of a picture's candidates are digits, all of it is a page."""
CLUTTERED: Final = 1.5
"""With more pieces per digit than this, a picture is cluttered; its patches are then read one by one, too."""


class Stages(NamedTuple):
    """What each step but the last found; `grey` is the picture as it was read, turned by `degrees`."""

    grey: Picture
    page: Page
    pieces: Sequence[Blob]
    candidates: Sequence[Candidate]
    degrees: int
    kept: Sequence[Candidate]
    """The digits."""
    lines: Sequence[Sequence[int]]
    """The lines of the digits, as indices into `kept`."""


def surely_written(stages: Stages) -> int:
    """Return how many digits other than 1s were surely read."""
    return _written(stages.kept)


def _written(candidates: Sequence[Candidate]) -> int:
    return sum([one.quality > SURE and one.label not in (STROKE, NOT_A_DIGIT) for one in candidates])


def is_promising(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> bool:
    """Return whether more than a few whole pieces are digits, so that trying joins and cuts pays."""
    if not FEW < len(pieces) <= MOST:
        return False
    whole = [blob for blob in pieces if is_whole(blob, typical)]
    return len(whole) > FEW and _written(judge(page, whole, classifier)) > FEW


def is_noise(stages: Stages) -> bool:
    """Return whether the ink has so many components that it is noise: each further reading takes seconds."""
    return cv2.connectedComponents(above(stages.page.ink, stages.page.threshold))[0] > NOISE


def drawings_of(stages: Stages) -> list[Blob]:
    """Return what may be drawings on a page, so large that they hide how large the digits are.

    A ring may also be a 0, but a few digits do not stand among pieces less than a third of their height.
    """
    sure, page = surely_written(stages), stages.page
    if sure > FEW and len(stages.pieces) < FAR_MORE * sure:
        return []  # nearly all pages
    highest = max([blob.box[3] for blob in stages.pieces], default=0)
    small = [blob for blob in stages.pieces if blob.box[3] < highest / 3]
    if sure > FEW:
        # Traces of what was wiped off are no digits beside drawings.
        least = SAME_PEN * page.ink.max()
        small = [blob for blob in small if own_ink(page.ink, blob).max() >= least]
        if len(small) < FAR_MORE * sure:
            return []
    elif not small:
        # Beside such drawings the digits may be too low for pieces.
        every = outlined(above(page.ink, page.threshold))
        small = [blob for blob in every if SPECK * page.stroke <= blob.box[3] < highest / 3]
    low = len(small)
    large = [blob for blob in stages.pieces if blob.box[3] >= highest / 2]
    if (sure and low <= sure) or len(large) > max(DRAWINGS, low):
        return []
    return large if low or any(one.label == NOT_A_DIGIT for one in stages.candidates) else []


def beside(drawings: Sequence[Blob], rest: Stages, firm: Stages) -> Stages:
    """Return the better reading of a page with drawings: the rest of the page, or its darker ink alone.

    If a digit of the rest surrounds what was left out, that was no drawing, but written in a ring.
    """
    boxes = np.array([drawing.box for drawing in drawings])
    if any(surrounded(boxes, one.blob.box).any() for one in rest.kept):
        return firm
    return max(firm, rest, key=lambda stages: (surely_written(stages), len(stages.kept)))


def holds_more(everything: Stages, sheet: Stages) -> bool:
    """Return whether the whole picture is a page with more digits than its sheet, which then is a shadow."""
    if len(everything.kept) < PAGE * len(everything.candidates):
        return False
    return surely_written(everything) > surely_written(sheet)


def is_cluttered(stages: Stages) -> bool:
    """Return whether there is much besides digits, as when a sheet is held up in a room."""
    most = CLUTTERED * len(stages.kept)
    return len(stages.candidates) > most or (len(stages.pieces) > most and not surely_written(stages))


def may_hide_ink(stages: Stages) -> bool:
    """Return whether nothing is surely read in a picture with little ink: it may not show the digits."""
    return not surely_written(stages) and len(stages.pieces) <= CALM


def has_far_more(one: Stages, other: Stages, besides: int = 0) -> bool:
    """Return whether one reading has so many more sure digits that the other one missed the page.

    As many of them as `besides` do not count.
    """
    sure = surely_written(one)
    return sure > FEW and sure >= FAR_MORE * surely_written(other) + besides


def is_page_around(everything: Stages, picture: Stages) -> bool:
    """Return whether a picture in bars is only a part of a page, with far more written beside it.

    A phone's clock and buttons may look like more digits than a picture has, but not like many more.
    """
    return has_far_more(everything, picture, CONTROLS if surely_written(picture) > FEW else 0)


def rescues(firm: Stages, whole: Stages) -> bool:
    """Return whether the darker ink alone is a page of digits that all ink together hardly shows.

    The stems of letters are dark, too; without hairlines most look like 1s, and a few like other digits.
    """
    written = 2 * surely_written(firm) >= len(firm.kept)
    return written and has_far_more(firm, whole) and not is_cluttered(firm)


def rank(stages: Stages) -> tuple[int, int]:
    """Return a sort key: higher the more sure digits, and then the fewer non-digits, were found."""
    return surely_written(stages), len(stages.kept) - len(stages.candidates)


def in_lines(
    page: Page, candidates: Sequence[Candidate], pieces: Sequence[Blob] = ()
) -> tuple[list[Candidate], list[list[int]]]:
    """Return the digits among the candidates without marks, signs and clutter, and their lines, as indices.

    `pieces` are all pieces of the page, including those too small to be candidates.
    """
    every, named = [one.blob.box for one in candidates], [one.label for one in candidates]
    ticks = ticks_of(every, named) | marks_of_scales(every, named) | broken_lines_of(every, named)
    if ticks:
        candidates = [one for index, one in enumerate(candidates) if index not in ticks]
    kept = [candidate for candidate in candidates if candidate.label != NOT_A_DIGIT]
    boxes = [candidate.blob.box for candidate in kept]
    around = around_digits(kept)
    within = [index for index in range(len(kept)) if index not in around]
    lines = [[within[index] for index in line] for line in lines_of([boxes[index] for index in within])]
    labels = [one.label for one in kept]
    signs = signs_of(boxes, labels, lines, [one.quality for one in kept]) | spirals_of(boxes, labels, lines)
    signs |= around | brackets_of(kept, lines) | marks_of(page, kept, lines)
    signs |= slashes_of(kept, lines, signs) | check_marks_of(page, kept)
    slivers = slivers_of(page, kept, lines) | sides_of(kept)
    strays = strays_of(kept, lines, page.ink.shape) | slivers | signs | labels_of(kept, pieces)
    if not strays and len(kept) == len(candidates):
        return kept, lines
    left = [[index for index in line if index not in strays] for line in lines]
    lines = [line for line in left if line]
    digits = {id(kept[index]) for line in lines for index in line}
    # Signs and slivers are no evidence against digits, except slivers in a room, which is full of edges.
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
    """Read all ink of a page as one digit; `grey` is the picture, turned by `degrees`."""
    whole = whole_of(page)
    pieces = [whole] if whole else []
    candidates = classifier.again(judge(page, pieces, classifier))
    return Stages(grey, page, pieces, candidates, degrees, *in_lines(page, candidates))


def _frames(candidates: Sequence[Candidate], digits: Collection[int]) -> set[int]:
    """Return the ids of candidates that are no digits and surround one: drawn boxes and rings.

    `digits` are the ids of the digits.
    """
    held = np.array([one.blob.box for one in candidates if id(one) in digits]).reshape(-1, 4)
    return {
        id(one) for one in candidates if one.label == NOT_A_DIGIT and surrounded(held, one.blob.box).any()
    }
