"""Bright rims that a camera's sharpening leaves around strokes: they are brighter than the paper."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.background import Ground, ground_under, ink_on
from edgedigits.ink.blob import above
from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

RIM: Final = 3
"""Width, in pixels of the coarse picture, that no rim reaches."""
NEAR: Final = 5
"""Width, in the same pixels, of the square around ink in which a rim would lie."""
BRIGHTER: Final = 0.03
"""Paper near ink is too bright by more than this share of its light if that is due to a rim..."""
OFTENER: Final = 2.0
"""...and by more than this many times as much as elsewhere, where it is due to noise or texture."""
HAZY: Final = 1.25
"""Ratio of pixels at least half as dark as ink to pixels as dark as ink above which a page is hazy; on most
pages it is 1.1."""


def is_hazy(ink: Grey, level: int) -> bool:
    """Return whether much of a page is nearly ink, as all paper near a rim is; ink is above `level`."""
    rows = ink[::8]
    nearly, surely = (cv2.countNonZero(above(rows, least)) for least in (level // 2, level))
    return nearly > HAZY * surely


def without_rims(ground: Ground, coarse: Grey, level: int) -> Ground | None:
    """Return the ground without the effect of bright rims; None if the ink has none.

    The closing takes the brightest value within its reach, so that all paper near a rim seems to be ink.
    `coarse`, uint8 [H, W], is the picture that `ground` was estimated from; values above `level` are ink.
    """
    lit = ~coarse if ground.bright else coarse
    dull = as_bytes(cv2.morphologyEx(lit, cv2.MORPH_OPEN, np.ones((RIM, RIM), np.uint8)))
    dimmer = ground_under(dull, ground.bright, (round(ground.reach * max(coarse.shape)),))
    ink = (ink_on(dimmer, coarse) > level).astype(np.uint8)
    near = as_bytes(cv2.dilate(ink, np.ones((NEAR, NEAR), np.uint8)))
    lost = cv2.subtract(ground.paper, dimmer.paper, dtype=cv2.CV_32F) / np.maximum(ground.paper, 1)
    beside, elsewhere = cv2.mean(lost, near)[0], cv2.mean(lost, 1 - near)[0]
    return dimmer if beside > max(BRIGHTER, OFTENER * elsewhere) else None
