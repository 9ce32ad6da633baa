"""Strokes one pixel wide, of which the sampled rows and columns may see all, some or none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, Reader
from edgedigits.ink.strokes import stroke_width

THRESHOLD = 20


def uprights(first: int, step: int, width: int = 1, count: int = 5) -> npt.NDArray[np.uint8]:
    """Return a row of vertical lines of 24 pixels."""
    ink = np.zeros((100, 140), np.uint8)
    for place in range(count):
        left = first + step * place
        ink[30:54, left : left + width] = 200
    return ink


@pytest.mark.parametrize(
    ("ink", "width", "why"),
    [
        (
            uprights(21, 8),
            1.0,
            "none stands in a column that is looked at: no width at all, and 0 was divided by",
        ),
        (uprights(20, 8), 1.0, "each does, but no run across is longer than a pixel"),
        (uprights(21, 8).T, 1.0, "none lies in a row that is looked at"),
        (uprights(21, 8, 3), 3.0, "those of three pixels fit between the columns, too"),
        (uprights(21, 8, count=0), 0.0, "nothing is written"),
        (np.full((100, 140), THRESHOLD, np.uint8), 0.0, "shade is no ink"),
    ],
)
def test_hairlines_have_a_width(ink: npt.NDArray[np.uint8], width: float, why: str) -> None:
    assert stroke_width(ink, THRESHOLD) == width, why


@pytest.mark.parametrize("foot", [44, 46])
def test_a_point_below_a_hairline_is_read_with_its_line(foot: int) -> None:
    """Regression: exclamation marks are judged by the page's stroke width, which was 0: division by zero."""
    picture = 255 - uprights(21, 8)
    picture[30:foot, 61] = picture[49, 61] = 55
    assert set(Reader(Classifier.load()).read(picture).text) <= {"1"}
