"""Lines as long and thin as rules on paper."""

from __future__ import annotations

from typing import Any, Final

import cv2

LONG: Final = 0.25
"""Least length of a rule, as a share of the longer side; the largest digits are shorter or thicker."""
ACROSS: Final = 0.9
"""Share of the way across a picture that is enough for a rule, however long the picture is the other way."""
SLENDER: Final = 25
"""Least length of a rule, as a multiple of its thickness."""
THIN: Final = 6.0
"""Greatest width of a sheet's edge with the table's grain on it, in stroke widths; most digits are higher."""


def is_line(contour: Any, shape: tuple[int, ...], stroke: float) -> bool:
    """Return whether a contour, in any direction, is as long as a rule and lower than writing."""
    _, sides, _ = cv2.minAreaRect(contour)
    return max(sides) >= LONG * max(shape) and min(sides) <= THIN * stroke
