"""How wide the strokes are, and faint or thin ink brought to what the classifier was taught."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median

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
    return median(runs) if len(runs) else 0.0


def strengthen(crop: Any, threshold: int) -> tuple[Grey, float]:
    """Bring a digit's ink, uint8 [h, w], to full black, and thin strokes to the width of MNIST's.

    A thin pen, averaged down to 20 pixels, is a pale line such as MNIST does not have. Also returns
    how dark the ink was, 0 to 255.
    """
    values = crop[crop > threshold]
    if not len(values):
        return np.zeros_like(crop), 0.0
    rank = len(values) * FULL_INK // 100
    values.partition(rank)
    full = float(values[rank])
    crop = cv2.threshold(crop, max(threshold, FAINTEST * full), 255, cv2.THRESH_TOZERO)[1]
    longest = max(crop.shape)
    ink = cv2.threshold(crop, max(threshold, full / 2), 255, cv2.THRESH_BINARY)[1]
    area = cv2.countNonZero(ink)
    inner = cv2.countNonZero(cv2.erode(ink, _CROSS, borderType=cv2.BORDER_CONSTANT, borderValue=0))
    width = 2 * area / max(1, area - inner)
    missing = round(TAUGHT_STROKE * longest - width)
    if missing > 0:
        pad = missing
        wider = cv2.copyMakeBorder(crop, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
        crop = cv2.dilate(wider, _pen(missing + 1))
    return as_bytes(cv2.convertScaleAbs(crop, alpha=255 / full)), full


@lru_cache(maxsize=64)
def _pen(width: int) -> Grey:
    """A round pen's tip, uint8 [width, width]; one size serves most digits of a page."""
    return as_bytes(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)))


_CROSS: Final = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
