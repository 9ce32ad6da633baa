"""Slashes that are hardly higher than the digits beside them, and 1s that lean."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.canonical import canonical
from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.slashes import slashes_of
from edgedigits.signs.stems import stem_of

HEIGHT = 40
SLASH = (1.2, 24)
"""How many times as high as the digits a stroke is, and how many degrees it leans."""
UPRIGHT = (1.0, 5)


def ends_of(high: float, degrees: float) -> tuple[float, float]:
    """How far the upper end of a stroke is from its middle, to the right and up."""
    up = high * HEIGHT / 2
    return up * np.tan(np.radians(degrees)), up


def drawn(high: float, degrees: float, wave: float = 0.0) -> np.ndarray:
    """A stroke's frame; a wave moves parts of it so many of its heights to the side."""
    right, up = ends_of(high, degrees)
    way = np.linspace(-1, 1, 60)
    across = 200 + 3 * (right * way + wave * 2 * up * np.sin(3 * np.pi * way))
    canvas = np.zeros((400, 400), np.uint8)
    cv2.polylines(
        canvas, [np.rint(np.stack([across, 200 - 3 * up * way], 1)).astype(np.int32)], False, 255, 12
    )
    return canonical(canvas)


def piece(
    sign: int | tuple[float, ...], place: int, slope: float = 0.0, down: int = 0, quality: float = 1.0
) -> Candidate:
    """A digit, or a stroke by `SLASH` and more, at a place of a line."""
    x, middle = 50 * place, 100 + down + slope * 50 * place
    label, frame, box = 1, np.zeros((28, 28), np.uint8), (0, 0, 0, 0)
    if isinstance(sign, tuple):
        right, up = ends_of(*sign[:2])
        frame = drawn(*sign)
        box = (round(x - right - 2), round(middle - up - 1), round(2 * right + 4), round(2 * up + 2))
    else:
        label, box = sign, (x - 13, round(middle - HEIGHT / 2), 26, HEIGHT)
    return Candidate(Blob(box, ()), frame, 200, 200, label, quality, (0.1,) * 10, 1.0)


@pytest.mark.parametrize(
    ("lines", "found", "why"),
    [
        ([[UPRIGHT, SLASH, 2]], {1}, "one half: a digit on one side tells its line"),
        ([[3, SLASH, 4]], {1}, "a fraction"),
        ([[2, 4, SLASH, 0, 5, SLASH, 2, 6]], {2, 5}, "a date"),
        ([[2, 4, SLASH, 0, 5, SLASH, 2, 0, 2, 6]], {2, 5}, "with all of its year"),
        ([[2, 4, SLASH, UPRIGHT, UPRIGHT]], {2}, "of November"),
        ([[2, 4, UPRIGHT, 0, 5]], set(), "a 1 where a slash may be"),
        ([[3, (1.2, 5), 4]], set(), "a high one"),
        ([[3, (1.0, 30), 4]], set(), "one that leans as far as a slash, and keeps to its line"),
        ([[3, (1.2, -24), 4]], set(), "it leans to the left"),
        ([[3, (1.2, 24, 0.04), 4]], set(), "it wavers"),
        ([[3, (1.5, 40), 4]], {1}, "a high and steep one"),
        ([[3, 5, 7, SLASH, 8, 0, 2]], set(), "no date has parts of three digits"),
        ([[SLASH, 3, 5]], set(), "nothing stands before it"),
        ([[3, 5, SLASH]], set(), "nor behind it"),
        ([[3, SLASH, 4], [7, 8, (1.15, 20)]], set(), "the hand writes its 1s like that"),
        ([[3, SLASH, 4], [7, 8, UPRIGHT]], {1}, "the hand's 1s are upright"),
        ([[3, SLASH, 4], [(1.0, 24)]], {1}, "its 1s lean, but are lower"),
        ([[3, SLASH, 4], [SLASH]], set(), "a 1 alone in its line"),
        ([[SLASH, SLASH, SLASH]], set(), "rows of nothing but 1s"),
        ([[2, 4, SLASH, SLASH, 2, 6]], set(), "two beside each other"),
        ([[]], set(), "an empty line"),
        ([], set(), "nothing"),
    ],
)
def test_strokes_in_lines(lines: list[list[int | tuple[float, ...]]], found: set[int], why: str) -> None:
    candidates = [
        piece(sign, place, down=100 * row)
        for row, line in enumerate(lines)
        for place, sign in enumerate(line)
    ]
    indices = iter(range(len(candidates)))
    assert slashes_of(candidates, [[next(indices) for _ in line] for line in lines], set()) == found, why


@pytest.mark.parametrize(
    ("slope", "found", "why"),
    [
        (0.0, {2}, "a level line"),
        (-0.2, {2}, "a slope takes nothing away"),
        (0.2, set(), "a page that is turned by so much leans its 1s"),
    ],
)
def test_a_line_that_slopes(slope: float, found: set[int], why: str) -> None:
    candidates = [piece(sign, place, slope) for place, sign in enumerate([2, 4, (1.15, 20), 0, 5])]
    assert slashes_of(candidates, [[*range(5)]], set()) == found, why


def test_what_is_known_to_be_no_digit_parts_a_line() -> None:
    candidates = [piece(sign, place) for place, sign in enumerate([2, 4, SLASH, 0, 5, (1.4, 24), 2, 6])]
    assert slashes_of(candidates, [[*range(8)]], {5}) == {2}
    candidates[5] = piece(7, 5)
    assert slashes_of(candidates, [[*range(8)]], set()) == set(), "0572 is no month"


def test_the_columns_of_a_table_are_no_fractions() -> None:
    candidates = [piece(sign, 2 * place) for place, sign in enumerate([3, SLASH, 4])]
    assert slashes_of(candidates, [[0, 1, 2]], set()) == set()


def test_what_may_be_no_digit_tells_nothing() -> None:
    candidates = [piece(3, 0, quality=0.4), piece(SLASH, 1), piece(4, 2, quality=0.4)]
    assert slashes_of(candidates, [[0, 1, 2]], set()) == set()


def test_a_heading_is_judged_by_its_own_height() -> None:
    small = [piece(sign, place, down=100) for place, sign in enumerate([3, 5, 7, 2])]
    boxes = [(x, y, width // 3, height // 3) for x, y, width, height in [one.blob.box for one in small]]
    shrunk = [one._replace(blob=Blob(box, ())) for one, box in zip(small, boxes, strict=True)]
    candidates = [piece(4, 0), piece((1.0, 20), 1), piece(8, 2), *shrunk]
    assert slashes_of(candidates, [[0, 1, 2], [3, 4, 5, 6]], set()) == set()


@pytest.mark.parametrize("degrees", [-20, 0, 35])
def test_the_way_of_a_stroke(degrees: int) -> None:
    straight, wavy = stem_of(drawn(1.2, degrees)), stem_of(drawn(1.2, degrees, 0.05))
    assert straight.lean == pytest.approx(np.tan(np.radians(degrees)), abs=0.08)
    assert straight.waver < 0.01 < wavy.waver
    assert abs(straight.bend) < 0.01
    assert stem_of(np.zeros((28, 28), np.uint8)) == (0, 0, 0)


@pytest.mark.parametrize(("stroke", "text"), [(SLASH, "2378"), ((1.0, 24), "23178")])
def test_a_date_is_read_without_its_slash(stroke: tuple[float, float], text: str) -> None:
    picture = np.full((200, 400), 235, np.uint8)
    for sign, x in zip("2378", (60, 105, 210, 255), strict=True):
        write(picture, sign, (x, 80), 40, 4)
    right, up = ends_of(*stroke)
    start, end = (round(170 - right), round(100 + up)), (round(170 + right), round(100 - up))
    cv2.line(picture, start, end, 40, 4, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(picture).text == text
