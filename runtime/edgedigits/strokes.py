"""How wide the strokes are, and faint or thin ink brought to what the classifier was taught."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

TAUGHT_STROKE: Final = 0.11
"""Stroke width over the longer side of the box, in MNIST's pictures (2.2 of 20 pixels)."""
FULL_INK: Final = 85
"""The percentile of a digit's ink that is taken as full black; the rest are edges and dry spots."""
FAINTEST: Final = 0.25
"""Ink below this share of a digit's own full ink is the blur around it."""


def stroke_width(ink: Grey, threshold: int) -> float:
    """The typical length, in pixels, of runs of ink: robust against blots and shadows.

    The median of level runs or of upright ones, whichever is less, since rules and table lines are
    long one way only. 0.0 where there is none. Runs of one pixel are noise and not counted.
    """
    binary = cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)[1]
    # OpenCV turns all of it in half the time in which numpy turns a quarter.
    return min(_median_run(binary[::4].ravel()), _median_run(cv2.transpose(binary)[::4].ravel()))


def _median_run(row: npt.NDArray[Any]) -> float:
    """The median length of the runs of ink, of 2 pixels or more, in uint8 [n]; 0.0 without any."""
    changes = np.flatnonzero(row[1:] != row[:-1])
    # Every other stretch between two changes is ink; subtracting slices costs half of `numpy.diff`.
    first = 1 if len(row) and row[0] else 0
    ends = changes[first + 1 :: 2]
    runs = ends - changes[first::2][: len(ends)]
    runs = runs[runs > 1]
    runs.sort()
    count = len(runs)
    return float(runs[count // 2] + runs[(count - 1) // 2]) / 2 if count else 0.0


def strengthen(crops: Sequence[Any], threshold: int) -> tuple[list[Grey], list[float]]:
    """Bring each digit's ink, uint8 [h, w], to full black, and thin strokes to the width of MNIST's.

    A thin pen, averaged down to 20 pixels, is a pale line such as MNIST does not have. Also returns
    how dark each one's ink was, 0 to 255. The digits stand side by side in one strip meanwhile: a call
    of OpenCV's on one of 20x35 pixels takes as long as on ten.
    """
    tallest = max([len(crop) for crop in crops])
    # A column between two digits keeps them apart.
    strip = np.zeros((tallest, sum([crop.shape[1] + 1 for crop in crops])), np.uint8)
    dark, left = [], 0
    for crop in crops:
        full = full_ink(crop, threshold)
        dark.append(full)
        if full > 0:
            if threshold > FAINTEST * full:
                _, crop = cv2.threshold(crop, threshold, 255, cv2.THRESH_TOZERO)
            height, width = crop.shape
            strip[:height, left : left + width] = cv2.convertScaleAbs(crop, alpha=255 / full)
        left += crop.shape[1] + 1
    _, ink = cv2.threshold(strip, round(255 * FAINTEST), 255, cv2.THRESH_TOZERO)
    _, solid = cv2.threshold(ink, 127, 255, cv2.THRESH_BINARY)
    inner = cv2.erode(solid, _CROSS, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    strong, left = [], 0
    for crop in crops:
        height, width = crop.shape
        right = left + width
        area = cv2.countNonZero(solid[:height, left:right])
        rim = area - cv2.countNonZero(inner[:height, left:right])
        digit: Any = ink[:height, left:right]
        missing = round(TAUGHT_STROKE * max(height, width) - 2 * area / max(1, rim))
        if missing > 0 and area:
            pad = missing
            wider = cv2.copyMakeBorder(digit, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
            digit = cv2.dilate(wider, _pen(missing + 1))
        strong.append(digit)
        left = right + 1
    return strong, dark


def full_ink(crop: Any, threshold: int) -> float:
    """The level, 0 to 255, that is full black in a digit, uint8 [h, w]; 0.0 where it has no ink."""
    values = crop.ravel()  # one axis is chosen from in less time than two
    values = values[values > threshold]
    if not len(values):
        return 0.0
    rank = len(values) * FULL_INK // 100
    values.partition(rank)
    return float(values[rank])


@lru_cache(maxsize=64)
def _pen(width: int) -> Grey:
    """A round pen's tip, uint8 [width, width]; one size serves most digits of a page."""
    return as_bytes(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)))


_CROSS: Final = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
