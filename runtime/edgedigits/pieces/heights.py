"""The typical height of the writing on a page, whatever else is on it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

import numpy as np

from edgedigits.ink.blob import LEAST_HEIGHT, Blob, surrounded
from edgedigits.ink.slender import LONG, is_line
from edgedigits.quantiles import weighted_median

SPECK: Final = 3.0
"""Least height of a piece of writing, in stroke widths."""
OUTVOTED: Final = 0.15
"""Pieces much higher than the others are no digits if there are at most so many, as a share of the others."""
COMPANY: Final = 4
"""Least number of pieces that tell how high the writing is."""
SEVERAL: Final = 2
"""Least number of pieces within something drawn around them that make it a frame."""


def typical_height(blobs: Sequence[Blob], stroke: float) -> float:
    """Return the typical height: the median, each piece weighted by its height times its shorter side.

    Without the weight a hundred specks would outvote ten digits; with the height squared four pieces of a
    crease would outvote two dozen. One long edge of a shadow, or a frame around the page, still would. So the
    pieces higher than half of the median lose their vote if they are few compared with the others, and the
    median is taken again. Pieces less than `SPECK` stroke widths high do not count as others.
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
    """Return the pieces that decide the typical height: no frames, and no long lines if enough others remain.

    The two sides of a tilted sheet outvoted the eleven digits on it, and a large ring the six digits in it.
    """
    long = LONG * max(shape)
    others = [
        blob
        for blob in blobs
        if sum(blob.box[2:]) < long  # a line is shorter than the two sides of its bounding box
        or not any(is_line(contour, shape, stroke) for contour in blob.contours)
    ]
    writing = sum([blob.box[3] >= SPECK * stroke for blob in others])
    voting = others if writing >= COMPANY else blobs
    return [blob for blob in voting if min(blob.box[2:]) < long or not _holds_several(blob, voting, stroke)]


def _holds_several(frame: Blob, blobs: Sequence[Blob], stroke: float) -> bool:
    """Return whether several pieces of writing stand within the bounding box of a piece."""
    least = max(LEAST_HEIGHT, SPECK * stroke)
    boxes = np.array([blob.box for blob in blobs if blob.box[3] >= least]).reshape(-1, 4)
    return bool(surrounded(boxes, frame.box).sum() >= SEVERAL)
