"""What is drawn around numbers and beside them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from edgedigits.results import Box
from edgedigits_bench.drawn import figures
from edgedigits_bench.drawn.corrections import surrounding
from edgedigits_bench.drawn.paper import Points

HEIGHT = 40
ROWS: list[list[Box]] = [
    [(100, 100, 60, 40), (300, 100, 25, 40), (500, 102, 58, 38)],
    [(110, 230, 24, 40), (320, 228, 60, 42)],
]
NUMBERS = [number for row in ROWS for number in row]


def strokes(kind: Callable[..., list[Points]], seed: int) -> list[Points]:
    drawn = kind(ROWS, np.random.default_rng(seed), HEIGHT)
    assert all(stroke.ndim == 2 and stroke.shape[1] == 2 and np.isfinite(stroke).all() for stroke in drawn)
    return drawn


def middle(box: Box) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


@pytest.mark.parametrize("seed", range(8))
def test_each_number_stands_in_an_outline_of_its_own(seed: int) -> None:
    for kind in (figures.outlines, figures.tree):
        around = [stroke for stroke in strokes(kind, seed) if len(stroke) > 2]
        assert len(around) == len(NUMBERS)
        for stroke, number in zip(around, NUMBERS, strict=True):
            assert cv2.pointPolygonTest(stroke.astype(np.float32), middle(number), False) > 0
            assert np.ptp(stroke[:, 1]) > number[3]


@pytest.mark.parametrize("seed", range(8))
def test_brackets_stand_on_both_sides_of_all_rows(seed: int) -> None:
    x, y, width, height = surrounding(NUMBERS)
    first, last = strokes(figures.brackets, seed)
    assert first[:, 0].max() < x
    assert last[:, 0].min() > x + width
    for side in (first, last):
        assert side[:, 1].min() < y
        assert side[:, 1].max() > y + height


def test_a_scale_has_marks_above_its_numbers_and_between_them() -> None:
    drawn = strokes(figures.scales, 0)
    assert len(drawn) == sum(1 + 2 * len(row) - 1 for row in ROWS)
    marks = [stroke for stroke in drawn if np.ptp(stroke[:, 0]) < HEIGHT]
    for number in NUMBERS:
        assert any(abs(mark[0, 0] - middle(number)[0]) < 1 and mark[:, 1].max() < number[1] for mark in marks)


@pytest.mark.parametrize("seed", range(4))
def test_the_sign_of_a_division_reaches_over_its_number(seed: int) -> None:
    for sign, (x, y, width, _) in zip(strokes(figures.divisions, seed), NUMBERS, strict=True):
        assert sign[:, 0].min() < x
        assert sign[-1, 0] > x + width
        assert sign[:, 1].min() < y


def test_digits_close_to_each_other_are_one_number() -> None:
    boxes: list[Box] = [(100, 100, 28, 40), (134, 100, 28, 40), (300, 100, 25, 40), (100, 230, 28, 40)]
    assert figures.numbers_of(boxes, HEIGHT) == [
        [(100, 100, 62, 40), (300, 100, 25, 40)],
        [(100, 230, 28, 40)],
    ]
