"""Close the gaps in strokes of crayon on rough paper, chalk on a wall, or a dry marker.

With gaps they look like no digit. The closed picture is read again, at another scale, because whole strokes
are broader.
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
"""Number of rounds after which no gap of the drawn pages is left."""
GAP: Final = 3
"""Width of the gaps that are closed, in pixels at the scale at which strokes are six wide."""
DOUBT: Final = 0.1
"""A page is examined for gaps if more than this share of its candidates, or two of them, are not surely
digits."""
MUCH: Final = 0.04
MANY: Final = 3
"""Strokes are full of gaps if these exceed `MUCH` as a share of the ink and `MANY` per candidate. Narrow
loops and corners are closed, too, but they are only a hundredth of whole digits' ink, and two or three per
letter."""
MOST: Final = 300
"""Greatest number of pieces of such a page: a hundred digits in three pieces each; a room has more."""


def closed(stages: Stages, width: int = GAP) -> Picture | None:
    """Return the picture of a reading, uint8 [H, W], with the gaps in its strokes up to `width` closed.

    `width` is in pixels of the working picture. Returns None if there are few gaps, or if nearly all of the
    page surely is digits already.
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
    # A closing with a disk takes seconds on 12 megapixels; a smaller picture still shows the strokes.
    factor = max(1, -(-max(stages.grey.shape) // WORKING_SIDE))
    size = max(GAP, round(width * max(page.scale) / factor))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    # Opening a picture of dark ink closes the gaps: it is a closing of the negative.
    operation = cv2.MORPH_CLOSE if page.bright else cv2.MORPH_OPEN
    filled = cv2.morphologyEx(reduce_by(stages.grey, factor), operation, disk)
    return as_bytes(cv2.resize(filled, stages.grey.shape[::-1]))
