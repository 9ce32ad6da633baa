"""Two layers of ink: writing over paler ink that shines through from the other side or was wiped off."""

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
"""Ink below this share of the pen's darkness belongs to another layer."""
LEGIBLE: Final = 0.9
"""Mean quality from which a pale layer is writing, as pencil beside a marker; there it is 0.98 or more."""
ABOVE: Final = 1.3
"""Least darkness of writing, as a multiple of the darkest of the paler layer."""
FEWEST: Final = 2
"""Least number of pale pieces, or of digits with pale ink beside their own, that make a layer."""
COMPANY: Final = 4
"""Least number of digits that tell how dark the pen is."""
FIRM: Final = 0.5
"""Darkness, as a share of the pen's, above which a digit surely belongs to the upper layer."""
KEPT: Final = 0.9
"""Least number of sure digits in the upper layer alone, as a share of the firm ones in all ink: a few that
have ghosts under them may go."""
CLEAR: Final = 0.8
"""Quality above which a sure digit is not lost in the upper layer: without its soft edges it may be a little
less clear."""
EDGE: Final = 2
"""How far a stroke's own soft edge reaches, in pixels of the working picture."""
BESIDE: Final = 0.12
"""A piece is more than one digit if more than this share of its ink is pale and not an edge; in a single
digit that share is below 0.06."""


def upper_layer(page: Page, candidates: Sequence[Candidate]) -> int:
    """Return the threshold, 0..255, that separates writing from a paler layer under it.

    It is 0 if there is only one layer, or if the pale ink is writing, too.
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
    """Return whether the upper layer alone shows clearly fewer sure digits than all ink does firm ones.

    A hand that presses unevenly leaves pale strokes in its digits; they are no layer of their own.
    """
    least = FIRM * pen_of([one for one in candidates if one.label != NOT_A_DIGIT])
    kept = sum([one.quality > CLEAR for one in upper])
    return kept < KEPT * sure([one for one in candidates if one.darkness > least])


def pen_of(digits: Sequence[Candidate]) -> float:
    """Return how dark a page's pen is: the median, each digit weighted by its darkness times height squared.

    Without the weights, the pieces of a pale grid could outnumber the writing, which has more ink.
    """
    return weighted_median(
        [one.darkness for one in digits], [one.darkness * one.blob.box[3] ** 2 for one in digits]
    )


def _has_more(page: Page, candidate: Candidate) -> bool:
    """Return whether a piece has pale ink beside its digit's strokes, beyond their soft edges."""
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
