"""Remove the blanks of a form, short rules for one digit each: a 7 that stands on one looks like a 2."""

from __future__ import annotations

from typing import Final

from edgedigits.ink.blob import Blob, shared_width
from edgedigits.ink.page import Page
from edgedigits.pieces.connected import is_whole
from edgedigits.pieces.foot_lines import above_line
from edgedigits.quantiles import median
from edgedigits.results import Box

FLAT: Final = 3.5
"""Least width of a short rule, as a multiple of its height."""
WIDE: Final = (0.3, 2.0)
HIGH: Final = 0.25
"""Its least and greatest width, and its greatest height, as shares of the page's typical height."""
BELOW: Final = (-0.05, 0.35)
"""Its least and greatest distance below a digit, as shares of the typical height."""
SHARED: Final = 0.5
"""Least horizontal overlap of rule and digit, as a share of the narrower one's width."""
FEWEST: Final = 3
"""Least number of short rules below digits that make a page a form; no drawn page without blanks has two."""
TOUCHING: Final = 0.75
"""Greatest share of the digits that may touch their blanks, since no blank is seen below them: on drawn pages
of fractions at least 0.83 have none."""
THICK: Final = 1.5
"""Greatest thickness of a blank that a digit touches, as a multiple of the others'."""
MOST: Final = 300
"""Greatest number of short rules; a picture with more is full of noise."""


def without_blanks(pieces: list[Blob], typical: float, page: Page) -> list[Blob]:
    """Return the pieces without their short level rules if these are the blanks of a form.

    Digits that touch their blanks, pieces with a level line at their foot and none below, lose it.
    """
    bars = {index: piece.box for index, piece in enumerate(pieces) if _is_bar(piece.box, typical)}
    if not FEWEST <= len(bars) <= MOST:
        return pieces  # nearly all pages
    below = {
        index: [bar for bar in bars.values() if _stands(piece.box, bar, typical)]
        for index, piece in enumerate(pieces)
        if is_whole(piece, typical)
    }
    filled = {bar for some in below.values() for bar in some}
    if len(filled) < FEWEST:
        return pieces
    touching = [index for index, found in below.items() if not found]
    above = dict[int, list[Blob]]()
    if len(touching) <= TOUCHING * len(below):  # else the bars of fractions: a 2 has a level foot, too
        thickest = THICK * median([bar[3] for bar in filled])
        above = {index: above_line(page, pieces[index], thickest) for index in touching}
    left = [index for index in range(len(pieces)) if index not in bars]
    return [part for index in left for part in above.get(index) or [pieces[index]]]


def _is_bar(box: Box, typical: float) -> bool:
    _, _, width, height = box
    least, most = WIDE
    return width >= FLAT * height and height <= HIGH * typical and least * typical <= width <= most * typical


def _stands(digit: Box, bar: Box, typical: float) -> bool:
    """Return whether a digit stands on a bar."""
    _, y, width, _ = bar
    _, top, wide, high = digit
    least, most = BELOW
    below = least * typical <= y - top - high <= most * typical
    return below and shared_width(bar, digit) >= SHARED * min(width, wide)
