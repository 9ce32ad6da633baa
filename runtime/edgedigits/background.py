"""Grey picture in, ink out: the polarity is found, the paper estimated and divided away.

The paper is a morphological closing at low resolution: the brightest value within reach of each
place, taken back to the true outline of dark regions. Unlike a mean it does not grow halos around
thick strokes, and it follows the hard edge of a shadow exactly.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

MIDDLE_SIDE: Final = 320
"""The longest side, in pixels, at which the polarity is judged: strokes can still be seen."""
COARSE_SIDE: Final = 160
"""The longest side, in pixels, at which the paper is estimated: light changes slowly over a page."""
REACH: Final = 25
"""Width of the closing at that size: more than the widest stroke, a sixth of the picture."""
DARKEST_PAPER: Final = 40
"""Paper darker than this is taken as this bright, or its noise would be amplified into ink."""


def flatten(grey: Grey) -> tuple[Grey, bool]:
    """Return the ink, uint8 [H, W], 0 paper to 255 black on white, and whether the ink was bright.

    The value is the share of light that the ink takes away (255 * (1 - grey / paper)), the same in
    light and in shadow. For bright ink on a dark ground the picture is inverted first.
    """
    height, width = grey.shape
    middle = shrink(grey, MIDDLE_SIDE)
    bright = is_bright(middle)
    if bright:
        grey, middle = ~grey, ~middle
    coarse = shrink(middle, COARSE_SIDE)
    paper = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((REACH, REACH), np.uint8))
    paper = np.maximum(cv2.blur(paper, (3, 3)), DARKEST_PAPER)
    if paper.shape != grey.shape:
        paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    # Rounded to nearest, so paper that is brighter than its estimate saturates to 255: no ink.
    return as_bytes(cv2.bitwise_not(cv2.divide(grey, paper, scale=255))), bright


def is_bright(grey: Grey) -> bool:
    """Whether the ink is brighter than its ground, as chalk on slate.

    Ink covers less of its surroundings than the ground does, so against the local mean it deviates
    further: the third moment has the sign of the ink. Both sides of a shadow's edge cancel.
    """
    window = max(3, max(grey.shape) // 8) | 1
    deviation = cv2.subtract(grey, cv2.blur(grey, (window, window)), dtype=cv2.CV_32F).ravel()
    return float(np.dot(deviation * deviation, deviation)) > 0


def shrink(grey: Grey, longest: int) -> Grey:
    """Average to at most about `longest` pixels on the longer side, by a whole factor.

    Whole factors take OpenCV's fast path where they divide the size; the last rows and columns that
    do not fill a block are averaged into their neighbours.
    """
    factor = max(grey.shape) // longest
    if factor < 2:
        return grey
    size = (max(1, grey.shape[1] // factor), max(1, grey.shape[0] // factor))
    return as_bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
