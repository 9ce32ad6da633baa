"""Bright rims around strokes, which cameras leave that sharpen their pictures: paper is not as bright."""

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
"""Pixels of the coarse picture than which a rim is narrower."""
NEAR: Final = 5
"""Width of the square, in pixels of that, around ink in which a rim would be."""
BRIGHTER: Final = 0.03
"""Share of its light by which paper near ink is too bright at least, where that is a rim's;"""
OFTENER: Final = 2.0
"""and how many times as bright as elsewhere, where it is noise or texture."""
HAZY: Final = 1.25
"""Pixels at least half as dark as ink has to be, to each that is as dark; on most pages 1.1."""


def is_hazy(ink: Grey, level: int) -> bool:
    """Whether much of a page is nearly ink, as all paper is that lies near a rim; `level` is ink's least."""
    rows = ink[::8]
    nearly, surely = (cv2.countNonZero(above(rows, least)) for least in (level // 2, level))
    return nearly > HAZY * surely


def without_rims(ground: Ground, coarse: Grey, level: int) -> Ground | None:
    """The ground without what bright rims make of it; None where ink has none.

    The closing takes the brightest value within its reach, so that all paper near a rim is ink against it.
    `coarse` is the picture that `ground` is of, uint8 [H, W], `level` that above which a value is ink.
    """
    lit = ~coarse if ground.bright else coarse
    dull = as_bytes(cv2.morphologyEx(lit, cv2.MORPH_OPEN, np.ones((RIM, RIM), np.uint8)))
    dimmer = ground_under(dull, ground.bright, (round(ground.reach * max(coarse.shape)),))
    ink = (ink_on(dimmer, coarse) > level).astype(np.uint8)
    near = as_bytes(cv2.dilate(ink, np.ones((NEAR, NEAR), np.uint8)))
    lost = cv2.subtract(ground.paper, dimmer.paper, dtype=cv2.CV_32F) / np.maximum(ground.paper, 1)
    beside, elsewhere = cv2.mean(lost, near)[0], cv2.mean(lost, 1 - near)[0]
    return dimmer if beside > max(BRIGHTER, OFTENER * elsewhere) else None
