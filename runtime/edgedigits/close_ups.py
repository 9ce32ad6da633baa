"""Read a few digits that fill the picture: their strokes are broad enough to pass for shade or for paper.

If nothing is surely a digit, other ways to tell ink from paper are tried. Each may also give false positives,
from the firm strokes of a letter or the paper between them. So the picture's own grey values, not what is
taken for ink, must show that the digits stand on paper, and nothing but shade may be left out.
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
"""Least height of such digits, as a share of the picture's shorter side."""
BROAD: Final = 0.35
"""Width of the closing that removes their strokes, as a share of the longer side, whatever else is drawn."""
MOST: Final = 100
"""Greatest number of pieces, of shade and digits; a picture with more is a full page, or no page at all."""
SHADE: Final = 0.3
"""Fainter ink away from the darker may be shade if there is more than this share of the darker. There was 0.5
to 6 times as much on drawn pages, and less than 0.01 beside the firm strokes of single letters."""
STEP: Final = 5
"""Pixels of the working picture within which the grey changes from ink to paper."""
EVEN: Final = 0.2
"""There is no paper beside the ink where the grey changes by less than this share of the 90th percentile
along the outline."""
OPEN: Final = 0.1
"""Greatest share of a digit's outline without paper beside it. Digits have hardly any such outline; what lies
between a letter's strokes has 0.13 and more."""


def other_pages(cut: Cut, stages: Stages) -> Iterator[tuple[Page, list[Blob], float]]:
    """Yield other pages that a cut may show; `stages` is its first reading.

    Each is a page, its pieces that may be digits or parts of one, and their typical height.
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
    """Yield the same for a page with its darker ink alone, if there is much fainter ink."""
    firm = above_shade(page)
    ink = above(page.ink, firm.threshold)
    edges = cv2.dilate(ink, np.ones((STEP, STEP), np.uint8))
    faint = cv2.bitwise_and(above(page.ink, page.threshold), cv2.bitwise_not(edges))
    if cv2.countNonZero(faint) > SHADE * cv2.countNonZero(ink):
        yield segment.blobs_of(firm)


def may_fill(page: Page, pieces: Sequence[Blob]) -> bool:
    """Return whether the pieces of a page may be a few large digits and some shade."""
    return len(pieces) <= MOST and any(_is_large(page, blob) for blob in pieces)


def fills(cut: Cut, found: Stages) -> bool:
    """Return whether a reading of a cut is large sure digits on paper, and little else as large."""
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
    """Return the share, 0..1, of a piece's outline at which the grey hardly changes.

    `steps` is the morphological gradient of the grey working picture.
    """
    x, y, width, height = blob.box
    area = cv2.copyMakeBorder(own_area(blob), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    inner = cv2.erode(area, np.ones((3, 3), np.uint8))
    outline = cv2.subtract(area, inner)[1:-1, 1:-1]
    along = steps[y : y + height, x : x + width][outline > 0]
    return float(np.mean(along < EVEN * quantile(along, 0.9))) if along.size else 1.0
