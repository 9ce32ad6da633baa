"""Reading order: the layouts that people write."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.lines import lines_of
from edgedigits.results import Box


def laid_out(rows: list[tuple[float, list[float]]], slope: float = 0.0) -> tuple[list[Box], list[list[int]]]:
    """Return boxes 30 x 50 at (y, [x, ...]) in reading order, on a page that slopes by `slope` degrees."""
    tangent = np.tan(np.radians(slope))
    boxes: list[Box] = []
    expected: list[list[int]] = []
    for y, places in rows:
        expected.append(list(range(len(boxes), len(boxes) + len(places))))
        boxes += [(int(x), round(y + tangent * x), 30, 50) for x in places]
    return boxes, expected


ROWS = [(100.0, [100.0, 160, 220, 280]), (190.0, [110.0, 170]), (280.0, [100.0, 165, 230, 290, 350])]
FAR = [(100.0, [100.0, 500, 900]), (260.0, [120.0, 520]), (420.0, [100.0, 480, 910])]
TABLE = [(100.0, [100.0, 140, 600, 640]), (200.0, [100.0, 140, 600, 640]), (300.0, [100.0, 140, 600, 640])]


@pytest.mark.parametrize(
    ("rows", "slope"),
    [
        (ROWS, 0.0),
        (ROWS, 10.0),  # the page was held askew: the end of a line is lower than the next line's start
        (ROWS, -10.0),
        (FAR, 0.0),  # wide gaps, one row short in the middle
        (FAR, 4.0),
        (TABLE, 0.0),  # columns whose lines stand side by side are rows of a table
        ([(100.0, [100.0])], 0.0),
        ([(100.0, [100.0]), (200.0, [100.0]), (300.0, [105.0])], 0.0),  # one digit in each line
    ],
)
def test_lines(rows: list[tuple[float, list[float]]], slope: float) -> None:
    boxes, expected = laid_out(rows, slope)
    assert lines_of(boxes) == expected
    # The order in which the boxes were found must not matter.
    order = np.random.default_rng(3).permutation(len(boxes)).tolist()
    shuffled = lines_of([boxes[index] for index in order])
    assert [[order[index] for index in line] for line in shuffled] == expected


def test_columns_are_read_one_after_the_other() -> None:
    left = [(100.0, [100.0, 140, 180]), (200.0, [100.0, 140]), (300.0, [100.0, 140])]
    right = [(145.0, [600.0, 640]), (245.0, [600.0, 640, 680]), (345.0, [600.0, 640])]
    boxes, expected = laid_out(left + right)
    assert lines_of(boxes) == expected


def test_one_line_beside_a_column_is_none_itself() -> None:
    """What stands between two lines, far to the right, is read with the nearer one."""
    boxes, _ = laid_out([(100.0, [100.0, 140]), (230.0, [100.0, 140, 600, 640])])
    boxes = [(x, y - 40 if x >= 600 else y, width, height) for x, y, width, height in boxes]
    assert len(lines_of(boxes)) == 3
    assert lines_of(boxes)[1] == [4, 5]


def test_heights_differ_within_a_line() -> None:
    # A short 5 between a 9 with a long tail and a 4: as in hasty writing.
    boxes = [(0, 100, 25, 40), (60, 95, 25, 75), (120, 103, 24, 30), (180, 100, 25, 70), (0, 250, 25, 45)]
    assert lines_of(boxes) == [[0, 1, 2, 3], [4]]


def test_nothing() -> None:
    assert lines_of([]) == []
