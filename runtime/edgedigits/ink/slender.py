"""What is as long and as thin as a rule on paper."""

from __future__ import annotations

from typing import Any, Final

import cv2

LONG: Final = 0.25
"""A rule is at least this share of the picture's longer side; the largest digits are shorter or thicker."""
ACROSS: Final = 0.9
"""Share of the way through a picture that is enough for a rule, however long the picture is the other
way."""
SLENDER: Final = 25
"""And at least this many times as long as thick."""
THIN: Final = 6.0
"""Stroke widths: how broad the edge of a sheet is with the table's grain on it; most digits are higher."""


def is_line(contour: Any, shape: tuple[int, ...], stroke: float) -> bool:
    """Whether what a contour surrounds is as long as a rule and lower than writing, whichever way it lies."""
    _, sides, _ = cv2.minAreaRect(contour)
    return max(sides) >= LONG * max(shape) and min(sides) <= THIN * stroke
