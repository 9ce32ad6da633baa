"""Digits that touch the ring or box drawn around them: one piece, and no hole with a digit in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

ALIKE: Final = 0.25
"""By how much, as a share of it, such a ring's width and height differ from another one's at most."""
HOLLOW: Final = 0.8
"""Share of a ring's width and height that its hole has at least, whatever reaches into it."""
ROW: Final = 2.0
"""Width of a ring around a row of digits, as a share of its height, at least."""
HELD: Final = 0.35
"""Height of what is written in a ring, as a share of the ring's, at least."""


def held_by(
    binary: Grey,
    contours: Sequence[Any],
    parents: Sequence[int],
    frames: Collection[int],
    offset: tuple[int, int],
) -> dict[int, list[Any]]:
    """The rings, by their contours' indices, that digits hang on, and the contours of those digits.

    `binary` is 0 and 255, uint8 [H, W], `contours` all of its contours, moved by `offset`, `parents` the one
    around each, and `frames` those of rings and boxes that are known.
    """
    known = [cv2.boundingRect(contours[frame]) for frame in frames]
    found, full = dict[int, list[Any]](), set(parents)
    for ring in frames:
        hole = hole_of_row(contours, parents, ring)
        if hole >= 0:
            free = {
                cv2.boundingRect(contours[index]) for index, within in enumerate(parents) if within == hole
            }
            parts = _crossing(binary, contours[ring], contours[hole], offset)
            found[ring] = [part for part in parts if cv2.boundingRect(part) not in free]
    for hole, ring in enumerate(parents):
        if ring < 0 or parents[ring] >= 0 or hole in full:
            continue
        if is_like(cv2.boundingRect(contours[ring]), known, ALIKE):
            within = _within(binary, contours[ring], contours[hole], offset)
            if within:
                found[ring] = within
    return found


def hole_of_row(contours: Sequence[Any], parents: Sequence[int], ring: int) -> int:
    """The contour of the hole of a ring around a row of digits, which may hang on it; -1 for other pieces.

    It is nearly as wide as the ring, which rules that a fold joins have none of; the loops of digits that
    hang on the ring are holes as well.
    """
    _, _, width, height = cv2.boundingRect(contours[ring])
    if width <= ROW * height:
        return -1
    for hole, parent in enumerate(parents):
        if parent == ring:
            _, _, across, down = cv2.boundingRect(contours[hole])
            if across >= HOLLOW * width and down >= height / 2:
                return hole
    return -1


def is_like(box: Any, others: Sequence[Any], by: float) -> bool:
    """Whether a box is as wide and as high as another one, give or take that share of it."""
    _, _, width, height = box
    return any(abs(width - w) <= by * w and abs(height - h) <= by * h for _, _, w, h in others)


def _crossing(binary: Grey, ring: Any, hole: Any, offset: tuple[int, int]) -> list[Any]:
    """The contours of the ink of a ring and within it but for its own line: digits may reach across that.

    The line lies around the convex hull of its hole, whatever reaches into the hole.
    """
    margins, area = _margins(ring, hole), _filled(ring, ring)
    thick = sorted(margins)[1]  # digits hang on one of its sides, or two
    hull = _filled(cv2.convexHull(hole), ring)
    square = np.ones((2 * thick + 3,) * 2, np.uint8)
    line = cv2.subtract(cv2.dilate(hull, square), cv2.erode(hull, np.ones((5, 5), np.uint8)))
    parts = _parts(binary, cv2.subtract(area, line), ring, offset)
    return [part for part in parts if max(cv2.boundingRect(part)[2:]) > thick]


def _within(binary: Grey, ring: Any, hole: Any, offset: tuple[int, int]) -> list[Any]:
    """The contours of the ink within a ring but for the ring's own, if its hole is as large as a ring's."""
    _, _, width, height = cv2.boundingRect(ring)
    _, _, across, down = cv2.boundingRect(hole)
    if across < HOLLOW * width or down < HOLLOW * height:
        return []
    # One more than the ring's, as much as a line drawn by hand changes.
    pen = np.ones((2 * max(_margins(ring, hole)) + 3,) * 2, np.uint8)
    inner = cv2.erode(_filled(ring, ring), pen, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    parts = _parts(binary, inner, ring, offset)
    return [part for part in parts if cv2.boundingRect(part)[3] >= HELD * height]


def _margins(ring: Any, hole: Any) -> tuple[int, int, int, int]:
    """How far the hole of a ring is from its box on the left, above, on the right and below."""
    x, y, width, height = cv2.boundingRect(ring)
    left, top, across, down = cv2.boundingRect(hole)
    return left - x, top - y, x + width - left - across, y + height - top - down


def _filled(contour: Any, ring: Any) -> Grey:
    """What a contour surrounds, in a ring's box: uint8 [h, w], 255 on 0."""
    x, y, width, height = cv2.boundingRect(ring)
    area = np.zeros((height, width), np.uint8)
    cv2.drawContours(area, [contour], -1, 255, cv2.FILLED, offset=(-x, -y))
    return area


def _parts(binary: Grey, mask: Any, ring: Any, offset: tuple[int, int]) -> Sequence[Any]:
    """The outer contours of the ink that a mask of a ring's box leaves."""
    x, y, width, height = cv2.boundingRect(ring)
    column, row = x - offset[0], y - offset[1]
    ink = cv2.bitwise_and(binary[row : row + height, column : column + width], mask)
    return cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(x, y))[0]
