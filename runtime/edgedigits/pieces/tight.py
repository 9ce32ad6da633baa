"""A digit's box without the shade, or the paler writing, that its piece of ink reaches into."""

from __future__ import annotations

from typing import Final

import cv2

from edgedigits.ink.blob import Blob, above, own_area
from edgedigits.ink.page import Page
from edgedigits.ink.strokes import FAINTEST
from edgedigits.pictures import as_bytes
from edgedigits.pieces.candidates import Candidate
from edgedigits.pieces.layers import PALE

LOOSE: Final = 0.8
"""Share of a box's width or height that what the classifier saw of it fills, or less, where more than a
stroke's soft edge is left out."""


def tightened(page: Page, candidate: Candidate) -> Candidate:
    """The candidate with the box of what the classifier saw of it; nearly always it is the same."""
    if candidate.pale >= PALE * candidate.darkness:
        return candidate
    x, y, width, height = candidate.blob.box
    firm = above(page.ink[y : y + height, x : x + width], FAINTEST * candidate.darkness)
    own = as_bytes(cv2.bitwise_and(firm, own_area(candidate.blob)))
    left, top, across, down = cv2.boundingRect(own)
    if not down or (across > LOOSE * width and down > LOOSE * height):
        return candidate
    inner = own[top : top + down, left : left + across]
    blob = Blob((x + left, y + top, across, down), candidate.blob.contours, own=inner)
    return candidate._replace(blob=blob)
