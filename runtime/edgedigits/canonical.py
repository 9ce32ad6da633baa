"""Turn a crop of ink into a 28x28 frame in MNIST's framing; nothing else resizes a digit.

MNIST's framing, as its authors describe it (LeCun et al., 1998) and as its pictures show: the tight bounding
box of the ink is scaled, keeping its aspect ratio, until the longer side is 20 pixels. The grey levels that
averaging gives are kept. Then the digit is shifted so that its centre of mass is at the centre of the frame.
In every training picture the centre of mass lies within half a pixel of pixel (14, 14), counted from 0. So
the shift is a whole number of pixels, and the centre is 14, not 13.5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

SIZE: Final = 28
BOX: Final = 20
CENTRE: Final = 14
_PLACES: Final = np.arange(BOX)
_MOMENTS: Final = np.stack(
    [np.ones(BOX * BOX), np.tile(_PLACES, BOX), np.repeat(_PLACES, BOX)], axis=1, dtype=np.float32
)
"""[400, 3]: the weight of each pixel of a box in its mass and in its first moments in x and y."""


def canonical(ink: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Frame one digit: `ink` is uint8 [h, w], bright on black, cropped tightly or loosely.

    Returns uint8 [28, 28], all black if there is no ink. The background must be exactly 0, because the
    bounding box takes in every pixel above 0.
    """
    frame: npt.NDArray[np.uint8] = canonicals([ink])[0]
    return frame


def canonicals(inks: Sequence[Any]) -> npt.NDArray[np.uint8]:
    """Frame several digits as `canonical` does; return uint8 [n, 28, 28]."""
    count = len(inks)
    frames = np.zeros((count, SIZE, SIZE), np.uint8)
    corners = np.zeros((count, BOX, BOX), np.uint8)  # each digit in the upper left corner of its box
    sized = []
    for ink, corner in zip(inks, corners, strict=True):
        x, y, width, height = cv2.boundingRect(ink)
        crop = ink[y : y + height, x : x + width]
        longest = max(width, height)
        if longest == BOX:
            corner = corner[:height, :width]
            corner[:] = crop
        elif longest:
            width = max(1, (2 * width * BOX + longest) // (2 * longest))
            height = max(1, (2 * height * BOX + longest) // (2 * longest))
            # Area averaging keeps the amount of ink; when enlarging, it amounts to linear interpolation.
            way = cv2.INTER_AREA if longest > BOX else cv2.INTER_LINEAR
            corner = corner[:height, :width]
            cv2.resize(crop, (width, height), dst=corner, interpolation=way)
        sized.append((corner, width, height))
    # All sums are whole numbers below 2**24, which float32 holds exactly.
    moments = (corners.reshape(count, BOX * BOX).astype(np.float32) @ _MOMENTS).tolist()
    for frame, (corner, width, height), (mass, across, down) in zip(frames, sized, moments, strict=True):
        if width:
            left = _start(across / mass if mass else width / 2, width)
            top = _start(down / mass if mass else height / 2, height)
            frame[top : top + height, left : left + width] = corner
    return frames


def _start(mass: float, length: int) -> int:
    """Return where `length` pixels of ink start so that their centre of mass is at 14 and none is cut off."""
    return min(max(math.floor(CENTRE - mass + 0.5), 0), SIZE - length)
