"""Add a stroke to a digit, drawn with the digit's own stroke width."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

SIDE = 28
MARGIN = SIDE // 2
"""Pixels around the frame for strokes that leave it; the result is framed again."""
INK = 60
"""Grey level above which a pixel clearly is ink."""
_FINE = 4
"""Factor by which strokes are drawn larger, so that their edges are grey like a real pen's."""


def width_of(ink: Image) -> float:
    """Return the stroke width in pixels: twice the area over the length of the outline."""
    mask = (ink > 127).astype(np.uint8)
    outline = mask - cv2.erode(mask, np.ones((3, 3), np.uint8))
    return float(np.clip(2 * mask.sum() / max(int(outline.sum()), 1), 1.5, 5))


def stroke(points: npt.NDArray[np.float64], digit: Image, rng: np.random.Generator) -> Image:
    """Draw a line through points [n, 2], in pixels of the digit's frame, about as wide as its strokes.

    Returned in a frame with a margin: uint8 [28 + 2 * MARGIN, 28 + 2 * MARGIN].
    """
    side = SIDE + 2 * MARGIN
    width = width_of(digit) * rng.uniform(0.75, 1.2)
    canvas = np.zeros((side * _FINE, side * _FINE), np.uint8)
    places = np.rint((points + MARGIN) * _FINE * 16).astype(np.int32)
    cv2.polylines(canvas, [places], False, 255, max(1, round(width * _FINE)), cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
