"""Rings drawn around numbers on ruled paper: where they are level, they look like rules."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.arcs import arcs_of
from edgedigits.ink.smooth import Curve

Line = tuple[Curve, tuple[int, int]]
WIDTH = 640


def line(first: int, last: int, row: float, sagitta: float = 0.0) -> Line:
    """Return a line whose middle lies a share of its length above its ends (below them if negative)."""
    middle, half = (first + last) / 2, (last - first) / 2
    bend = 4 * sagitta / (2 * half)
    return (bend, -2 * bend * middle, row + bend * middle**2), (first, last)


RULES = [line(0, WIDTH - 1, row, 0.008) for row in range(40, 460, 60)]


@pytest.mark.parametrize(
    ("lines", "found", "why"),
    [
        ([line(100, 300, 80, 0.04), line(105, 290, 150, -0.04)], {0, 1}, "a ring"),
        ([line(100, 300, 80, 0.022), line(105, 290, 150, -0.022)], {0, 1}, "a ring with level sides"),
        ([line(100, 300, 80, 0.04)], {0}, "one arc; a rule hides the other"),
        ([line(100, 300, 80, 0.022)], set(), "a line below a number, a little bent"),
        ([line(100, 300, 80, -0.022), line(105, 290, 150, 0.022)], set(), "two of them, bent otherwise"),
        ([line(100, 300, 80, 0.022), line(290, 480, 150, -0.022)], set(), "beside each other"),
        ([line(100, 300, 80, 0.022), line(105, 290, 330, -0.022)], set(), "far from each other"),
        ([line(0, 300, 80, 0.04)], set(), "it runs out of the picture"),
        ([line(100, 600, 80, 0.04)], set(), "longer than any number"),
        ([line(100, 140, 80, 0.05), line(100, 140, 120, -0.05)], set(), "sides of a small box"),
    ],
)
def test_bent_lines_that_are_arcs(lines: list[Line], found: set[int], why: str) -> None:
    curves, spans = zip(*lines, *RULES, strict=True)
    assert arcs_of(curves, spans, 5.0, WIDTH) == found, why


def test_the_rules_of_a_page_that_is_bent_sharply_are_none() -> None:
    curves, spans = zip(*[line(20, 300, row, 0.05) for row in range(40, 460, 60)], strict=True)
    assert arcs_of(curves, spans, 5.0, WIDTH) == set()


def test_a_circled_number_on_ruled_paper_is_read() -> None:
    """Regression: the ring's level parts were removed with the rules, and its ends were 1s and 7s."""
    picture = np.full((480, 640), 225, np.uint8)
    for y in range(34, 480, 60):
        cv2.line(picture, (0, y), (639, y), 120, 2)
    for place, digit in enumerate("28373"):
        write(picture, digit, (130 + 55 * place, 192), 40)
    cv2.ellipse(picture, (260, 211), (190, 46), 0, 0, 360, 40, 4, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(picture).text == "28373"
