"""The blanks of a form, short rules on which one digit stands each: a 7 on one of them looks like a 2."""

from __future__ import annotations

from typing import Final

from edgedigits.ink.blob import Blob, shared_width
from edgedigits.pieces.connected import is_whole
from edgedigits.results import Box

FLAT: Final = 3.5
"""Width of a short rule, as a share of its height, at least."""
WIDE: Final = (0.3, 2.0)
HIGH: Final = 0.25
"""Its width, at least and at most, and its height, at most, as shares of the page's typical height."""
BELOW: Final = (-0.05, 0.35)
"""How far it is below a digit, in the same shares."""
SHARED: Final = 0.5
"""Share of the narrower one's width that lies below the digit, at least."""
FEWEST: Final = 3
"""From so many digits with a short rule below them a page has blanks: without, no drawn page has two."""
MOST: Final = 300
"""Short rules from which a picture is no page, but full of noise."""


def without_blanks(pieces: list[Blob], typical: float) -> list[Blob]:
    """The pieces without short level rules, where these are the blanks of a form."""
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
    """Whether a digit stands on a bar."""
    _, y, width, _ = bar
    _, top, wide, high = digit
    least, most = BELOW
    below = least * typical <= y - top - high <= most * typical
    return below and shared_width(bar, digit) >= SHARED * min(width, wide)
