"""Read a line or column of digits that was cropped so closely that the digits touch the picture's rim.

In other pictures, a piece that touches the rim and is as high as the picture is the edge of a table or sheet.
So the picture is read again, with paper around it, only if no smaller digits are found.
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
"""Least height of a piece that touches the rim and may be a digit, as a share of the picture's shorter side;
for the lowest digit of a line it is `SMALL`."""
MARGIN: Final = 0.6
"""Width of the margin of paper, as a share of the picture's shorter side: one digit is then no wider than the
paper around it."""


def with_margin(cut: Cut, stages: Stages) -> Iterator[tuple[Cut, Page, list[Blob], float]]:
    """Yield versions of a picture with paper around it, if digits may touch its rim.

    Each is the widened cut, its page, the pieces that may be digits or parts of one, and their typical
    height. First comes the ink as found without a margin, with rules already removed. Then the ink is looked
    for again, because broad strokes that are cut off may pass for paper. If nothing is surely a digit, the
    opposite polarity follows. `stages` is the reading without a margin.
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
    """Return a page with the same margin around its ink as the picture in `wide` has."""
    (left, top), (across, down) = wide.origin, page.scale
    x, y = round((page.origin[0] - left) / across), round((page.origin[1] - top) / down)
    ink = as_bytes(cv2.copyMakeBorder(page.ink, y, y, x, x, cv2.BORDER_CONSTANT, value=0))
    return page._replace(
        ink=ink, origin=(page.origin[0] - round(x * across), page.origin[1] - round(y * down))
    )


def _may_be_digit(page: Page, blob: Blob) -> bool:
    """Return whether a piece touches the rim and has a height and width that a digit there may have."""
    _, _, width, height = blob.box
    shape = page.ink.shape
    return at_rim(blob.box, shape) and height >= HIGH * min(shape) and height / 6 < width <= WIDE * height


def _widened(cut: Cut, bright: bool) -> Cut:
    """Return a cut whose paper continues beyond the picture's rim."""
    # The closing is as wide as the picture's shorter side: digits that fill the picture have broad strokes.
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
    """Return whether a picture with paper around it shows more sure digits than `before`, and little else."""
    sure = surely_written(found)
    if sure <= surely_written(before):
        return False
    return fills(wide, found) or (sure > FEW and not is_cluttered(found))
