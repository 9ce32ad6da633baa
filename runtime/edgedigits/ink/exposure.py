"""Brighten pictures taken in too little light before they are read.

Dark ink takes a share of the light away, however much light there is. Bright ink adds light, so chalk in the
dusk is hardly brighter than its board; and no ink is divided by less than `background.DARKEST_PAPER`.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edgedigits.ink.blob import above
from edgedigits.pictures import Picture, as_bytes

DIM: Final = 128
"""A picture with hardly a pixel this bright was taken in too little light: half of a camera's range."""
BRIGHT: Final = 0.001
"""Share of a dim picture that may be brighter, such as a lamp; the strokes of one digit cover more."""
DARKEST: Final = 12
"""Level up to which there is nothing to see: what a camera shows with its cap on."""
ROWS: Final = 60
"""How many rows of a picture are sampled."""


def gain_of(grey: Picture) -> float:
    """Return the factor by which to brighten a grey picture, uint8 [H, W]; 1.0 if it is bright enough."""
    rows = grey[:: max(1, len(grey) // ROWS)]
    most = BRIGHT * rows.size
    if cv2.countNonZero(above(rows, DIM - 1)) > most:
        return 1.0  # nearly all pictures
    brighter = np.cumsum(np.bincount(rows.ravel(), minlength=256)[::-1])[::-1]
    level = int(np.count_nonzero(brighter > most)) - 1
    return 255 / level if DARKEST < level < DIM else 1.0


def brightened(picture: Picture, gain: float) -> Picture:
    """Return uint8 [H, W], [H, W, 3] or [H, W, 4] `gain` times as bright, at most 255; alpha stays."""
    bright = as_bytes(cv2.convertScaleAbs(picture, alpha=gain))
    if picture.ndim == 3 and picture.shape[2] == 4:
        bright[:, :, 3] = picture[:, :, 3]
    return bright
