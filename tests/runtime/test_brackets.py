"""Brackets, question marks and exclamation marks, some of which look like a 1 or a 7."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.canonical import canonical
from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.brackets import BEND, brackets_of
from edgedigits.signs.points import marks_of
from edgedigits.signs.stems import stem_of

HEIGHT = 40


def stroke(bend: int, lean: int = 0) -> np.ndarray:
    """Return a stroke's frame whose ends lie `bend` of 100 pixels to the right of its middle."""
    way = np.linspace(-1, 1, 30)
    points = np.stack([100 + bend * way**2 - lean * way, 100 + 50 * way], 1)
    canvas = np.zeros((200, 200), np.uint8)
    cv2.polylines(canvas, [np.rint(points).astype(np.int32)], False, 255, 9)
    return canonical(canvas)


def piece(place: int, label: int, bend: int = 0, height: int = HEIGHT) -> Candidate:
    box = (60 * place, 100, 25, height)
    return Candidate(Blob(box, ()), stroke(bend), 200, 200, label, 1.0, (0.1,) * 10, 0.999)


@pytest.mark.parametrize("lean", [0, 30])
@pytest.mark.parametrize("bend", [-20, 0, 20])
def test_how_far_a_stroke_is_bent(bend: int, lean: int) -> None:
    found = stem_of(stroke(bend, lean)).bend
    assert found == pytest.approx(bend / 100, abs=0.05), "whatever its slant"
    assert (abs(found) >= BEND) == (bend != 0)


@pytest.mark.parametrize("frame", [np.zeros((28, 28), np.uint8), np.eye(28, dtype=np.uint8)[:2]])
def test_hardly_any_ink_is_not_bent(frame: np.ndarray) -> None:
    assert stem_of(frame).bend == 0


@pytest.mark.parametrize(
    ("line", "found", "why"),
    [
        ([(1, 20), (5, 0), (1, -20)], {0, 2}, "(5)"),
        ([(1, 20), (1, 0), (1, -20)], {0, 2}, "(1)"),
        ([(7, 0), (1, 20), (5, 0), (1, -20), (2, 0)], {1, 3}, "7(5)2"),
        ([(1, 20), (5, 0), (1, -20), (1, 20), (6, 0), (1, -20)], {0, 2, 3, 5}, "(5)(6)"),
        ([(1, -20), (5, 0), (1, 20)], set(), "1s that are bent towards each other"),
        ([(1, 20), (1, -20)], set(), "nothing stands between them"),
        ([(1, 20), (5, 0), (1, 0)], set(), "one of them is bent"),
        ([(1, 11), (5, 0), (1, -11)], {0, 2}, "both a little"),
        ([(1, 4), (5, 0), (1, -4)], set(), "as two 1s may be"),
        ([(5, 0), (1, -20)], set(), "a 1 that is bent, as a hand wrote it"),
        ([(1, 10), *[(5, 0)] * 8, (1, -10)], {0, 9}, "around many digits"),
        ([(1, 10), *[(1, 0)] * 8, (1, -10)], set(), "among ten 1s two are bent like that by chance"),
        ([(1, 20), *[(1, 0)] * 8, (1, -20)], {0, 9}, "but not like that"),
        ([(0, 20), (5, 0), (0, -20)], set(), "no strokes"),
        ([], set(), "an empty line"),
    ],
)
def test_brackets(line: list[tuple[int, int]], found: set[int], why: str) -> None:
    candidates = [piece(place, label, bend) for place, (label, bend) in enumerate(line)]
    assert brackets_of(candidates, [[*range(len(line))]]) == found, why


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (HEIGHT, HEIGHT, {0, 2}),
        (30, 30, set()),  # lower than the digit: 1s
        (70, 45, set()),  # not alike
    ],
)
def test_brackets_are_high_and_alike(first: int, last: int, found: set[int]) -> None:
    candidates = [piece(0, 1, 20, first), piece(1, 5), piece(2, 1, -20, last)]
    assert brackets_of(candidates, [[0, 1, 2]]) == found


@pytest.mark.parametrize(
    ("label", "height", "point", "mark", "why"),
    [
        (7, 30, (112, 136, 5, 4), True, "a question mark"),
        (1, 30, (112, 136, 5, 4), True, "an exclamation mark"),
        (7, 30, None, False, "a low 7"),
        (3, 30, (112, 136, 5, 4), False, "no mark looks like a 3"),
        (7, 40, (112, 146, 5, 4), False, "a 7 as high as its line, and a point below it"),
        (7, 30, (112, 136, 1, 1), False, "a speck"),
        (7, 30, (105, 132, 16, 9), False, "a blot"),
        (7, 30, (96, 136, 5, 4), False, "beside the end of the stroke"),
        (7, 24, (112, 126, 5, 4), False, "far above what the digits stand on"),
        (7, 30, (90, 137, 60, 2), False, "a rule"),
        (7, 30, (112, 136, 5, 20), False, "what goes on below"),
    ],
)
def test_a_mark_stands_above_its_point(
    label: int, height: int, point: tuple[int, int, int, int] | None, mark: bool, why: str
) -> None:
    ink = np.zeros((200, 300), np.uint8)
    ink[100:140, 40:65] = 200  # a digit, which ends at 140
    ink[100 : 100 + height, 112:117] = 200
    ink[165:195, 105:125] = 200  # one of the line below
    if point:
        x, y, w, h = point
        ink[y : y + h, x : x + w] = 200
    boxes = [(40, 100, 25, HEIGHT), (100, 100, 20, height)]
    candidates = [
        piece(0, name)._replace(blob=Blob(box, ())) for name, box in zip((5, label), boxes, strict=True)
    ]
    page = Page(ink, 30, 5.0, (1.0, 1.0), False)
    for line in ([0, 1], [1, 0]):  # it may stand before the digit, too
        assert marks_of(page, candidates, [line]) == ({1} if mark else set()), why


def test_below_a_mark_at_the_foot_of_the_picture_there_is_nothing() -> None:
    ink = np.full((130, 300), 200, np.uint8)
    candidates = [
        piece(0, name)._replace(blob=Blob(box, ()))
        for name, box in ((5, (40, 90, 25, HEIGHT)), (7, (100, 100, 20, 30)))
    ]
    assert marks_of(Page(ink, 30, 5.0, (1.0, 1.0), False), candidates, [[0, 1]]) == set()


def test_a_faint_speck_is_no_point() -> None:
    ink = np.zeros((200, 300), np.uint8)
    ink[100:130, 112:117] = 200
    ink[136:140, 112:117] = 80
    candidates = [piece(0, 5), piece(1, 7)._replace(blob=Blob((100, 100, 20, 30), ()))]
    assert marks_of(Page(ink, 30, 5.0, (1.0, 1.0), False), candidates, [[0, 1]]) == set()
