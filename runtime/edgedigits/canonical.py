"""A crop of ink in, a 28x28 frame in MNIST's own framing out: nothing else resizes a digit.

MNIST's framing, as its authors describe it (LeCun et al., 1998) and as its pictures show: the tight
box of the ink scaled with its aspect kept until the longer side is 20 pixels, the greys of the
averaging kept, and the whole shifted so that the centre of mass is at the centre. In the training
pictures the centre of mass lies within half a pixel of pixel (14, 14) in each of them, so the shift
is an integer one and the centre is 14, counted from 0, not 13.5.
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
"""Factors, [400, 3], of the pixels of a box in its mass and in its moments to the right and downwards."""


def canonical(ink: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Frame one digit: `ink` is uint8 [h, w], bright on black, cropped tightly or loosely.

    Returns uint8 [28, 28]; all black where there is no ink. What is not ink must be exactly 0,
    because the box is the extent of all that is above 0.
    """
    frame: npt.NDArray[np.uint8] = canonicals([ink])[0]
    return frame


def canonicals(inks: Sequence[Any]) -> npt.NDArray[np.uint8]:
    """Frame each of several digits as `canonical` does: uint8 [n, 28, 28]."""
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
            # Averaging over the area keeps the amount of ink; for enlarging it amounts to linear.
            way = cv2.INTER_AREA if longest > BOX else cv2.INTER_LINEAR
            corner = corner[:height, :width]
            cv2.resize(crop, (width, height), dst=corner, interpolation=way)
        sized.append((corner, width, height))
    # All sums are whole numbers below 2 to the 24th, which 32 bits hold exactly.
    moments = (corners.reshape(count, BOX * BOX).astype(np.float32) @ _MOMENTS).tolist()
    for frame, (corner, width, height), (mass, across, down) in zip(frames, sized, moments, strict=True):
        if width:
            left = _start(across / mass if mass else width / 2, width)
            top = _start(down / mass if mass else height / 2, height)
            frame[top : top + height, left : left + width] = corner
    return frames


def _start(mass: float, length: int) -> int:
    """Where `length` pixels of ink start so that their centre of mass is at 14, and none is cut."""
    return min(max(math.floor(CENTRE - mass + 0.5), 0), SIZE - length)
