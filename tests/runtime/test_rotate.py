"""Which way up a page is: what counts as evidence, and what does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate
from edgedigits.rotate import TURNS, best_turn, box_before, turned

PAGE = Page(np.zeros((180, 240), np.uint8), 20, 5.0, (4.0, 4.0), bright=False)


def read(label: int, quality: float = 1.0, box: tuple[int, int, int, int] = (60, 60, 24, 40)) -> Candidate:
    frame = np.zeros((28, 28), np.uint8)
    return Candidate(Blob(box, ()), frame, 200, 200, label, quality, (0.1,) * 10, 1.0)


ROW = [read(label, box=(40 + 30 * place, 60, 24, 40)) for place, label in enumerate((5, 2, 8, 3))]
ASKEW = [
    read(label, 0.6, one.box) for label, one in zip((7, 4, 8, 2), [row.blob for row in ROW], strict=True)
]


@pytest.mark.parametrize(
    ("readings", "best", "why"),
    [
        ([ROW, [], ASKEW, []], 0, "surer as it lies"),
        ([ASKEW, [], ROW, []], 2, "surer upside down"),
        ([ASKEW[:3], ROW, [], []], 1, "more of it are digits on its side"),
        ([ROW, [read(1)] * 9, [], []], 0, "1s are lines, and have no say"),
        ([[], [read(1)], [], []], 0, "not even where there is nothing else"),
        (
            [ROW, [read(7, box=(108, 0, 65, 133))], [], []],
            0,
            "a book that the picture's edge cuts, larger than a row of digits: a 7 on its side",
        ),
        (
            [[read(0)], [read(0), read(0, box=(60, 90, 24, 10))], [], []],
            1,
            "more room than the page as it is",
        ),
        ([ROW, [*ROW, read(0, box=(160, 60, 5, 5))], [], []], 0, "hardly more room than the page as it is"),
    ],
)
def test_the_turn_that_makes_most_of_it_digits(
    readings: Sequence[Sequence[Candidate]], best: int, why: str
) -> None:
    assert best_turn([(PAGE, kept) for kept in readings]) == best, why


@pytest.mark.parametrize("degrees", TURNS)
def test_a_box_of_a_turned_page_is_told_where_it_was(degrees: int) -> None:
    box = (30, 20, 70, 10)
    picture = np.zeros((120, 200), np.uint8)
    picture[20:30, 30:100] = 255
    rows, columns = turned(picture, degrees).nonzero()
    found = (columns[0], rows[0], int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    assert box_before(found, degrees, (200, 120)) == box
    assert found[2] == (70 if degrees in (0, 180) else 10)
