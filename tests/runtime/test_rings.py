"""Digits that touch the rings drawn around them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink.blob import outlined

Points = list[tuple[int, int]]
APART: Points = [(0, -20), (0, 20)]
TOUCHING: Points = [(0, -20), (0, 40)]


def ringed(strokes: list[Points], size: tuple[int, int] = (30, 40)) -> npt.NDArray[np.uint8]:
    """Return a row of rings, each with a stroke whose points are relative to the ring's centre."""
    page = np.zeros((200, 100 * len(strokes) + 50), np.uint8)
    for place, points in enumerate(strokes):
        x = 75 + 100 * place
        cv2.ellipse(page, (x, 100), size, 0, 0, 360, 255, 3)
        cv2.polylines(page, [np.array([(x + dx, 100 + dy) for dx, dy in points], np.int32)], False, 255, 7)
    return page


@pytest.mark.parametrize(
    ("strokes", "found", "why"),
    [
        ([APART, APART, APART], 3, "none touches"),
        ([APART, TOUCHING, APART], 3, "one touches at its foot: with its ring it was left out"),
        ([APART, [(-28, 0), (10, 0), (10, 20)], APART], 2, "what is in it is too low for a digit"),
        ([APART, [], APART], 2, "an empty ring"),
    ],
)
def test_digits_in_rings(strokes: list[Points], found: int, why: str) -> None:
    boxes = [blob.box for blob in outlined(ringed(strokes))]
    assert len(boxes) == found, why
    assert all(width < 40 for _, _, width, _ in boxes), "the rings are left out"


def test_a_part_of_a_picture_has_its_pieces_where_they_are() -> None:
    page = ringed([APART, TOUCHING, APART])
    whole = sorted(blob.box for blob in outlined(page))
    assert sorted(blob.box for blob in outlined(page[50:], (0, 50))) == whole


Draw = Callable[[npt.NDArray[np.uint8]], object]


def pen(*points: tuple[int, int], width: int = 7) -> Draw:
    return lambda page: cv2.polylines(page, [np.array(points, np.int32)], False, 255, width)


def ring(x: int, across: int, down: int = 45, end: int = 360) -> Draw:
    return lambda page: cv2.ellipse(page, (x, 100), (across, down), 0, 20, 20 + end, 255, 4)


def upright(x: int, top: int = 75, foot: int = 125) -> Draw:
    return pen((x, top), (x, foot))


OTHERS = [upright(600), upright(640), upright(680)]
OPEN, PAIR = ring(200, 150, end=345), [upright(150), upright(250)]


@pytest.mark.parametrize(
    ("drawn", "left", "why"),
    [
        ([ring(200, 45), upright(200, 75, 150)], [(200, 10)], "a digit that hangs in a ring: together a 0"),
        ([ring(200, 45), upright(200)], [(200, 10)], "none hangs"),
        ([ring(200, 45), pen((200, 58), (200, 80))], [(200, 100)], "the curl of a 0 is lower than a digit"),
        ([ring(200, 45)], [(200, 100)], "a 0 written large"),
        ([OPEN, *PAIR], [(150, 10), (250, 10)], "its ends do not meet"),
        ([OPEN, upright(150), upright(250, 75, 150)], [(150, 10), (250, 20)], "and a digit hangs in it"),
        ([ring(200, 150, end=250), *PAIR], [(150, 10), (200, 300), (250, 10)], "too little of it: a C"),
        ([OPEN], [(200, 300)], "nothing in it"),
        (
            [ring(250, 190), upright(110, 65, 135), upright(200), upright(300)],
            [(110, 10), (200, 10), (300, 10)],
            "a digit that cuts off its end: the rest of it hid the others",
        ),
        (
            [ring(200, 50), upright(200), upright(152, 70, 130)],
            [(150, 10), (200, 10)],
            "one that hangs on it from outside was lost",
        ),
        (
            [ring(200, 150), pen((50, 100), (350, 100), width=4), upright(200, 60, 85)],
            [(200, 300)],
            "a line all the way makes cells of it: nothing is taken out of a table",
        ),
    ],
)
def test_rings_higher_than_the_rest(drawn: list[Draw], left: list[tuple[int, int]], why: str) -> None:
    page = np.zeros((200, 750), np.uint8)
    for draw in drawn + OTHERS:
        draw(page)
    boxes = [blob.box for blob in outlined(page)]
    found = [(round(x + width / 2, -1), round(width, -1)) for x, _, width, _ in boxes if x < 550]
    assert sorted(found) == left, why


TURN = np.linspace(0, 2 * np.pi, 13)
STAR = [
    (round(350 + reach * np.cos(turn)), round(100 + reach * np.sin(turn)))
    for turn, reach in zip(TURN, [62, 42] * 6 + [62], strict=True)
]


@pytest.mark.parametrize(
    ("drawn", "left", "why"),
    [
        ([pen(*STAR, width=4), upright(350)], [(350, 10)], "a star, with dents"),
        ([pen(*STAR, width=4), upright(350, 75, 150)], [(350, 10)], "a digit that hangs in it was lost"),
        (
            [
                *(ring(200, 40), upright(200, 75, 145)),
                pen((240, 100), (310, 100), width=4),
                *(ring(350, 40), upright(350, 55, 125)),
            ],
            [(200, 10), (350, 10)],
            "both in rings that a line joins: the piece is no frame",
        ),
        (
            [
                *(pen((x, 20), (x + 80, 20), (x + 80, 180), (x, 180), (x, 20), width=20) for x in (160, 310)),
                pen((240, 100), (310, 100), width=20),
                *(upright(200, 75, 175), upright(350, 25, 125)),
            ],
            [(280, 250)],
            "things in a room that overlap are thicker than lines",
        ),
        (
            [
                *(ring(x, 40) for x in (100, 200, 300, 400)),
                *(pen((x + 40, 100), (x + 60, 100), width=4) for x in (100, 200, 300)),
                upright(100, 75, 145),
            ],
            [(250, 380)],
            "of four cells one holds something: it is squared paper or a table",
        ),
    ],
)
def test_drawings_beside_a_ring(drawn: list[Draw], left: list[tuple[int, int]], why: str) -> None:
    page = np.zeros((200, 750), np.uint8)
    for draw in [*drawn, ring(600, 40), upright(600)]:
        draw(page)
    boxes = [blob.box for blob in outlined(page)]
    found = [(round(x + width / 2, -1), round(width, -1)) for x, _, width, _ in boxes if x < 550]
    assert sorted(found) == left, why


def test_rings_alone_tell_of_no_digit() -> None:
    # Nothing else shows that these are rings: each may be a digit with a flaw.
    boxes = [blob.box for blob in outlined(ringed([TOUCHING, TOUCHING]))]
    assert all(width > 50 for _, _, width, _ in boxes)


def row_in_a_ring(strokes: list[Points]) -> npt.NDArray[np.uint8]:
    """Return one ring around a row of strokes, whose points are relative to the row's centre."""
    page = np.zeros((300, 800), np.uint8)
    cv2.ellipse(page, (300, 150), (250, 45), 0, 0, 360, 255, 4)
    for place, points in enumerate(strokes):
        x = 150 + 100 * place
        cv2.polylines(page, [np.array([(x + dx, 150 + dy) for dx, dy in points], np.int32)], False, 255, 7)
    return page


LOOPED: Points = [(0, 20), (-8, 32), (0, 44), (8, 32), (0, 20), (0, -20)]


@pytest.mark.parametrize(
    ("last", "reaches", "why"),
    [
        (APART, 175, "none touches"),
        ([(0, -20), (0, 42)], 190, "one hangs on the ring"),
        (LOOPED, 190, "its loop on the ring is a hole as well, which was one too many for a frame"),
        ([(0, -20), (0, 80)], 230, "one reaches beyond the ring"),
    ],
)
def test_a_ring_around_a_row_of_digits(last: Points, reaches: int, why: str) -> None:
    """Regression: a ring around the total below a sum was taken for two rules, and their ends for digits."""
    boxes = sorted(blob.box for blob in outlined(row_in_a_ring([APART, APART, APART, last])))
    assert all(width < 40 for _, _, width, _ in boxes), "the ring is left out"
    assert [round(x, -2) for x, *_ in boxes[:3]] == [100, 200, 300], "the others stay"
    assert max(y + height for _, y, _, height in boxes) >= reaches, why
