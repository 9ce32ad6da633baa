"""A line or a column of digits that was cut out of its page so closely that they touch the picture's rim.

What touches it and is as high as the picture is the edge of a table or a sheet elsewhere. So where nothing
but such pieces and digits of their height is seen, the picture is looked at once more with paper around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2

from edgedigits import segment
from edgedigits.close_ups import MOST, fills
from edgedigits.ink.background import paper_of
from edgedigits.ink.blob import Blob, above, at_rim, outlined
from edgedigits.ink.cut import Cut, uncut
from edgedigits.ink.page import Page
from edgedigits.pictures import as_bytes
from edgedigits.pieces.connected import SMALL, WIDE
from edgedigits.stages import FEW, Stages, is_cluttered, surely_written

HIGH: Final = 0.5
"""Height, as a share of the picture's shorter side, of what touches its rim and may be a digit; the lowest of
a line may have `SMALL`."""
MARGIN: Final = 0.6
"""Width of the paper around it, as a share of the picture's shorter side: one digit is no wider, then, than
what lies around it."""


def with_margin(cut: Cut, stages: Stages) -> Iterator[tuple[Cut, Page, list[Blob], float]]:
    """A picture with paper around it, where digits may touch its rim; `stages` are what was read without.

    Each is the picture, its page, the pieces that may be digits or parts of one, and their height. First
    the ink that was seen, which has no rules any more; then all anew, since broad strokes that are cut off
    pass for paper; and what was taken for paper, where nothing surely is a digit.
    """
    page = stages.page
    least = SMALL * min(page.ink.shape)
    unread = not surely_written(stages)
    if not unread and any(one.blob.box[3] < least for one in stages.kept):
        return  # nearly all pages
    if cut.mask is not None or len(stages.pieces) > MOST:
        return
    if unread or any(_may_be_digit(page, blob) for blob in outlined(above(page.ink, page.threshold))):
        wide = _widened(cut, page.bright)
        yield wide, *segment.blobs_of(_padded(page, wide))
        yield wide, *segment.look(wide)
        if unread:
            other = _widened(cut, not page.bright)
            yield other, *segment.look(other)


def _padded(page: Page, wide: Cut) -> Page:
    """A page with paper around its ink, as around the picture."""
    (left, top), (across, down) = wide.origin, page.scale
    x, y = round((page.origin[0] - left) / across), round((page.origin[1] - top) / down)
    ink = as_bytes(cv2.copyMakeBorder(page.ink, y, y, x, x, cv2.BORDER_CONSTANT, value=0))
    return page._replace(
        ink=ink, origin=(page.origin[0] - round(x * across), page.origin[1] - round(y * down))
    )


def _may_be_digit(page: Page, blob: Blob) -> bool:
    """Whether a piece touches the rim, is about as high as the picture's shorter side, and no line."""
    _, _, width, height = blob.box
    shape = page.ink.shape
    return at_rim(blob.box, shape) and height >= HIGH * min(shape) and height / 6 < width <= WIDE * height


def _widened(cut: Cut, bright: bool) -> Cut:
    """The picture of a cut with the paper at its rim going on beyond that."""
    # The strokes of digits that fill the picture are broad for it.
    reach = min(cut.coarse.shape) | 1
    paper = paper_of(~cut.coarse if bright else cut.coarse, (reach,))[0]
    size = cut.grey.shape[::-1]
    plain = cv2.resize(~paper if bright else paper, size, interpolation=cv2.INTER_LINEAR)
    margin = round(MARGIN * min(size))
    wide = as_bytes(cv2.copyMakeBorder(plain, *(margin,) * 4, cv2.BORDER_REPLICATE))
    wide[margin:-margin, margin:-margin] = cut.grey
    left, top = cut.origin
    return uncut(wide)._replace(origin=(left - margin, top - margin), bright=bright)


def shows_more(wide: Cut, found: Stages, before: Stages) -> bool:
    """Whether a picture with paper around it shows more digits than `before`, and little else."""
    sure = surely_written(found)
    if sure <= surely_written(before):
        return False
    return fills(wide, found) or (sure > FEW and not is_cluttered(found))
