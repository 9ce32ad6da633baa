"""Strokes full of gaps: crayon on rough paper, chalk on a wall, a dry marker. They look like no digit.

The gaps of a picture are closed, and it is read anew: at another scale, since whole strokes are broader.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edgedigits.ink.background import reduce_by
from edgedigits.ink.blob import above
from edgedigits.ink.page import WORKING_SIDE
from edgedigits.pictures import Picture, as_bytes
from edgedigits.pieces.candidates import sure
from edgedigits.stages import Stages

ROUNDS: Final = 3
"""After so many none of the gaps of drawn pages is left."""
GAP: Final = 3
"""Width of the gaps that are closed, in pixels at the scale at which strokes are six wide."""
DOUBT: Final = 0.1
"""Share of a page's pieces that are no sure digits, above which it is looked at for gaps; two are enough."""
MUCH: Final = 0.04
MANY: Final = 4
"""Gaps, as a share of the ink and for each piece that may be a digit, from which strokes are full of them.
Narrow loops and corners are closed as well: a hundredth of whole digits' ink, and two or three a letter."""
MOST: Final = 300
"""Pieces up to which a picture may be such a page: a hundred digits, each in three; a room has more."""


def closed(stages: Stages, width: int = GAP) -> Picture | None:
    """The picture of a reading, uint8 [H, W], with the gaps of its strokes closed that are up to `width`.

    None where there are few of them, and where nearly all of the page surely is digits as it is.
    """
    unsure = len(stages.candidates) - sure(stages.candidates)
    if stages.candidates and unsure <= min(1, DOUBT * len(stages.candidates)):
        return None  # nearly all pages
    page = stages.page
    binary = above(page.ink, page.threshold)
    whole = cv2.morphologyEx(binary, cv2.MORPH_CLOSE, np.ones((GAP, GAP), np.uint8))
    gaps = cv2.subtract(whole, binary)
    if len(stages.pieces) > MOST or cv2.countNonZero(gaps) <= MUCH * cv2.countNonZero(binary):
        return None
    if cv2.connectedComponents(gaps)[0] <= MANY * len(stages.candidates):
        return None
    # A closing with a disk takes seconds on 12 megapixels; a smaller picture shows the strokes as well.
    factor = max(1, -(-max(stages.grey.shape) // WORKING_SIDE))
    size = max(GAP, round(width * max(page.scale) / factor))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    # Of dark ink it is the negative that is closed.
    operation = cv2.MORPH_CLOSE if page.bright else cv2.MORPH_OPEN
    filled = cv2.morphologyEx(reduce_by(stages.grey, factor), operation, disk)
    return as_bytes(cv2.resize(filled, stages.grey.shape[::-1]))
