"""The marks of a person who corrects a drawn page."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from edgedigits.results import Box
from edgedigits_bench.drawn import corrections

ROWS: list[list[Box]] = [[(60 + 50 * x, 60 + 110 * y, 30, 50) for x in range(3)] for y in range(4)]
BOXES = [box for row in ROWS for box in row]
RNG = np.random.default_rng


def test_a_ring_goes_around_its_box() -> None:
    x, y, width, height = box = (60, 60, 130, 50)
    for seed in range(50):
        ring = corrections.ring(box, 50, RNG(seed))
        assert ring[:, 0].min() < x
        assert ring[:, 0].max() > x + width
        assert ring[:, 1].min() < y
        assert ring[:, 1].max() > y + height
        turned = np.unwrap(np.arctan2(*(ring - (x + width / 2, y + height / 2)).T))
        assert 0.9 <= abs(turned[-1] - turned[0]) / (2 * np.pi) <= 1.15


def test_pages_differ_and_neighbours_have_no_two_rings() -> None:
    marked = []
    for seed in range(40):
        page = corrections.corrections((500, 400), BOXES, RNG(seed), 50)
        assert page.shape == (500, 400)
        assert page.dtype == np.float32
        assert page.max() <= 0.95
        # There is nothing but rings to the left of the digits.
        left = [page[row[0][1] : row[0][1] + 50, 20:58].any() for row in ROWS]
        assert not any(a and b for a, b in itertools.pairwise(left))
        marked.append(sum(left))
    assert 0 in marked
    assert max(marked) == 2


@pytest.mark.parametrize("seed", range(10))
def test_a_tick_or_cross_is_as_high_as_a_digit(seed: int) -> None:
    strokes = corrections.tick_or_cross(RNG(seed))
    assert len(strokes) in (1, 2), "a tick is one stroke, a cross two"
    height = np.ptp(np.concatenate(strokes)[:, 1])
    assert 0.5 <= height <= 1.5


def test_lines_are_below() -> None:
    for seed in range(20):
        lines = corrections.lines_below((60, 60, 130, 50), 50, RNG(seed))
        assert len(lines) in (1, 2)
        assert min(line[:, 1].min() for line in lines) > 100
