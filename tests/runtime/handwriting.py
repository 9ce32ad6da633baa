"""Digits of a few strokes, for tests that draw their own pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

_STROKES = {
    "2": [(2, 8), (8, 1), (17, 1), (22, 8), (18, 18), (2, 39), (24, 39)],
    "3": [(2, 3), (12, 0), (21, 6), (18, 16), (9, 19), (20, 23), (23, 32), (13, 40), (1, 36)],
    "7": [(1, 1), (24, 1), (9, 40)],
    "8": [(19, 6), (10, 0), (2, 8), (19, 28), (14, 39), (4, 36), (4, 27), (19, 10), (19, 6)],
}


def write(picture: Any, sign: str, at: Sequence[float], ink: float, pen: int = 4, height: float = 40) -> None:
    """Write one of 2, 3, 7 and 8 into a picture, with its upper left corner at x, y."""
    points = np.array(_STROKES[sign]) * height / 40 + np.asarray(at)
    cv2.polylines(picture, [points.astype(np.int32)], False, ink, pen, cv2.LINE_AA)
