"""A picture seen from afar: smooth patches, their outlines, and the ink on them.

"From afar" means at low resolution and without strokes: a morphological closing removes dark strokes, an
opening bright ones.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.background import steepest
from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median

Grey = npt.NDArray[np.uint8]

STROKES: Final = 1 / 18
"""Width of the structuring element that removes strokes, as a share of the longer side: three times that of a
broad pen's strokes."""
OUTLINE: Final = 1 / 80
"""Half the width of an outline, as a share of the longer side; across an outline, brightness changes from one
patch's level to the next one's."""
STEP: Final = 0.08
"""An outline of a sheet or a shadow is a step from one pixel to the next of more than this share of the
brightness, since light on paper changes more slowly..."""
LEAST_STEP: Final = 8
"""...and of more than this many grey levels: less is noise."""
INK: Final = 0.1
LEAST_INK: Final = 12
"""A pixel is ink or texture if it differs from its surroundings by more than both: this share of their
brightness, and this many grey levels."""
TEXTURE: Final = 0.3
"""Share of ink in its surroundings above which a pixel is texture: only small, bold writing has so much."""
_LEVELS: Final = np.arange(256)
_STEP_ON: Final = np.maximum(LEAST_STEP, STEP * _LEVELS).astype(np.uint8)
_INK_ON: Final = np.maximum(LEAST_INK, INK * _LEVELS).astype(np.uint8)
"""For paper of each grey level: the difference above which there is a step, or ink."""


class View(NamedTuple):
    """A picture seen from afar; all fields are uint8 [H, W]."""

    grey: Grey
    paper: Grey
    """`grey` without its strokes, dark or bright."""
    outlines: Grey
    """255 at the outlines of patches."""
    ink: Grey
    """255 on strokes and texture."""
    between: Grey
    """255 where there is no patch: at outlines, and where there is more ink than writing has."""


def has_outlines(grey: Grey, least: float) -> bool:
    """Return whether outlines cover at least the share `least` of a picture."""
    closed = _closed(grey)
    # The opening that follows makes no new steps.
    if steepest(closed) <= _STEP_ON[int(cv2.minMaxLoc(closed)[0])]:
        return False  # most pages
    return cv2.countNonZero(_opened(closed, _stroke(grey))[1]) >= least * grey.size


def outlines(grey: Grey) -> tuple[Grey, Grey]:
    """Return a picture without its strokes, dark or bright, and the outlines in what is left, 255 on 0."""
    return _opened(_closed(grey), _stroke(grey))


def _closed(grey: Grey) -> Grey:
    """Return a picture with its dark strokes closed, larger by the width of a stroke on each side."""
    width = _stroke(grey)
    # The border is replicated, or a strip of table that it cuts off would be removed as a stroke.
    around = cv2.copyMakeBorder(grey, width, width, width, width, cv2.BORDER_REPLICATE)
    return as_bytes(cv2.morphologyEx(around, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8)))


def _opened(closed: Grey, width: int) -> tuple[Grey, Grey]:
    """Remove bright strokes up to `width` as well, and the margin; return that and its outlines, 255 on 0."""
    smooth = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((width, width), np.uint8))
    steps = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    inner = slice(width, -width)
    paper = as_bytes(smooth[inner, inner])
    return paper, as_bytes(cv2.compare(steps[inner, inner], cv2.LUT(paper, _STEP_ON), cv2.CMP_GT))


def _stroke(grey: Grey) -> int:
    """Return the width of the strokes that are removed, in pixels; it is odd."""
    longest: int = max(grey.shape)
    return round(longest * STROKES) | 1


def gap(grey: Grey) -> Grey:
    """Return a square structuring element as wide as an outline."""
    width = 2 * round(max(grey.shape) * OUTLINE) + 1
    return np.ones((width, width), np.uint8)


def view_of(coarse: Grey) -> View:
    """Find the patches of a picture, and what is written on them."""
    paper, ends = outlines(coarse)
    width = _stroke(coarse)
    ink = cv2.compare(cv2.absdiff(coarse, paper), cv2.LUT(paper, _INK_ON), cv2.CMP_GT)
    _, texture = cv2.threshold(cv2.blur(ink, (width, width)), 255 * TEXTURE, 255, cv2.THRESH_BINARY)
    return View(coarse, paper, ends, as_bytes(ink), as_bytes(cv2.bitwise_or(ends, texture)))


def share(mask: Grey, where: Grey) -> float:
    """Return the share of the pixels of `where` that are set in `mask` as well."""
    return cv2.countNonZero(cv2.bitwise_and(mask, where)) / max(1, cv2.countNonZero(where))


def level_of(view: View, where: Grey) -> float:
    """Return how bright a part of the picture is, 0 to 255: its median."""
    return median(view.grey[where > 0])
