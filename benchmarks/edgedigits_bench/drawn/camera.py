"""What cameras do to a picture before it is stored."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes
from edgedigits_bench.drawn.paper import Floats

Bytes = npt.NDArray[np.uint8]

RADIUS: Final = (1.5, 4.0)
"""Range of the standard deviation, in pixels, of the blur in the camera's unsharp mask."""


def sharpened(picture: Floats, strength: float, rng: np.random.Generator) -> Floats:
    """Apply an unsharp mask to a picture in 0..255, float32 [H, W, 3]: bright halos around dark things.

    `strength` is how many times the difference to the blurred picture is added.
    """
    blurred = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(*RADIUS)))
    return np.asarray(picture + strength * (picture - blurred), np.float32)


def coded(picture: Bytes, quality: int) -> Bytes:
    """Return a picture, uint8 [H, W, 3], after JPEG of that quality, 1 to 100."""
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return as_bytes(cv2.imdecode(data, cv2.IMREAD_COLOR))
