"""Remove the blanks of a form, short rules for one digit each: a 7 that stands on one looks like a 2."""

from __future__ import annotations

from typing import Final

from edgedigits.ink.blob import Blob, shared_width
from edgedigits.pieces.connected import is_whole
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
MOST: Final = 300
"""Greatest number of short rules; a picture with more is full of noise."""


def without_blanks(pieces: list[Blob], typical: float) -> list[Blob]:
    """Return the pieces without their short level rules if these are the blanks of a form."""
    bars = {index: piece.box for index, piece in enumerate(pieces) if _is_bar(piece.box, typical)}
    if not FEWEST <= len(bars) <= MOST:
        return pieces  # nearly all pages
    digits = [piece.box for piece in pieces if is_whole(piece, typical)]
    filled = [bar for bar in bars.values() if any(_stands(digit, bar, typical) for digit in digits)]
    if len(filled) < FEWEST:
        return pieces
    return [piece for index, piece in enumerate(pieces) if index not in bars]


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
