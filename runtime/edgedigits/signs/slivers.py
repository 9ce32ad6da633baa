"""Find slivers, remains of the hard edge of a shadow or sheet: 1s and 7s with far less ink than a pen's."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import Final

import cv2

from edgedigits.ink.blob import Blob, above, own_ink
from edgedigits.ink.page import Grey, Page
from edgedigits.ink.strokes import stroke_width
from edgedigits.pictures import as_bytes
from edgedigits.pieces.candidates import Candidate
from edgedigits.pieces.layers import pen_of
from edgedigits.signs.strays import STROKES

PALER: Final = 0.7
"""Darkness, as a share of the darkest digit's, below which a 1 or 7 may be the remains of an edge."""
LEAST_INK: Final = 0.4
"""A stroke with less ink per length (width times darkness) than this share of the pen's is a sliver."""


def slivers_of(page: Page, candidates: Sequence[Candidate], lines: Sequence[Sequence[int]]) -> frozenset[int]:
    """Return the indices of the 1s and 7s with hardly any ink; `lines` holds indices of candidates.

    Beside a broad pen, a pencil leaves as little ink, so they stay if another digit in their line has little
    ink, too.
    """
    darkest = max([one.darkness for one in candidates], default=0.0)
    pale = [
        (index, line)
        for line in lines
        for index in line
        if candidates[index].label in STROKES and candidates[index].darkness < PALER * darkest
    ]
    if not pale:
        return frozenset()
    pen = pen_of(candidates)
    slivers = set[int]()
    for index, line in pale:
        ink = _ink_of_stroke(page, candidates[index])
        if ink < LEAST_INK * page.stroke * pen:
            others = [candidates[other] for other in line if candidates[other].label not in STROKES]
            if all(ink < LEAST_INK * _ink_of(page, other) for other in others):
                slivers.add(index)
    return frozenset(slivers)


def _ink_of_stroke(page: Page, candidate: Candidate) -> float:
    """Return width (working pixels) times darkness (0..255) of a digit of one or two strokes."""
    _, _, width, height = candidate.blob.box
    return cv2.countNonZero(_binary(page, candidate.blob)) * candidate.darkness / hypot(width, height)


def _ink_of(page: Page, candidate: Candidate) -> float:
    """Return the same for a digit of several strokes."""
    return stroke_width(_binary(page, candidate.blob), 0) * candidate.darkness


def _binary(page: Page, blob: Blob) -> Grey:
    """Return a piece's ink above the page's threshold, 255 on 0: uint8 [h + 2, w + 2], its border empty."""
    own = above(own_ink(page.ink, blob), page.threshold)
    return as_bytes(cv2.copyMakeBorder(own, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0))
