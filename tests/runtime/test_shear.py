"""Levelling of slanting lines and its inverse: nothing is lost, and the estimated slope is right."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.shear import STEEPEST, askew, levelled, slope_of


@pytest.mark.parametrize("slope", [-0.4, -0.013, 0.0, 0.013, 0.4])
@pytest.mark.parametrize("shape", [(1, 1), (7, 90), (90, 7)])
def test_what_was_levelled_comes_back_to_the_pixel(slope: float, shape: tuple[int, int]) -> None:
    ink = np.random.default_rng(1).integers(0, 2, shape).astype(np.uint8) * 255
    level = levelled(ink, slope)
    assert cv2.countNonZero(level) == cv2.countNonZero(ink)
    np.testing.assert_array_equal(askew(level, slope, len(ink)), ink)


def drawn(slope: float, height: int = 480) -> np.ndarray:
    """Return three thin lines of this slope across a page."""
    ink = np.zeros((height, 640), np.uint8)
    for start in (80, 200, 320):
        cv2.line(ink, (0, start), (639, round(start + 639 * slope)), 255, 2)
    return ink


@pytest.mark.parametrize("slope", [-0.42, -0.2, 0.0, 0.07, 0.3])
def test_the_slope_of_lines_is_found_and_levels_them(slope: float) -> None:
    ink = drawn(slope)
    found = slope_of(ink)
    assert found == pytest.approx(slope, abs=0.006), "a step of the search"
    rows = np.count_nonzero(levelled(ink, found).any(axis=1))
    assert rows < 3 * 8, "three lines, and how far a step is off at either end"


@pytest.mark.parametrize(
    ("ink", "why"),
    [
        (np.zeros((480, 640), np.uint8), "nothing is there"),
        (drawn(0.0)[:1], "one row of pixels"),
    ],
)
def test_without_lines_there_is_a_slope_all_the_same(ink: np.ndarray, why: str) -> None:
    assert abs(slope_of(ink)) <= STEEPEST, why
