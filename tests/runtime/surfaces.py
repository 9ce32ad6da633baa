"""What a drawn sheet lies on."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt


def wood(darkest: float = 60, brightest: float = 190) -> npt.NDArray[np.uint8]:
    """Return grain along the rows, between two grey levels: uint8 [480, 640]."""
    rng = np.random.default_rng(0)
    grain = rng.uniform(darkest, brightest, (480, 40)).astype(np.float32)
    smooth = cv2.resize(cv2.GaussianBlur(grain, (0, 0), 2), (640, 480))
    return np.asarray(smooth, np.uint8)
