"""A crop of ink in, a 28x28 frame in MNIST's own framing out: nothing else resizes a digit.

MNIST's framing, as its authors describe it (LeCun et al., 1998) and as its pictures show: the tight
box of the ink scaled with its aspect kept until the longer side is 20 pixels, the greys of the
averaging kept, and the whole shifted so that the centre of mass is at the centre. In the training
pictures the centre of mass lies within half a pixel of pixel (14, 14) in each of them, so the shift
is an integer one and the centre is 14, counted from 0, not 13.5.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

SIZE: Final = 28
BOX: Final = 20
CENTRE: Final = 14


def canonical(
    ink: npt.NDArray[np.uint8], frame: npt.NDArray[np.uint8] | None = None
) -> npt.NDArray[np.uint8]:
    """Frame one digit: `ink` is uint8 [h, w], bright on black, cropped tightly or loosely.

    Returns uint8 [28, 28]; all black where there is no ink. What is not ink must be exactly 0,
    because the box is the extent of all that is above 0. A black `frame` of that size is filled
    instead of a new one.
    """
    if frame is None:
        frame = np.zeros((SIZE, SIZE), np.uint8)
    x, y, width, height = cv2.boundingRect(ink)
    if width == 0 or height == 0:
        return frame
    crop = ink[y : y + height, x : x + width]
    longest = max(width, height)
    if longest != BOX:
        width = max(1, (2 * width * BOX + longest) // (2 * longest))
        height = max(1, (2 * height * BOX + longest) // (2 * longest))
        # Averaging over the area keeps the amount of ink; for enlarging it amounts to linear.
        way = cv2.INTER_AREA if longest > BOX else cv2.INTER_LINEAR
        crop = cv2.resize(crop, (width, height), interpolation=way)  # type: ignore[assignment]
    moments = cv2.moments(crop)
    mass = moments["m00"]
    left = _start(moments["m10"] / mass if mass else width / 2, width)
    top = _start(moments["m01"] / mass if mass else height / 2, height)
    frame[top : top + height, left : left + width] = crop
    return frame


def _start(mass: float, length: int) -> int:
    """Where `length` pixels of ink start so that their centre of mass is at 14, and none is cut."""
    return min(max(math.floor(CENTRE - mass + 0.5), 0), SIZE - length)
