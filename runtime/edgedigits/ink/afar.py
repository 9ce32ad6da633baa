"""A picture seen from afar, with its strokes closed: smooth patches, their outlines, and the ink on them."""

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
"""Width of the strokes that are closed, as a share of the longer side: three times that of a broad pen."""
OUTLINE: Final = 1 / 80
"""Half the width of an outline, in which the light changes from one patch's to the other's."""
STEP: Final = 0.08
"""From one pixel to the next the light on paper changes by less, as a share of it; the sheet's outline,
or that of a shadow, is a higher step..."""
LEAST_STEP: Final = 8
"""...and one of at least so many grey levels: less is noise."""
INK: Final = 0.1
LEAST_INK: Final = 12
"""What differs more from its surroundings, as a share of them and in grey levels, is ink or texture."""
TEXTURE: Final = 0.3
"""Share of ink around a place from which it is texture: only small and bold writing has as much."""
_LEVELS: Final = np.arange(256)
_STEP_ON: Final = np.maximum(LEAST_STEP, STEP * _LEVELS).astype(np.uint8)
_INK_ON: Final = np.maximum(LEAST_INK, INK * _LEVELS).astype(np.uint8)
"""What counts as a step and as ink on paper of each level."""


class View(NamedTuple):
    """A picture seen from afar; all uint8 [H, W]."""

    grey: Grey
    paper: Grey
    """The same with its strokes closed."""
    outlines: Grey
    """255 where one patch ends."""
    ink: Grey
    """255 on strokes and texture."""
    between: Grey
    """255 on what belongs to no patch: outlines, and where there is more ink than writing has."""


def has_outlines(grey: Grey, least: float) -> bool:
    """Whether outlines take at least that share of a picture."""
    closed = _closed(grey)
    # Opening makes no step that is not there yet.
    if steepest(closed) <= _STEP_ON[int(cv2.minMaxLoc(closed)[0])]:
        return False  # most pages
    return cv2.countNonZero(_opened(closed, _stroke(grey))[1]) >= least * grey.size


def outlines(grey: Grey) -> tuple[Grey, Grey]:
    """A picture with its strokes closed, dark and bright ones, and 255 at the outlines of what is left."""
    return _opened(_closed(grey), _stroke(grey))


def _closed(grey: Grey) -> Grey:
    """A picture with its dark strokes closed, as wide as one of these larger on all sides."""
    width = _stroke(grey)
    # What the picture cuts off goes on behind its rim, or a strip of table there would be a stroke.
    around = cv2.copyMakeBorder(grey, width, width, width, width, cv2.BORDER_REPLICATE)
    return as_bytes(cv2.morphologyEx(around, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8)))


def _opened(closed: Grey, width: int) -> tuple[Grey, Grey]:
    """The picture with its bright strokes, so wide, closed as well, and 255 at the outlines in it."""
    smooth = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((width, width), np.uint8))
    steps = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    inner = slice(width, -width)
    paper = as_bytes(smooth[inner, inner])
    return paper, as_bytes(cv2.compare(steps[inner, inner], cv2.LUT(paper, _STEP_ON), cv2.CMP_GT))


def _stroke(grey: Grey) -> int:
    """Width of the strokes that are closed, in pixels, odd."""
    longest: int = max(grey.shape)
    return round(longest * STROKES) | 1


def gap(grey: Grey) -> Grey:
    """A square of the width of an outline."""
    width = 2 * round(max(grey.shape) * OUTLINE) + 1
    return np.ones((width, width), np.uint8)


def view_of(coarse: Grey) -> View:
    """See the patches of a picture and what is written on them."""
    paper, ends = outlines(coarse)
    width = _stroke(coarse)
    ink = cv2.compare(cv2.absdiff(coarse, paper), cv2.LUT(paper, _INK_ON), cv2.CMP_GT)
    _, texture = cv2.threshold(cv2.blur(ink, (width, width)), 255 * TEXTURE, 255, cv2.THRESH_BINARY)
    return View(coarse, paper, ends, as_bytes(ink), as_bytes(cv2.bitwise_or(ends, texture)))


def share(mask: Grey, where: Grey) -> float:
    """Which share of the pixels of `where` are set in a mask, too."""
    return cv2.countNonZero(cv2.bitwise_and(mask, where)) / max(1, cv2.countNonZero(where))


def level_of(view: View, where: Grey) -> float:
    """How bright a part of the picture is, 0 to 255."""
    return median(view.grey[where > 0])
