"""Two layers of ink: what shines through from the other side, or was wiped off, lies under the writing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from edgedigits.ink.blob import own_area
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate, sure
from edgedigits.quantiles import weighted_median
from edgedigits.results import NOT_A_DIGIT

PALE: Final = 0.4
"""Darkness, as a share of the pen's, below which something is of another layer."""
LEGIBLE: Final = 0.9
"""Mean quality from which a pale layer is writing, as pencil beside a marker; it is 0.98 and more there."""
ABOVE: Final = 1.3
"""How many times as dark as the darkest of the paler layer writing is at least."""
FEWEST: Final = 2
"""Pale pieces, or digits with pale ink beside theirs, that make a layer."""
COMPANY: Final = 4
"""Digits from which a page's pen is known."""
FIRM: Final = 0.5
"""Darkness, as a share of the pen's, above which a digit is surely of the upper layer."""
KEPT: Final = 0.9
"""Share of the firm digits that the upper layer alone shows at least; of those that ghosts lie under it may
show fewer."""
EDGE: Final = 2
"""How far, in pixels of the working picture, a stroke's own soft edge reaches."""
BESIDE: Final = 0.12
"""Share of a piece's ink that is pale and no edge from which there is more than one digit in it; it is
below 0.06 in a digit by itself."""


def upper_layer(page: Page, candidates: Sequence[Candidate]) -> int:
    """The threshold, 0..255, above which only the writing's ink lies, where a paler layer lies under it.

    0 where there is one layer alone, or what is pale is written, too.
    """
    darkest = max([one.darkness for one in candidates], default=0.0)
    if not any(one.darkness < PALE * darkest or one.pale < PALE * one.darkness for one in candidates):
        return 0
    digits = [one for one in candidates if one.label != NOT_A_DIGIT]
    if not digits:
        return 0
    pen = pen_of(digits)
    least = PALE * pen
    if sum([one.darkness >= least for one in digits]) < COMPANY:
        return 0
    pale = [one for one in candidates if one.darkness < least]
    mixed = [one for one in digits if one.darkness >= least and _has_more(page, one)]
    count = len(pale) + len(mixed)
    legible = sum([one.quality for one in pale if one.label != NOT_A_DIGIT])
    if count < FEWEST or legible >= LEGIBLE * count:
        return 0
    # Hairlines of the pen are hardly darker than the layer.
    layer = max([one.darkness for one in pale] + [one.pale for one in mixed])
    return round(min(least, ABOVE * layer))


def loses(upper: Sequence[Candidate], candidates: Sequence[Candidate]) -> bool:
    """Whether the upper layer's ink makes fewer sure digits than there were firm ones among all ink's.

    A hand that presses unevenly leaves pale strokes in its digits, which are no other layer.
    """
    least = FIRM * pen_of([one for one in candidates if one.label != NOT_A_DIGIT])
    return sure(upper) < KEPT * sure([one for one in candidates if one.darkness > least])


def pen_of(digits: Sequence[Candidate]) -> float:
    """How dark a page's pen is: the median, each digit weighted by its darkness and its height squared.

    However many pieces there are of a pale grid, its writing has more ink.
    """
    return weighted_median(
        [one.darkness for one in digits], [one.darkness * one.blob.box[3] ** 2 for one in digits]
    )


def _has_more(page: Page, candidate: Candidate) -> bool:
    """Whether beside a digit's strokes, and not at their edges, there is pale ink in its piece."""
    if candidate.pale >= PALE * candidate.darkness:
        return False
    x, y, width, height = candidate.blob.box
    crop = page.ink[y : y + height, x : x + width]
    ink = cv2.bitwise_and(
        own_area(candidate.blob), cv2.threshold(crop, page.threshold, 255, cv2.THRESH_BINARY)[1]
    )
    strokes = cv2.threshold(crop, PALE * candidate.darkness, 255, cv2.THRESH_BINARY)[1]
    near = cv2.dilate(strokes, np.ones((2 * EDGE + 1, 2 * EDGE + 1), np.uint8))
    beside = cv2.countNonZero(cv2.bitwise_and(ink, cv2.bitwise_not(near)))
    return beside > BESIDE * cv2.countNonZero(ink)
