"""The part of a picture that may be read: the sheet that lies in it, or all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.background import COARSE_SIDE, MIDDLE_SIDE, reduce_by, shrink
from edgedigits.ink.blob import Blob, own_area
from edgedigits.ink.sheet import sheet_of, written_patches
from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

STRIP: Final = 3
"""How many times as long as wide a picture is that no camera takes: it was cut out of a page."""
SOFT: Final = 3
"""How far, in pixels of the working picture, a drawing's own soft edge reaches."""


class Cut(NamedTuple):
    """The part of a picture that may be read."""

    grey: Grey
    middle: Grey
    """The same, `glance` times smaller; around the sheet there is more of its paper."""
    coarse: Grey
    """And this at the size at which polarity and paper are judged."""
    glance: int
    origin: tuple[int, int]
    """Its upper left corner in the picture."""
    mask: Grey | None
    """255 where there is sheet in it, 0 elsewhere, at any scale; None if all of it may be read."""
    bright: bool | None = None
    """Whether its ink is brighter than its paper; None where that is to be found out."""
    broad: float = 0.0
    """Least width of the closing that tells the paper, as a share of the longer side; 0 finds it out."""
    may_be_shadow: bool = False
    """Whether it may be light or shade on a page that is written on elsewhere, too."""


def cut_out(grey: Grey) -> Cut:
    """The box around the sheet in a picture, uint8 [H, W]; all of it where there is none."""
    whole = uncut(grey)
    # Writing on so small a picture would not be seen from afar, and on a strip what is so is no sheet.
    far = whole.coarse.size < grey.size and max(grey.shape) < STRIP * min(grey.shape)
    sheet = sheet_of(whole.coarse) if far else None
    if sheet is None:
        return whole
    return _boxed(grey, sheet.mask)._replace(may_be_shadow=not sheet.is_sure)


def uncut(grey: Grey) -> Cut:
    """All of a picture, uint8 [H, W]."""
    glance = max(1, max(grey.shape) // MIDDLE_SIDE)
    middle = reduce_by(grey, glance)
    return Cut(grey, middle, shrink(middle, COARSE_SIDE), glance, (0, 0), None)


def patches_of(grey: Grey, cut: Cut) -> list[Cut]:
    """The boxes around what may be sheets in a picture, uint8 [H, W], and may as well be walls.

    `cut` is the part that was read already: if that was all, it is no patch.
    """
    coarse = uncut(grey).coarse
    patches = written_patches(coarse) if coarse.size < grey.size else []
    return [_boxed(grey, patch) for patch in patches if cut.mask is not None or not patch.all()]


def _boxed(grey: Grey, sheet: Grey) -> Cut:
    """The box around a sheet, which is 255 on 0 at a smaller scale than the picture's."""
    x, y, width, height = cv2.boundingRect(sheet)
    across, down = grey.shape[1] / sheet.shape[1], grey.shape[0] / sheet.shape[0]
    left, top = round(x * across), round(y * down)
    view = grey[top : round((y + height) * down), left : round((x + width) * across)]
    inner = uncut(np.ascontiguousarray(view))._replace(origin=(left, top))
    return _masked(inner, sheet[y : y + height, x : x + width])


def without(cut: Cut, page: Grey, drawings: Sequence[Blob]) -> Cut:
    """A cut with paper in place of what was drawn there; `drawings` are pieces of the ink of its `page`."""
    mask = np.full(page.shape, 255, np.uint8) if cut.mask is None else spread(cut.mask, page.shape)
    for drawing in drawings:
        x, y, width, height = drawing.box
        area = mask[y : y + height, x : x + width]
        area[own_area(drawing) > 0] = 0
    mask = as_bytes(cv2.erode(mask, np.ones((2 * SOFT + 1, 2 * SOFT + 1), np.uint8)))
    return _masked(cut, mask)


def _masked(cut: Cut, mask: Grey) -> Cut:
    """A cut of which only what is 255 in a mask may be read."""
    middle = covered(cut.middle, mask)
    return cut._replace(middle=middle, coarse=shrink(middle, COARSE_SIDE), mask=mask)


def covered(grey: Grey, mask: Grey) -> Grey:
    """The picture with the paper next to it where the mask is 0, so that there is no edge to find.

    Where the mask is 0 everywhere, as when a frame was drawn around all of a picture, none of it is left.
    """
    if not mask.any():
        return np.zeros_like(grey)
    own = spread(mask, grey.shape)
    wide = max(grey.shape) // 4 | 1

    def around(values: Grey) -> Any:
        """Means over a square, without what lies beyond the picture."""
        return cv2.blur(values.astype(np.float32), (wide, wide), borderType=cv2.BORDER_CONSTANT)

    near, light = around(own), around(as_bytes(cv2.bitwise_and(grey, own)))
    far = float(grey[own > 0].mean())
    paper = np.where(near >= 1, 255 * light / np.maximum(near, 1), far)
    return np.where(own > 0, grey, np.minimum(paper, 255)).astype(np.uint8)


def spread(mask: Grey, shape: tuple[int, ...]) -> Grey:
    """A mask at the scale of a picture of `shape`."""
    return as_bytes(cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_NEAREST))
