"""What cameras do to a picture before anyone sees it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edgedigits_bench.drawn.paper import Floats

RADIUS: Final = (1.5, 4.0)
"""Standard deviation, in pixels, of the blur against which a camera sharpens, at least and at most."""


def sharpened(picture: Floats, strength: float, rng: np.random.Generator) -> Floats:
    """A picture, 0 to 255, float32 [H, W, 3], after an unsharp mask: bright rims around all that is dark.

    `strength` is how many times what the blur takes is added.
    """
    blurred = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(*RADIUS)))
    return np.asarray(picture + strength * (picture - blurred), np.float32)
