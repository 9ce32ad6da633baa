"""Remove percent signs: of their two rings and the stroke, any two look like a 9, a 1 or an 8."""

from __future__ import annotations

from typing import Final

from edgedigits.ink.blob import Blob, above, blob_of, own_ink
from edgedigits.ink.contours import nested
from edgedigits.ink.page import Page
from edgedigits.results import Box

RING: Final = (0.2, 0.55)
"""Least and greatest height of a ring, as shares of the stroke's."""
ROUND: Final = 1.8
"""Greatest ratio of a ring's longer to its shorter side."""
TALL: Final = (0.7, 1.2)
"""Least and greatest height of the stroke, as multiples of the typical height."""
NEAR: Final = 0.2
"""Greatest distance of a ring from the stroke's box, as a share of its height."""
MOST: Final = 100
"""Greatest number of small pieces; a picture with more is full of noise."""

Centre = tuple[float, float]


def without_percents(pieces: list[Blob], typical: float, page: Page) -> list[Blob]:
    """Return a page's pieces without percent signs of which at least one ring is a piece by itself."""
    least, most = RING[0] * TALL[0] * typical, RING[1] * TALL[1] * typical
    low = [index for index, one in enumerate(pieces) if least <= one.box[3] <= most and _is_round(one.box)]
    if not 0 < len(low) <= MOST:
        return pieces  # nearly all pages
    rings = [index for index in low if len(_holes(page, pieces[index])) == 1]
    tall = [index for index, one in enumerate(pieces) if TALL[0] * typical <= one.box[3] <= TALL[1] * typical]
    signs = set[int]()
    for index in tall:
        stroke = pieces[index]
        near = [ring for ring in rings if ring != index and _is_beside(pieces[ring].box, stroke.box)]
        middles = [_centre(pieces[ring].box) for ring in near]
        if near and _is_sign(stroke.box, middles, _holes(page, stroke)):
            signs |= {index, *near}
    return [piece for index, piece in enumerate(pieces) if index not in signs]


def _is_sign(stroke: Box, rings: list[Centre], holes: list[Box]) -> bool:
    """Return whether one ring is at the upper left of a stroke and one at the lower right.

    `holes` are those in the stroke's own piece: a ring that touches it has one, and may leave one between.
    """
    x, y, width, height = stroke
    middle, half = x + width / 2, y + height / 2
    if any(hole[3] > RING[1] * height or hole[2] > width / 2 for hole in holes):
        return False
    touching = [_centre(hole) for hole in holes]
    if {down < half for _, down in rings} & {down < half for _, down in touching}:
        return False  # an 8 has a hole in either half
    places = rings + touching
    return any(across < middle and down < half for across, down in places) and any(
        across > middle and down > half for across, down in places
    )


def _is_round(box: Box) -> bool:
    _, _, width, height = box
    return max(width, height) <= ROUND * min(width, height)


def _is_beside(ring: Box, stroke: Box) -> bool:
    """Return whether a piece is as high as a ring of this stroke, and as near to it."""
    x, y, width, height = stroke
    left, top, across, down = ring
    reach = NEAR * height
    return (
        RING[0] * height <= down <= RING[1] * height
        and x - across - reach <= left <= x + width + reach
        and y - reach <= top
        and top + down <= y + height + reach
    )


def _centre(box: Box) -> Centre:
    x, y, width, height = box
    return x + width / 2, y + height / 2


def _holes(page: Page, piece: Blob) -> list[Box]:
    """Return the bounding boxes of the holes in a piece."""
    binary = above(own_ink(page.ink, piece), page.threshold)
    contours, parents = nested(binary, piece.box[:2])
    return [
        blob_of(contours[index]).box for index, parent in enumerate(parents) if parent >= 0 > parents[parent]
    ]
