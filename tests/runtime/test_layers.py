"""Ink below the writing: from the other side of the sheet, or wiped off."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, Reader
from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import SURE, Candidate
from edgedigits.pieces.layers import loses, upper_layer
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
        ([piece(220, PALE, PALE), piece(260, PALE, PALE, quality=0.7)], True),  # remains of wiped digits
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


@pytest.mark.parametrize(
    ("upper", "under", "lost", "why"),
    [
        (10, [], False, "as many as before"),
        (9, [], False, "a digit in ten may have come from a ghost beside it"),
        (8, [], True, "what is pale was a part of the digits"),
        (10, [piece(600, PALE, PALE)] * 5, False, "ghosts of digits are none that count"),
    ],
)
def test_an_upper_layer_with_fewer_digits_is_none(
    upper: int, under: list[Candidate], lost: bool, why: str
) -> None:
    written = [piece(40 * place) for place in range(10)]
    assert loses(written[:upper], [*written, *under]) == lost, why


def test_a_digit_that_is_a_little_less_clear_is_not_lost() -> None:
    """Regression: a 6 had quality 0.88 in the upper layer, 0.91 in both, and what was wiped off was read."""
    written = [piece(40 * place) for place in range(9)]
    doubtful = written[-1]._replace(digit_score=SURE - 0.02)
    assert not loses([*written[:-1], doubtful], written)


@pytest.mark.parametrize(
    ("dark", "pale", "why"),
    [
        ((0.0, 0.5), 155, "of seven digits three 2s were read: the upper halves"),
        ((0.33, 0.67), 175, "nothing was read: the middles alone are no digits"),
    ],
)
def test_a_hand_that_presses_unevenly_leaves_no_layers(
    dark: tuple[float, float], pale: int, why: str
) -> None:
    strokes = (
        [(3, 12), (12, 2), (25, 2), (33, 12), (27, 27), (3, 58), (36, 58)],
        [(3, 5), (18, 0), (32, 9), (27, 24), (13, 28), (30, 34), (35, 48), (20, 60), (2, 54)],
        [(30, 2), (8, 14), (3, 40), (14, 58), (30, 52), (32, 38), (18, 32), (5, 42)],
    )
    picture = np.full((240, 600), 225, np.uint8)
    for place in range(7):
        points = np.array(strokes[place % 3], np.int32) + np.array((60 + 70 * place, 80), np.int32)
        first, last = (int(share * len(points)) for share in dark)
        cv2.polylines(picture, [points], False, pale, 6, cv2.LINE_AA)
        cv2.polylines(picture, [points[first : last + 1]], False, 40, 6, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(picture).text == "2362362", why


def test_too_few_digits_tell_no_pen() -> None:
    pale = [piece(220, PALE, PALE, NOT_A_DIGIT)] * 4
    assert upper_layer(page_with(), [*WRITING[:3], *pale]) == 0
    assert upper_layer(page_with(), pale) == 0
    assert upper_layer(page_with(), []) == 0


def test_what_shines_through_thin_paper_is_left_out() -> None:
    page = np.full((300, 640), 230, np.uint8)
    for place, digit in enumerate("47026"):
        cv2.putText(page, digit, (60 + 110 * place, 180), cv2.FONT_HERSHEY_SIMPLEX, 2.4, 40, 6, cv2.LINE_AA)
    behind = np.full_like(page, 255)
    for place, digit in enumerate("8301352"):
        cv2.putText(behind, digit, (40 + 80 * place, 215), cv2.FONT_HERSHEY_SIMPLEX, 2.2, 190, 6, cv2.LINE_AA)
    behind = cv2.GaussianBlur(behind[:, ::-1], (0, 0), 1.5)
    both = np.asarray(page * (behind / 255.0), np.uint8)
    reader = Reader(Classifier.load())
    assert reader.read(page).text == reader.read(both).text == "47026"
