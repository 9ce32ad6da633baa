"""The blanks of a form: a 7 on one was read as a 2."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.blob import Blob, above, outlined
from edgedigits.ink.page import Page
from edgedigits.pieces.blanks import MOST, without_blanks
from edgedigits.results import Box

DIGITS: list[Box] = [(60 * place, 100, 30, 40) for place in range(6)]


def below(digits: list[Box], gap: int, width: int = 40, height: int = 4) -> list[Box]:
    return [(x - 5, y + high + gap, width, height) for x, y, _, high in digits]


@pytest.mark.parametrize(
    ("bars", "left_out", "why"),
    [
        (below(DIGITS, 5), 6, "a digit on each blank"),
        (below(DIGITS, -2), 6, "which touch the digits' lower edge"),
        (below(DIGITS[:3], 5), 3, "three of six"),
        ([*below(DIGITS[:3], 5), (400, 145, 40, 4)], 4, "and one that nobody filled"),
        (below(DIGITS[:2], 5), 0, "two digits whose foot is apart"),
        (below(DIGITS, -25), 0, "bars through the digits, as of 7s"),
        (below(DIGITS, 30), 0, "far below: something else"),
        (below(DIGITS, 5, 20, 9), 0, "too high for their width"),
        (below(DIGITS, 5, 50, 12), 0, "too high for the page's digits"),
        (below(DIGITS, 5, 100, 4), 0, "too long for one digit"),
        ([(x + 12, y + high + 5, 6, 1) for x, y, _, high in DIGITS], 0, "dirt"),
        ([(x + 33, 110 + 12 * place % 24, 25, 4) for place, (x, *_) in enumerate(DIGITS)], 0, "dashes"),
        ([(7 * place, 300, 40, 4) for place in range(MOST + 1)], 0, "noise"),
        ([], 0, "a page without"),
    ],
)
def test_short_rules_below_digits(bars: list[Box], left_out: int, why: str) -> None:
    pieces = [Blob(box, (np.zeros((1, 1, 2), np.int32),)) for box in [*DIGITS, *bars]]
    empty = Page(np.zeros((400, 2200), np.uint8), 100, 5.0, (1.0, 1.0), False)
    kept = without_blanks(pieces, 40.0, empty)
    assert len(pieces) - len(kept) == left_out, why
    assert kept[:6] == pieces[:6], "digits stay"


@pytest.mark.parametrize(
    ("digits", "blanks", "thickness", "box", "why"),
    [
        (6, 5, 4, (27, 47, 47, 59), "the others stand above their blanks"),
        (6, 5, 9, (20, 47, 61, 74), "twice as thick as they are: the foot of a 2 whose blank is faint"),
        (6, 2, 4, (20, 47, 61, 69), "two blanks are no form"),
        (15, 3, 4, (20, 47, 61, 69), "the bars of fractions among many digits: the foot of a 2"),
    ],
)
def test_a_digit_that_touches_its_blank_loses_it(
    digits: int, blanks: int, thickness: int, box: Box, why: str
) -> None:
    """Regression: half of the digits were lost on a form whose blanks some of them touched."""
    ink = np.zeros((200, 100 * digits + 100), np.uint8)
    for place in range(digits):
        x = 50 + 100 * place
        cv2.ellipse(ink, (x, 80), (20, 30), 0, 0, 360, 255, 6)
        if place == 0:
            ink[112 : 112 + thickness, x - 30 : x + 31] = 255
        elif place <= blanks:
            ink[120:124, x - 30 : x + 31] = 255
    rings = without_blanks(outlined(above(ink, 100)), 66.0, Page(ink, 100, 6.0, (1.0, 1.0), False))
    assert min(piece.box for piece in rings) == box, why
