"""A few digits that fill the picture: their strokes are broad enough to pass for shade or for paper.

Other ways of telling ink from paper are tried where nothing is surely a digit. Each may as well make
digits of what is none: of a letter's firm strokes, or of the paper between them. So its digits have to stand
on paper by the picture's own grey, and not by what is taken for ink, and only shade may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from edgedigits import segment
from edgedigits.ink.blob import Blob, above, own_area
from edgedigits.ink.cut import Cut
from edgedigits.ink.page import Page, above_shade
from edgedigits.pictures import as_bytes
from edgedigits.pieces.candidates import sure
from edgedigits.quantiles import quantile
from edgedigits.results import NOT_A_DIGIT
from edgedigits.stages import CLUTTERED, Stages, surely_written

LARGE: Final = 0.2
"""Height of such digits, as a share of the picture's shorter side."""
BROAD: Final = 0.35
"""Width of the closing that swallows their strokes, as a share of the longer side, whatever else is drawn."""
MOST: Final = 100
"""Pieces of shade, and digits, up to which there may be such digits; what has more is a page, or none."""
SHADE: Final = 0.3
"""Fainter ink beside the darker, as a share of that, from which it may be shade: it was 0.5 to 6 on drawn
pages, and less than 0.01 beside the firm strokes of single letters."""
STEP: Final = 5
"""Pixels of the working picture within which the grey changes from ink to paper."""
EVEN: Final = 0.2
"""Change of the grey, as a share of the outline's highest, below which there is no paper beside the ink."""
OPEN: Final = 0.1
"""Share of its outline without paper beside it up to which something stands by itself: hardly any has where
it is a digit, and 0.13 and more where it is what lies between a letter's strokes."""


def other_pages(cut: Cut, stages: Stages) -> Iterator[tuple[Page, list[Blob], float]]:
    """What else may be the ink of a picture's cut, of which `stages` are what was read first.

    Each is a page, its pieces that may be digits or parts of one, and their height.
    """
    page = stages.page
    if surely_written(stages) or len(stages.pieces) > MOST:
        return  # nearly all pages
    yield from _without_shade(page)
    yield segment.look(cut._replace(bright=page.bright, broad=BROAD))
    negative = segment.look(cut._replace(bright=not page.bright))
    yield negative
    yield from _without_shade(negative[0])


def _without_shade(page: Page) -> Iterator[tuple[Page, list[Blob], float]]:
    """The same of a page with its darker ink alone, if there is much of the fainter."""
    firm = above_shade(page)
    ink = above(page.ink, firm.threshold)
    edges = cv2.dilate(ink, np.ones((STEP, STEP), np.uint8))
    faint = cv2.bitwise_and(above(page.ink, page.threshold), cv2.bitwise_not(edges))
    if cv2.countNonZero(faint) > SHADE * cv2.countNonZero(ink):
        yield segment.blobs_of(firm)


def may_fill(page: Page, pieces: Sequence[Blob]) -> bool:
    """Whether the pieces of a page may be a few large digits and some shade."""
    return len(pieces) <= MOST and any(_is_large(page, blob) for blob in pieces)


def fills(cut: Cut, found: Stages) -> bool:
    """Whether what was found in a cut is large sure digits that stand on paper, and little else as large."""
    large = [one for one in found.candidates if _is_large(found.page, one.blob)]
    digits = sure([one for one in large if one.label != NOT_A_DIGIT])
    if not 0 < digits == len(found.kept) or len(large) > CLUTTERED * digits:
        return False
    size = found.page.ink.shape[::-1]
    grey = cv2.resize(cut.grey, size, interpolation=cv2.INTER_AREA)
    steps = as_bytes(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((STEP, STEP), np.uint8)))
    return all(openness(steps, one.blob) <= OPEN for one in found.kept)


def _is_large(page: Page, blob: Blob) -> bool:
    side: int = min(page.ink.shape)
    return blob.box[3] >= LARGE * side


def openness(steps: segment.Grey, blob: Blob) -> float:
    """Share of a piece's outline at which the grey hardly changes; `steps` tells how much it does."""
    x, y, width, height = blob.box
    area = cv2.copyMakeBorder(own_area(blob), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    inner = cv2.erode(area, np.ones((3, 3), np.uint8))
    outline = cv2.subtract(area, inner)[1:-1, 1:-1]
    along = steps[y : y + height, x : x + width][outline > 0]
    return float(np.mean(along < EVEN * quantile(along, 0.9))) if along.size else 1.0
