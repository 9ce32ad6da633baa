"""Ink that differs from its paper only in colour: seen through a red, green or blue filter.

Yellow on white and red on a green board are about as bright as what they stand on. In one of the camera's
three colour channels they are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from edgedigits.ink.background import MIDDLE_SIDE, shrink
from edgedigits.ink.blob import above
from edgedigits.ink.page import Page, page_of
from edgedigits.ink.strokes import shades_of
from edgedigits.pictures import Picture, as_bytes, through

FAINT: Final = 2.5
"""Clarity below which ink may be clearer in one channel; black pens have 5 and more."""
CLEAR: Final = 2.0
"""Clarity that noise alone hardly reaches."""
CLEARER: Final = 1.5
"""How many times as clear a channel must be as the grey picture: a camera's channels are noisier."""
GLANCE_SIDE: Final = 640
"""Longest side, in pixels, at which the channels are compared."""

HUES: Final = np.array([[0.5, -0.5, 0, 128], [0, -0.5, 0.5, 128]])
"""Transform of B, G, R into half of B - G and half of R - G, with 128 added."""
DIFFERS: Final = 6
"""Difference from the mean, on that scale, that is more than a webcam's noise."""
LEAST_INK: Final = 0.0002
"""Share of a picture that one small digit covers: 60 of 640 x 480 pixels."""


def clarity(page: Page, darkness: Sequence[float]) -> float:
    """Return how dark the page's ink is as a multiple of its threshold; 0.0 without any.

    `darkness` holds each piece's level, 0 to 255; their upper median counts. The threshold follows the noise,
    so this is how far the ink stands out from it.
    """
    return sorted(darkness)[len(darkness) // 2] / page.threshold if darkness else 0.0


def clearest(picture: Picture, grey: Picture) -> Picture | None:
    """Return the colour channel in which ink is clearest, uint8 [H, W], or None if it gains too little.

    `picture` is uint8 [H, W, 3] BGR or [H, W, 4] BGRA, and `grey` is the same in grey, uint8 [H, W].
    """
    if not _is_coloured(picture):
        return None
    colour, clear = _clearest_channel(picture)
    return colour if clear >= max(CLEAR, CLEARER * _clarity(shrink(grey, GLANCE_SIDE))) else None


def beside_grey(picture: Picture, grey: Picture) -> Picture | None:
    """Return the colour channel in which ink is clearest that is none in grey; None if it is hardly any.

    The arguments are those of `clearest`. Anything black beside such ink is clear in grey as well.
    """
    if not _is_coloured(picture):
        return None
    seen = page_of(shrink(grey, GLANCE_SIDE))
    known = cv2.dilate(above(seen.ink, seen.threshold), np.ones((5, 5), np.uint8))
    colour, clear = _clearest_channel(picture, as_bytes(known))
    return colour if clear >= CLEAR else None


def _clearest_channel(picture: Picture, known: Picture | None = None) -> tuple[Picture, float]:
    """Return the colour channel in which ink is clearest, uint8 [H, W], and its clarity; `known` as there."""
    colours = [through(picture, channel) for channel in range(3)]
    found = [_clarity(shrink(colour, GLANCE_SIDE), known) for colour in colours]
    most = max(range(3), key=lambda channel: found[channel])
    return colours[most], found[most]


def _is_coloured(picture: Picture) -> bool:
    """Return whether anything differs in colour from the rest; an empty page needs no comparison."""
    if picture.ndim == 2 or picture.shape[2] < 3:
        return False
    small = shrink(picture, MIDDLE_SIDE)
    if small.shape[2] == 4:
        small = as_bytes(cv2.cvtColor(small, cv2.COLOR_BGRA2BGR))
    hues = cv2.transform(small, HUES)
    blue, red, _, _ = cv2.mean(hues)
    least, most = (blue - DIFFERS, red - DIFFERS, 0, 0), (blue + DIFFERS, red + DIFFERS, 0, 0)
    plain = cv2.inRange(hues, least, most)
    return cv2.countNonZero(plain) < (1 - LEAST_INK) * plain.size


def _clarity(grey: Picture, known: Picture | None = None) -> float:
    """Return the clarity of a picture whose pieces are not known yet, from all of its ink.

    Ink where `known`, uint8 [h, w], is not 0 is left out; of the rest, less than a small digit's is none.
    """
    page = page_of(grey)
    ink = page.ink
    if known is not None:
        ink = ink.copy()
        ink[cv2.resize(known, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 0
        if cv2.countNonZero(above(ink, page.threshold)) < LEAST_INK * ink.size:
            return 0.0
    return shades_of(ink, np.uint8(page.threshold))[0] / page.threshold
