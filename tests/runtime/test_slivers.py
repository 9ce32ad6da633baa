"""What is left of a hard edge: 1s and 7s with far less ink than a pen leaves."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.slivers import slivers_of

PEN, PALE = 200, 100
Piece = tuple[int, int, int]
"""What it is read as, how broad its stroke is and how dark: the page's strokes are six pixels wide."""

DIGITS: list[Piece] = [(label, 6, PEN) for label in (5, 8, 3)]
SLIVER: Piece = (1, 2, PALE)


def drawn(page: Page, place: int, piece: Piece) -> Candidate:
    """A stroke for a 1 or 7, a ring for any other."""
    label, broad, dark = piece
    x, (width, height) = 20 + 50 * place, (broad, 40) if label in (1, 7) else (30, 40)
    page.ink[20 : 20 + height, x : x + width] = dark
    if label not in (1, 7):
        page.ink[20 + broad : 20 + height - broad, x + broad : x + width - broad] = 0
    own = np.where(page.ink[20 : 20 + height, x : x + width] > 0, 255, 0).astype(np.uint8)
    contours = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(x, 20))[0]
    blob = Blob((x, 20, width, height), tuple(np.asarray(one, np.int32) for one in contours), own=own)
    return Candidate(blob, np.zeros((28, 28), np.uint8), dark, dark, label, 1.0, (0.1,) * 10, 1.0)


@pytest.mark.parametrize(
    ("pieces", "lines", "found", "why"),
    [
        ([*DIGITS, SLIVER], [[0, 1, 2, 3]], {3}, "the edge of a shadow beside digits"),
        ([*DIGITS, (7, 2, PALE)], [[0, 1, 2, 3]], {3}, "which may be a 7"),
        ([*DIGITS, SLIVER], [[0, 1, 2], [3]], {3}, "or alone in its line"),
        ([*DIGITS, (1, 6, PALE)], [[0, 1, 2, 3]], set(), "a pale 1 as broad as the pen"),
        ([*DIGITS, (1, 6, PALE)], [[0, 1, 2], [3]], set(), "also alone in its line"),
        ([*DIGITS, (1, 2, 150)], [[0, 1, 2, 3]], set(), "a thin 1 that is as dark as the pen, or nearly"),
        ([*DIGITS, (0, 2, PALE)], [[0, 1, 2, 3]], set(), "any other digit is no edge"),
        (
            [*DIGITS, SLIVER, (4, 2, PALE)],
            [[0, 1, 2], [3, 4]],
            set(),
            "pencil: another digit of its line has no more ink",
        ),
        (
            [*DIGITS, SLIVER, (4, 2, PALE)],
            [[0, 1, 2, 3, 4]],
            set(),
            "one such digit is enough, whatever else is in the line",
        ),
        (
            [*DIGITS, SLIVER, SLIVER, (4, 2, PALE)],
            [[0, 1, 2, 3, 4], [5]],
            {3, 4},
            "but not one in another line, or one that is a sliver",
        ),
        ([SLIVER], [[0]], set(), "nothing tells the pen"),
        ([], [], set(), "nothing"),
    ],
)
def test_strokes_with_hardly_any_ink(
    pieces: Sequence[Piece], lines: list[list[int]], found: set[int], why: str
) -> None:
    page = Page(np.zeros((80, 400), np.uint8), 30, 6.0, (1.0, 1.0), False)
    candidates = [drawn(page, place, piece) for place, piece in enumerate(pieces)]
    assert slivers_of(page, candidates, lines) == found, why
