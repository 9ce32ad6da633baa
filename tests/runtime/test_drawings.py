"""A page with a large drawing, which must not distort the typical height of the digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, Reader
from edgedigits.ink.blob import Blob, outlined
from edgedigits.ink.cut import uncut, without
from edgedigits.ink.page import Page
from edgedigits.looks import Looks
from edgedigits.pieces.candidates import Candidate
from edgedigits.stages import Stages, drawings_of

Grey = npt.NDArray[np.uint8]
TWO, THREE, SEVEN = (
    [(3, 12), (12, 2), (25, 2), (33, 12), (27, 27), (3, 58), (36, 58)],
    [(3, 5), (18, 0), (32, 9), (27, 24), (13, 28), (30, 34), (35, 48), (20, 60), (2, 54)],
    [(1, 2), (36, 2), (14, 60)],
)


def page(draw: Callable[[Any], object], count: int) -> Grey:
    """Return white paper with 2, 3, 7, 2 at its top, 60 pixels high, and a drawing."""
    picture = np.full((720, 960), 235, np.uint8)
    draw(picture)
    for place, strokes in enumerate((TWO, THREE, SEVEN, TWO)[:count]):
        points = np.array(strokes) + np.array([70 + 70 * place, 60])
        cv2.polylines(picture, [points.astype(np.int32)], False, 50, 6, cv2.LINE_AA)
    return picture


def disc(picture: Any) -> None:
    cv2.circle(picture, (600, 430), 220, 50, cv2.FILLED, cv2.LINE_AA)


def ring(picture: Any) -> None:
    cv2.circle(picture, (600, 430), 220, 50, 14, cv2.LINE_AA)


def star(picture: Any) -> None:
    turn = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    reach = np.where(np.arange(10) % 2, 100, 240)
    points = np.column_stack([600 + reach * np.sin(turn), 430 - reach * np.cos(turn)])
    cv2.fillPoly(picture, [points.astype(np.int32)], 50, cv2.LINE_AA)


def face(picture: Any) -> None:
    cv2.circle(picture, (600, 430), 230, 50, 9, cv2.LINE_AA)
    for x in (520, 680):
        cv2.circle(picture, (x, 360), 32, 50, cv2.FILLED, cv2.LINE_AA)
    cv2.ellipse(picture, (600, 460), (120, 90), 0, 20, 160, 50, 9, cv2.LINE_AA)


@pytest.mark.parametrize(
    ("draw", "count", "why"),
    [
        (disc, 2, "it looked like a 0, and two digits like nothing"),
        (disc, 4, "a digit near to it was joined to it"),
        (ring, 4, "a 0 of seven times the digits' height"),
        (star, 3, "its broad ink made the page's scale so small that digits were lost"),
        (face, 4, "eyes and a mouth within it"),
    ],
)
def test_digits_beside_a_large_drawing_are_read(draw: Callable[[Any], object], count: int, why: str) -> None:
    reading = Reader(Classifier.load()).read(page(draw, count))
    assert "2372"[:count] in reading.text.split("\n"), why
    assert [digit.box[0] for digit in reading.digits[:count]] == pytest.approx(
        [73 + 70 * place for place in range(count)], abs=9
    ), why


def polygons(picture: Any) -> int:
    """Draw six pentagons with a number at each side."""
    turn = np.arange(5) / 5 * 2 * np.pi + 0.3
    for x, y in ((x, y) for x in (160, 440, 720) for y in (200, 540)):
        corners = np.column_stack([x + 90 * np.cos(turn), y + 90 * np.sin(turn)])
        cv2.polylines(picture, [corners.astype(np.int32)], True, 50, 6, cv2.LINE_AA)
        for place, angle in enumerate(turn + np.pi / 5):
            write(picture, place, x + 105 * np.cos(angle), y + 105 * np.sin(angle))
    return 30


def chart(picture: Any) -> int:
    """Draw the eight hatched bars of a chart with a number above each and one below it."""
    for place, x in enumerate(range(80, 880, 100)):
        cv2.rectangle(picture, (x, 250 + 10 * place), (x + 60, 600), 50, 4)
        for y in range(272 + 10 * place, 596, 22):
            cv2.line(picture, (x, y), (x + 60, y - 8), 50, 3, cv2.LINE_AA)
        write(picture, place, x + 30, 220 + 10 * place)
        write(picture, place + 1, x + 30, 640)
    return 16


def write(picture: Any, place: int, x: float, y: float) -> None:
    points = (np.array((TWO, THREE, SEVEN, TWO)[place % 4]) - (18, 30)) * 0.6 + (x, y)
    cv2.polylines(picture, [points.astype(np.int32)], False, 50, 4, cv2.LINE_AA)


@pytest.mark.parametrize(
    ("draw", "why"),
    [
        (polygons, "numbers at the sides of polygons were joined with these to 0s"),
        (chart, "beside the bars of a chart digits were too low to be pieces"),
    ],
)
def test_digits_beside_many_drawings_are_read(draw: Callable[[Any], int], why: str) -> None:
    """Regression: drawings tell the typical height, and no more than six were left out."""
    picture = np.full((720, 960), 235, np.uint8)
    count = draw(picture)
    digits = Reader(Classifier.load()).read(picture).digits
    assert len(digits) == count, why
    assert {digit.label for digit in digits} == {2, 3, 7}, why


def test_a_large_digit_alone_stays() -> None:
    # Specks below it must not start a search for smaller digits.
    picture = np.full((720, 960), 235, np.uint8)
    points = 8 * np.array(THREE) + np.array([300, 120])
    cv2.polylines(picture, [points.astype(np.int32)], False, 50, 40, cv2.LINE_AA)
    for x, y in ((80, 100), (150, 600), (700, 650), (850, 90)):
        cv2.circle(picture, (x, y), 12, 60, cv2.FILLED, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(picture).text == "3"


@pytest.mark.parametrize(
    ("dark", "drawings", "why"),
    [
        (170, 6, "labels beside drawings that look like digits"),
        (90, 0, "traces of what was wiped off a board: they were read instead of the digits above them"),
    ],
)
def test_what_may_be_drawings_beside_low_pieces(dark: int, drawings: int, why: str) -> None:
    ink = np.zeros((360, 480), np.uint8)
    boxes = [(70 * place + 20, 100, 30, 60) for place in range(6)]
    low = [(30 * place + 20, 250, 20, 14) for place in range(14)]
    for (x, y, width, height), level in [(box, 175) for box in boxes] + [(box, dark) for box in low]:
        ink[y : y + height, x : x + width] = level
    pieces = outlined(ink)
    kept = [
        Candidate(piece, np.zeros((28, 28), np.uint8), 175, 175, 0, 1.0, (0.1,) * 10, 1.0)
        for piece in pieces
        if piece.box in boxes
    ]
    stages = Stages(ink, Page(ink, 60, 7.0, (1.0, 1.0), False), pieces, kept, 0, kept, [])
    assert len(drawings_of(stages)) == drawings, why


def test_what_is_taken_out_is_paper_and_the_rest_stays() -> None:
    picture = page(disc, 4)
    cut = uncut(picture)
    ink = np.where(cv2.resize(picture, (480, 360)) < 128, 255, 0).astype(np.uint8)
    contours = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    largest = max(contours, key=cv2.contourArea)
    box = cv2.boundingRect(largest)
    left = without(cut, ink, [Blob((box[0], box[1], box[2], box[3]), (np.asarray(largest, np.int32),))])
    assert left.mask is not None
    assert left.mask.shape == ink.shape
    assert left.middle[430 // 3, 600 // 3] > 200
    assert left.middle[: 130 // 3].min() < 100  # the digits
    assert left.grey is picture
    again = without(left, ink, [])
    assert again.mask is not None
    assert not again.mask[430 // 2, 600 // 2]  # what was removed before stays removed


def test_of_a_frame_around_all_of_a_picture_nothing_is_left() -> None:
    # Regression: the mean of no pixels gave a warning and an undefined paper.
    picture = np.full((120, 160), 235, np.uint8)
    frame = np.array([[[0, 0]], [[159, 0]], [[159, 119]], [[0, 119]]], np.int32)
    left = without(uncut(picture), picture, [Blob((0, 0, 160, 120), (frame,))])
    assert left.mask is not None
    assert not left.mask.any()
    assert not left.middle.any()


def test_what_holds_digits_together_is_no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: shade between creases joined most digits of a page, and they were left out with it."""
    reader, look = Reader(Classifier.load()), Reader._read
    rows = page(disc, 4)
    rows[:, 360:] = 235
    rows[300:500] = rows[:200]

    def read(picture: Grey) -> Stages:
        return look(reader, picture, uncut(picture), 0, Looks(reader.classifier))

    # What the reader sees: a drawing, one row without it, and two rows in its darker ink.
    readings = iter([read(page(disc, 0)), read(page(lambda _: None, 4))])
    darker = read(rows)
    monkeypatch.setattr(Reader, "_read", lambda *_: next(readings))
    monkeypatch.setattr(Reader, "_above_shade", lambda *_: darker)
    assert reader.read(rows).text == "2372\n2372"
