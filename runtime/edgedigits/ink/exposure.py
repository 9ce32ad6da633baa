"""Pictures taken in too little light: made as bright as others before they are read.

Dark ink takes a share of the light away, whatever light there is. Bright ink gives light, so that chalk
in the dusk is hardly brighter than its board; and nothing is divided by less than `background.DARKEST_PAPER`.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edgedigits.ink.blob import above
from edgedigits.pictures import Picture, as_bytes

DIM: Final = 128
"""A picture that is hardly anywhere as bright was taken in too little light: half of a camera's range."""
BRIGHT: Final = 0.001
"""Share of a picture that may be brighter, as a lamp is: one digit's strokes cover more."""
DARKEST: Final = 12
"""Level up to which there is nothing to see: what a camera shows under its cap."""
ROWS: Final = 60
"""Rows of a picture that are looked at."""


def gain_of(grey: Picture) -> float:
    """By how much a grey picture, uint8 [H, W], is to be made brighter: 1.0 where it is bright enough."""
    rows = grey[:: max(1, len(grey) // ROWS)]
    most = BRIGHT * rows.size
    if cv2.countNonZero(above(rows, DIM - 1)) > most:
        return 1.0  # nearly all pictures
    brighter = np.cumsum(np.bincount(rows.ravel(), minlength=256)[::-1])[::-1]
    level = int(np.count_nonzero(brighter > most)) - 1
    return 255 / level if DARKEST < level < DIM else 1.0


def brightened(picture: Picture, gain: float) -> Picture:
    """Uint8 [H, W], [H, W, 3] or [H, W, 4] `gain` times as bright, at most 255; its transparency stays."""
    bright = as_bytes(cv2.convertScaleAbs(picture, alpha=gain))
    if picture.ndim == 3 and picture.shape[2] == 4:
        bright[:, :, 3] = picture[:, :, 3]
    return bright
