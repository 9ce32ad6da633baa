"""Two sizes of writing on one page."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, Reader
from edgedigits.ink.blob import Blob
from edgedigits.ink.cut import cut_out
from edgedigits.pieces.sizes import in_rows, small_writing
from edgedigits.results import Box
from edgedigits.segment import look

HEADLINE: list[Box] = [(60 + 100 * place, 40, 70, 100) for place in range(4)]


def row(count: int, y: int, height: int = 30) -> list[Box]:
    return [(60 + 40 * place, y, 20, height) for place in range(count)]


@pytest.mark.parametrize(
    ("others", "found"),
    [
        (row(5, 220), {4, 5, 6, 7, 8}),  # a row below the headline
        (row(3, 220), set()),  # three specks
        (row(5, 80), set()),  # fragments of the headline's own digits
        (row(5, 165), set()),  # flags and feet just below it
        (row(5, 220, 60), set()),  # digits half as high belong to the same writing
        ([], set()),
    ],
)
def test_small_pieces(others: list[Box], found: set[int]) -> None:
    pieces = [Blob(box, ()) for box in [*HEADLINE, *others]]
    assert set(small_writing(pieces, 100.0)) == found


def test_a_row_beside_large_digits_far_away() -> None:
    pieces = [
        Blob((x, y, w, h), ()) for x, y, w, h in [*HEADLINE, *[(900 + 40 * i, 80, 20, 30) for i in range(4)]]
    ]
    assert small_writing(pieces, 100.0) == [4, 5, 6, 7]


def test_noise_is_not_compared_piece_by_piece() -> None:
    # Regression: thirty thousand pieces of a noise picture took gigabytes.
    pieces = [Blob(box, ()) for box in [*HEADLINE, *row(30_000, 220)]]
    assert small_writing(pieces, 100.0) == []


def test_no_pieces() -> None:
    assert small_writing([], 0.0) == []


def headlined() -> npt.NDArray[np.uint8]:
    """A page with four digits 95 pixels high and two rows of digits of 35."""
    page = np.full((720, 960), 230, np.uint8)
    rows = ("2026", 150, 95, 4.5, 9), ("4720358", 330, 50, 1.6, 3), ("9035472", 400, 50, 1.6, 3)
    for text, y, pitch, scale, wide in rows:
        for place, digit in enumerate(text):
            at = (40 + pitch * place, y)
            cv2.putText(page, digit, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 40, wide, cv2.LINE_AA)
    return page


def test_small_rows_below_a_headline_are_read() -> None:
    # Regression: digits of two rows were joined to one as high as the headline's; others seemed too small.
    assert Reader(Classifier.load()).read(headlined()).text == "2026\n4720358\n9035472"


def test_small_rows_are_looked_at_from_near() -> None:
    # Regression: at the headline's scale they were 9 pixels high, and lost their loops.
    page, pieces, _ = look(cut_out(headlined()))
    heights = sorted(piece.box[3] for piece in pieces)
    assert len(heights) == 18
    assert heights[0] >= 18
    assert page.scale[0] < 4


def test_rows_of_points_below_a_headline_are_looked_at_from_near() -> None:
    """Regression: at the scale of a broad pen the rows were too low for pieces, and were lost."""
    page = np.full((720, 960), 230, np.uint8)
    for place, digit in enumerate("2026"):
        cv2.putText(page, digit, (40 + 200 * place, 220), cv2.FONT_HERSHEY_SIMPLEX, 6, 40, 26, cv2.LINE_AA)
    for text, y in ("4720358", 400), ("9035472", 460):
        for place, digit in enumerate(text):
            cv2.putText(page, digit, (60 + 40 * place, y), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 40, 3, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(page).text == "2026\n4720358\n9035472"


@pytest.mark.parametrize(
    ("pieces", "found", "why"),
    [
        (row(5, 220), True, "a row of five"),
        (row(4, 220), False, "four dots of a drawing"),
        ([*row(5, 220), *row(5, 320)], True, "two rows"),
        (
            [*row(5, 220), *[(40 * i, 300 + 30 * i, 20, 30) for i in range(5)]],
            False,
            "as many specks",
        ),
        ([(40 * i, 200 + 30 * i, 20, 30) for i in range(9)], False, "specks all over the page"),
        ([(40 * i, 200, 20, 4 * 2**i) for i in range(6)], False, "things of all sizes"),
        ([], False, "nothing"),
    ],
)
def test_points_in_rows_may_be_writing(pieces: list[Box], found: bool, why: str) -> None:
    assert in_rows([Blob(box, ()) for box in pieces]) == found, why


def test_specks_around_large_digits_are_no_writing() -> None:
    page = np.full((480, 640), 230, np.uint8)
    for place, digit in enumerate("2026"):
        at = (100 + 95 * place, 200)
        cv2.putText(page, digit, at, cv2.FONT_HERSHEY_SIMPLEX, 4.5, 40, 9, cv2.LINE_AA)
    rng = np.random.default_rng(1)
    for _ in range(30):
        x, y = rng.integers((20, 260), (620, 460)).tolist()
        cv2.circle(page, (x, y), int(rng.integers(3, 9)), 60, cv2.FILLED, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(page).text == "2026"
