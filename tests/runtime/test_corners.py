"""Rules that run across a corner of a picture held askew are too short to be found, and no writing either."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.blob import at_corner
from edgedigits.pieces.connected import written_on
from edgedigits.results import Box

SIZE = (480, 640)


def page(slope: float, mirrored: bool) -> np.ndarray:
    """A row of 1s on slanting rules, as ink, uint8 [480, 640]; one rule runs across a corner."""
    ink = np.zeros(SIZE, np.uint8)
    for y in range(-600, 1100, 80):
        cv2.line(ink, (0, y), (639, round(y + 639 * slope)), 220, 3)
    for x in range(220, 460, 60):
        y = 240 + round((x - 320) * slope)
        cv2.line(ink, (x, y - 10), (x + 6, y + 40), 220, 6)
    return cv2.flip(ink, 1) if mirrored else ink


@pytest.mark.parametrize("slope", [0.22, 0.3, 0.35])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_rule_across_a_corner_is_no_piece(slope: float, mirrored: bool) -> None:
    """Regression: it counted against the digits, and faint ones were left out: half of a line was lost."""
    boxes = [piece.box for piece in written_on(page(slope, mirrored), 20, 6.0).pieces]
    assert len(boxes) == 4
    assert all(abs(height - 56) <= 8 for *_, height in boxes)


@pytest.mark.parametrize(
    ("box", "expected", "why"),
    [
        ((0, 0, 60, 20), True, "upper left"),
        ((580, 460, 60, 20), True, "lower right"),
        ((1, 460, 60, 19), True, "a pixel from the left side"),
        ((0, 200, 60, 20), False, "the left side alone"),
        ((0, 200, 640, 20), False, "from side to side"),
        ((0, 0, 640, 20), False, "three sides"),
        ((100, 200, 60, 20), False, "none"),
    ],
)
def test_at_corner(box: Box, expected: bool, why: str) -> None:
    assert at_corner(box, SIZE) == expected, why
