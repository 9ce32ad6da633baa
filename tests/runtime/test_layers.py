"""Ink that lies under the writing: the other side of the sheet, or what was wiped off."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, Reader
from edgedigits.blob import Blob
from edgedigits.candidates import Candidate
from edgedigits.layers import upper_layer
from edgedigits.page import Page
from edgedigits.results import NOT_A_DIGIT

PEN, PALE = 200, 50


def page_with(*layers: tuple[int, npt.ArrayLike]) -> Page:
    ink = np.zeros((200, 400), np.uint8)
    for level, points in layers:
        cv2.polylines(ink, [np.asarray(points, np.int32)], False, level, 6)
    return Page(ink, 20, 6.0, (1.0, 1.0), False)


def piece(
    x: int, darkness: float = PEN, pale: float = PEN, label: int = 4, quality: float = 1.0
) -> Candidate:
    corners = np.array([[x, 50], [x + 25, 50], [x + 25, 90], [x, 90]], np.int32)[:, None]
    frame = np.zeros((28, 28), np.uint8)
    blob = Blob((x, 50, 26, 41), (corners,))
    return Candidate(blob, frame, darkness, pale, label, 1.0, (0.1,) * 10, quality)


WRITING = [piece(40 * place) for place in range(5)]


@pytest.mark.parametrize(
    ("pale", "layered"),
    [
        ([], False),  # one layer
        ([piece(220, PALE, PALE, NOT_A_DIGIT)], False),  # a speck is no layer
        ([piece(220, PALE, PALE, NOT_A_DIGIT), piece(260, PALE, PALE)], True),  # mirrored digits, a 0 and a 7
        ([piece(220, PALE, PALE), piece(260, PALE, PALE, quality=0.98)], False),  # pencil beside a marker
        ([piece(220, PALE, PALE), piece(260, PALE, PALE, quality=0.7)], True),  # what a cloth left of two
        ([piece(220, 90, 90, NOT_A_DIGIT), piece(260, 90, 90, NOT_A_DIGIT)], False),  # a drier pen
    ],
)
def test_pale_pieces(pale: list[Candidate], layered: bool) -> None:
    assert upper_layer(page_with(), [*WRITING, *pale]) == (65 if layered else 0)


@pytest.mark.parametrize(
    ("under", "layered"),
    [
        ([[203, 75], [203, 75]], False),  # a speck
        ([[202, 55], [202, 85], [210, 85]], True),  # most of a stroke
        ([[216, 52], [216, 88]], False),  # the soft edge of the digit's own stroke
    ],
)
def test_pale_ink_in_the_pieces_of_digits(under: list[list[int]], layered: bool) -> None:
    strokes = [
        (level, np.add(line, (40 * place, 0)))
        for place in range(2)
        for level, line in ((PALE, under), (PEN, [[218, 50], [218, 90]]))
    ]
    both = [piece(x, pale=PALE) for x in (200, 240)]
    assert upper_layer(page_with(*strokes), [*WRITING, *both]) == (65 if layered else 0)


def test_the_threshold_leaves_the_pen_its_edges() -> None:
    dark = [piece(220, 75, 75, NOT_A_DIGIT)] * 2
    assert upper_layer(page_with(), [*WRITING, *dark]) == 80  # and not 1.3 times 75


def test_too_few_digits_tell_no_pen() -> None:
    pale = [piece(220, PALE, PALE, NOT_A_DIGIT)] * 4
    assert upper_layer(page_with(), [*WRITING[:3], *pale]) == 0
    assert upper_layer(page_with(), pale) == 0
    assert upper_layer(page_with(), []) == 0


def test_what_shines_through_thin_paper_is_left_out() -> None:
    page = np.full((300, 640), 230, np.uint8)
    for place, digit in enumerate("4702"):
        cv2.putText(page, digit, (80 + 110 * place, 180), cv2.FONT_HERSHEY_SIMPLEX, 2.4, 40, 6, cv2.LINE_AA)
    behind = np.full_like(page, 255)
    for place, digit in enumerate("8301352"):
        cv2.putText(behind, digit, (40 + 80 * place, 215), cv2.FONT_HERSHEY_SIMPLEX, 2.2, 190, 6, cv2.LINE_AA)
    behind = cv2.GaussianBlur(behind[:, ::-1], (0, 0), 1.5)
    both = np.asarray(page * (behind / 255.0), np.uint8)
    reader = Reader(Classifier.load())
    assert reader.read(page).text == reader.read(both).text == "4702"
