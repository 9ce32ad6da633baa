"""The edge of a sheet in pieces that look like 1s, and written 1s that are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.dashes import dashes_of

Line = tuple[int, int, int, int]


def written(*points: tuple[int, int], label: int) -> Candidate:
    """A stroke through some points, read as a digit."""
    page = np.zeros((700, 400), np.uint8)
    cv2.polylines(page, [np.array(points, np.int32)], False, 255, 7)
    (contour,), _ = cv2.findContours(page, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    left, top, width, height = cv2.boundingRect(contour)
    blob = Blob((left, top, width, height), (contour,))
    return Candidate(blob, np.zeros((28, 28), np.uint8), 200, 200, label, 1.0, (0.1,) * 10, 0.99)


def one(x: int, y: int, right: int, bottom: int) -> Candidate:
    return written((x, y), (right, bottom), label=1)


DIGITS = [written((200 + 60 * place, 100), (200 + 60 * place, 140), label=4) for place in range(3)]
EDGE: list[Line] = [(50 + 5 * place, 60 + 50 * place, 54 + 5 * place, 98 + 50 * place) for place in range(5)]
MARGIN: list[Line] = [
    (50, top, 50, top + height)
    for top, height in ((60, 30), (130, 40), (190, 22), (330, 34), (480, 40), (560, 18))
]


@pytest.mark.parametrize(
    ("lines", "found", "why"),
    [
        (EDGE, 5, "the slanting edge of a sheet, which was read as a column of five 1s"),
        ([*EDGE[:2], (62, 165, 62, 190), *EDGE[3:]], 5, "one piece is shorter and stands upright"),
        (
            [(50, 60 + 50 * place, 50, 100 + 50 * place) for place in range(3)],
            0,
            "three 1s",
        ),
        ([(50, 60 + 80 * place, 50, 100 + 80 * place) for place in range(6)], 0, "a column of 1s in rows"),
        (
            [(50, 60 + 70 * place, 50, 100 + 70 * place) for place in range(4)],
            0,
            "in rows close to each other",
        ),
        (MARGIN, 6, "a margin's pieces between rules, some of which the reader left out"),
        (MARGIN[:4], 0, "too few"),
        ([*MARGIN[:4], (80, 380, 80, 400)], 0, "one is elsewhere"),
        (
            [(50 + 12 * (place % 2), 60 + 50 * place, 50, 100 + 50 * place) for place in range(6)],
            0,
            "by hand",
        ),
        (
            [(50 + 9 * place**2, 60 + 50 * place, 50, 98 + 50 * place) for place in range(5)],
            0,
            "a bow",
        ),
        ([(50 + 60 * place, 60, 52 + 60 * place, 100) for place in range(3)], 0, "1s side by side"),
    ],
)
def test_pieces_of_an_edge(lines: list[Line], found: int, why: str) -> None:
    candidates = [*DIGITS, *[one(*line) for line in lines]]
    assert len(dashes_of(candidates)) == found, why
    assert dashes_of(candidates).isdisjoint(range(len(DIGITS))), why


def test_sevens_are_none() -> None:
    # However close their rows are.
    tops = [60 + 50 * place for place in range(5)]
    sevens = [written((50, top), (74, top), (59, top + 39), label=7) for top in tops]
    assert not dashes_of([*DIGITS, *sevens])


def test_no_digits_at_all() -> None:
    assert dashes_of([]) == frozenset()
