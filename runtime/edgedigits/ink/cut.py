"""The part of a picture that is read (the cut): the sheets that lie in it, or all of it."""

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
"""Aspect ratio from which a picture is a strip cut out of a page: no camera takes such pictures."""
SOFT: Final = 3
"""How far, in pixels of the working picture, the soft edge of a drawing reaches."""


class Cut(NamedTuple):
    """The part of a picture that is read."""

    grey: Grey
    middle: Grey
    """`grey`, reduced `glance` times; what lies around the sheet is replaced by its paper."""
    coarse: Grey
    """`middle` at the size at which polarity and paper are judged."""
    glance: int
    origin: tuple[int, int]
    """Upper left corner of `grey` in the picture, x and y."""
    mask: Grey | None
    """255 on the sheet, 0 elsewhere, at any scale; None if all of `grey` is read."""
    bright: bool | None = None
    """Whether the ink is brighter than its paper; None if that is not known yet."""
    broad: float = 0.0
    """Least width of the closing for the paper, as a share of the longer side; 0 leaves it open."""
    may_be_shadow: bool = False
    """Whether it may be a patch of light or shade on a page that has writing elsewhere, too."""


def cut_out(grey: Grey) -> Cut:
    """Return the bounding box of the sheets in a picture, uint8 [H, W]; if there are none, all of it."""
    whole = uncut(grey)
    # A picture so small cannot show its writing from afar, and what looks like a sheet on a strip is none.
    far = whole.coarse.size < grey.size and max(grey.shape) < STRIP * min(grey.shape)
    sheet = sheet_of(whole.coarse) if far else None
    if sheet is None:
        return whole
    return _boxed(grey, sheet.mask)._replace(may_be_shadow=not sheet.is_sure)


def uncut(grey: Grey) -> Cut:
    """Return all of a picture, uint8 [H, W], as a cut."""
    glance = max(1, max(grey.shape) // MIDDLE_SIDE)
    middle = reduce_by(grey, glance)
    return Cut(grey, middle, shrink(middle, COARSE_SIDE), glance, (0, 0), None)


def patches_of(grey: Grey, cut: Cut) -> list[Cut]:
    """Return the bounding boxes of patches in a picture, uint8 [H, W], that may be sheets, or else walls.

    `cut` is what was read already; if that was the whole picture, a patch that covers it all is left out.
    """
    coarse = uncut(grey).coarse
    patches = written_patches(coarse) if coarse.size < grey.size else []
    return [_boxed(grey, patch) for patch in patches if cut.mask is not None or not patch.all()]


def _boxed(grey: Grey, sheet: Grey) -> Cut:
    """Return the bounding box of a sheet, a mask of 255 on 0 at a smaller scale than the picture's."""
    x, y, width, height = cv2.boundingRect(sheet)
    across, down = grey.shape[1] / sheet.shape[1], grey.shape[0] / sheet.shape[0]
    left, top = round(x * across), round(y * down)
    view = grey[top : round((y + height) * down), left : round((x + width) * across)]
    inner = uncut(np.ascontiguousarray(view))._replace(origin=(left, top))
    return _masked(inner, sheet[y : y + height, x : x + width])


def without(cut: Cut, page: Grey, drawings: Sequence[Blob]) -> Cut:
    """Return a cut with paper in place of `drawings`, which are pieces of `page`, the cut's ink."""
    mask = np.full(page.shape, 255, np.uint8) if cut.mask is None else spread(cut.mask, page.shape)
    for drawing in drawings:
        x, y, width, height = drawing.box
        area = mask[y : y + height, x : x + width]
        area[own_area(drawing) > 0] = 0
    mask = as_bytes(cv2.erode(mask, np.ones((2 * SOFT + 1, 2 * SOFT + 1), np.uint8)))
    return _masked(cut, mask)


def _masked(cut: Cut, mask: Grey) -> Cut:
    """Return a cut of which only the part where the mask is 255 is read."""
    middle = covered(cut.middle, mask)
    return cut._replace(middle=middle, coarse=shrink(middle, COARSE_SIDE), mask=mask)


def covered(grey: Grey, mask: Grey) -> Grey:
    """Return the picture with paper from nearby where the mask is 0, so that there is no edge to find.

    If the mask is 0 everywhere, as when a frame was drawn around the whole picture, the result is black.
    """
    if not mask.any():
        return np.zeros_like(grey)
    own = spread(mask, grey.shape)
    wide = max(grey.shape) // 4 | 1

    def around(values: Grey) -> Any:
        """Return means over a square; what lies beyond the picture counts as 0."""
        return cv2.blur(values.astype(np.float32), (wide, wide), borderType=cv2.BORDER_CONSTANT)

    near, light = around(own), around(as_bytes(cv2.bitwise_and(grey, own)))
    far = float(grey[own > 0].mean())
    paper = np.where(near >= 1, 255 * light / np.maximum(near, 1), far)
    return np.where(own > 0, grey, np.minimum(paper, 255)).astype(np.uint8)


def spread(mask: Grey, shape: tuple[int, ...]) -> Grey:
    """Return a mask at the scale of a picture of `shape`."""
    return as_bytes(cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_NEAREST))
