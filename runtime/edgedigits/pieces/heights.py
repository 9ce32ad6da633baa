"""How high the writing on a page is, whatever else there is on it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

import numpy as np

from edgedigits.ink.blob import LEAST_HEIGHT, Blob, surrounded
from edgedigits.ink.slender import LONG, is_line
from edgedigits.quantiles import weighted_median

SPECK: Final = 3.0
"""Stroke widths: the height from which a piece may be writing."""
OUTVOTED: Final = 0.15
"""Pieces that are much higher than the others, as a share of these, up to which they are no digits."""
COMPANY: Final = 4
"""Pieces from which a page's writing is known."""
SEVERAL: Final = 2
"""Pieces from which what is drawn around them is a frame."""


def typical_height(blobs: Sequence[Blob], stroke: float) -> float:
    """The height that stands for a page: the median, each piece weighted by its height and its shorter side.

    Without the weight a hundred specks would outvote ten digits, and with the height squared four pieces of
    a crease two dozen. Still one long edge of a shadow, or a frame around the page, outvotes them: a few
    pieces at least twice as high as the median of the many others have no vote. What is less than `SPECK`
    strokes high is none of the others.
    """
    sizes = sorted([(blob.box[3], blob.box[2]) for blob in blobs])
    heights = [height for height, _ in sizes]
    weights = [height * min(width, height) for height, width in sizes]
    while True:
        typical = weighted_median(heights, weights)
        lower = bisect_right(heights, typical / 2)
        writing = lower - bisect_left(heights, SPECK * stroke, 0, lower)
        if len(heights) - lower > OUTVOTED * writing:
            return float(typical)
        del heights[lower:], weights[lower:]


def voters(blobs: Sequence[Blob], shape: tuple[int, ...], stroke: float) -> Sequence[Blob]:
    """The pieces whose heights tell that of the writing: all but long lines, where there are enough others,
    and what is drawn around others.

    The two sides of a sheet that lies aslant outvoted the eleven digits on it, and a large ring six in it.
    """
    long = LONG * max(shape)
    others = [
        blob
        for blob in blobs
        if sum(blob.box[2:]) < long  # a line is shorter than its box's two sides
        or not any(is_line(contour, shape, stroke) for contour in blob.contours)
    ]
    writing = sum([blob.box[3] >= SPECK * stroke for blob in others])
    voting = others if writing >= COMPANY else blobs
    return [blob for blob in voting if min(blob.box[2:]) < long or not _holds_several(blob, voting, stroke)]


def _holds_several(frame: Blob, blobs: Sequence[Blob], stroke: float) -> bool:
    """Whether several pieces of writing stand within a piece's box."""
    least = max(LEAST_HEIGHT, SPECK * stroke)
    boxes = np.array([blob.box for blob in blobs if blob.box[3] >= least]).reshape(-1, 4)
    return bool(surrounded(boxes, frame.box).sum() >= SEVERAL)
