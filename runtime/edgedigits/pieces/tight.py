"""Tighten the bounding box of a digit whose piece extends into shade or paler writing."""

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
"""A box is tightened if the ink that the classifier saw fills at most this share of its width or height: more
than a stroke's soft edge is then left out."""


def tightened(page: Page, candidate: Candidate) -> Candidate:
    """Return the candidate with the box of the ink that the classifier saw; nearly always it is unchanged."""
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
