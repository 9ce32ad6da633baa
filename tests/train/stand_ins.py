"""What stands in for digits where outliers are made of them."""

from __future__ import annotations

import numpy as np


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return one stand-in for each digit: a ring, so that halves, mirrors and pairs have something to cut."""
    y, x = np.mgrid[:28, :28]
    ring = (np.abs(np.hypot((x - 13.5) * 1.3, y - 13.5) - 8) < 1.6).astype(np.uint8) * 255
    ring[4:14, 12:15] = 255
    return np.stack([ring] * 10), np.arange(10, dtype=np.uint8)
