"""Grey picture in, ink out: the paper is estimated, divided away, and the polarity found.

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
    factor = COARSE_SIDE / max(height, width)
    if factor < 1:
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        coarse = as_bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    else:
        coarse = grey
    kernel = np.ones((REACH, REACH), np.uint8)
    paper = as_bytes(cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, kernel))
    slate = as_bytes(cv2.morphologyEx(coarse, cv2.MORPH_OPEN, kernel))
    bright = _energy(coarse, slate) > _energy(paper, coarse)
    if bright:
        grey, paper = ~grey, ~slate
    paper = np.maximum(cv2.blur(paper, (3, 3)), DARKEST_PAPER).astype(np.uint8)
    if paper.shape != grey.shape:
        paper = as_bytes(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR))
    light = cv2.divide(grey, paper, scale=255)
    return as_bytes(cv2.bitwise_not(light)), bright


def _energy(above: Grey, below: Grey) -> float:
    """How strongly one picture stands above the other: the sum of squares favours strokes over noise."""
    return float(cv2.norm(above, below, cv2.NORM_L2SQR))
