"""The line of a ring or box that was drawn around digits, and the ink of the digits that touch it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.contours import Outlines, fill, thickness

Grey = npt.NDArray[np.uint8]

HOLLOW: Final = 0.8
"""Least width and height of a ring's hole, as shares of the ring's, whatever reaches into it."""
HELD: Final = 0.35
"""Least height of what is written in a ring, as a share of the ring's."""
DENTS: Final = 0.03
"""Least share of the convex hull of a ring's hole that lies outside the ring if it has dents."""
SOLID: Final = 0.95
"""Least solidity of a ring's outline (share of its hull's area) if nothing hangs on it from outside."""
AROUND: Final = 0.85
"""Least share of its convex hull along which an open ring has ink: more than three of a box's four sides."""
UNEVEN: Final = 0.03
"""How far a ring's ink may be from its convex hull, as a share of its shorter side: hands are not steady."""
CLEAR: Final = 0.975
"""Solidity of a cell's hole above which nothing hangs on the cell's sides; that of a circle is 0.98."""
WIDEST: Final = 0.6
"""Greatest width of what hangs in a ring, as a share of the ring's: lines of a table go all the way."""


def is_cut(ring: Any, hole: Any) -> bool:
    """Return whether a hole ends far from one side of its ring's box, cut off by what hangs on the ring."""
    margins = sorted(_margins(ring, hole))
    return margins[-1] > 2 * margins[1] + 2


def is_solid(outline: Any, least: float = SOLID) -> bool:
    """Return whether a contour has no dents, so that nothing hangs on such a ring from outside."""
    return bool(cv2.contourArea(outline) >= least * cv2.contourArea(cv2.convexHull(outline)))


def in_closed(drawn: Outlines, ring: int, hole: int, free: Sequence[Any] = ()) -> list[Any] | None:
    """Return the contours of what hangs in a closed, solid ring; None if it is a table.

    `ring` and `hole` are indices of contours. The contours `free`, which stand in the ring without touching
    it, are left out.
    """
    outline = drawn.contours[ring]
    ink = _ink(drawn, outline, free)
    length = cv2.arcLength(outline, True) + cv2.arcLength(drawn.contours[hole], True)
    return _inside(ink, _filled(outline, outline), 2 * cv2.countNonZero(ink) / length, outline)


def in_open(drawn: Outlines, ring: int, free: Sequence[Any]) -> list[Any] | None:
    """Return the contours of what hangs in a ring whose ends do not meet; None if it is no ring.

    A ring has ink along nearly all of its convex hull.
    """
    outline = drawn.contours[ring]
    ink = _ink(drawn, outline, free) & _filled(outline, outline)
    hull = cv2.convexHull(outline)
    around = np.zeros_like(ink)
    x, y, width, height = cv2.boundingRect(outline)
    cv2.drawContours(around, [hull], -1, 255, 1, offset=(-x, -y))
    slack = 2 + round(UNEVEN * min(width, height))
    near = cv2.dilate(ink, np.ones((2 * slack + 1,) * 2, np.uint8))
    if cv2.countNonZero(around & near) < AROUND * cv2.countNonZero(around):
        return None
    return _inside(ink, _eroded(_filled(hull, outline), slack + 1), thickness(outline), outline)


def across(drawn: Outlines, ring: int, hole: int, free: Sequence[Any]) -> list[Any]:
    """Return the contours of the ink of a ring and in it, without its own line; digits may reach across that.

    The line lies around the convex hull of the ring's hole, whatever reaches into the hole. If the ring has
    dents, as a star or a heart, only what is inside it is found.
    """
    outline, inner = drawn.contours[ring], drawn.contours[hole]
    thick = sorted(_margins(outline, inner))[1]  # digits hang on one or two of its sides
    hull = _filled(cv2.convexHull(inner), outline)
    beyond = cv2.countNonZero(cv2.subtract(hull, _filled(outline, outline)))
    if beyond > DENTS * cv2.countNonZero(hull):
        return in_closed(drawn, ring, hole, free) or []
    square = np.ones((2 * thick + 3,) * 2, np.uint8)
    line = cv2.subtract(cv2.dilate(hull, square), cv2.erode(hull, np.ones((5, 5), np.uint8)))
    parts = _parts(_ink(drawn, outline, free), cv2.subtract(_filled(outline, outline), line), outline)
    return [part for part in parts if max(cv2.boundingRect(part)[2:]) > thick]


def within(drawn: Outlines, ring: int, hole: int) -> list[Any]:
    """Return the contours of the ink in a ring without its line; none if its hole is too small for a ring."""
    outline = drawn.contours[ring]
    _, _, width, height = cv2.boundingRect(outline)
    _, _, wide, high = cv2.boundingRect(drawn.contours[hole])
    if wide < HOLLOW * width or high < HOLLOW * height:
        return []
    # One pixel more than the line's width, which varies as much when drawn by hand.
    inner = _eroded(_filled(outline, outline), max(_margins(outline, drawn.contours[hole])) + 1)
    parts = _parts(_ink(drawn, outline), inner, outline)
    return [part for part in parts if cv2.boundingRect(part)[3] >= HELD * height]


def in_cells(drawn: Outlines, holes: Sequence[int], free: Mapping[int, Sequence[int]]) -> list[Any]:
    """Return the contours of what hangs on the sides of cells, each of which is a hole of one frame.

    A cell is the convex hull of its hole. `free` maps a hole to what stands in it without touching it.
    """
    parts = list[Any]()
    for hole in holes:
        outline = drawn.contours[hole]
        hull = cv2.convexHull(outline)
        if cv2.contourArea(outline) > CLEAR * cv2.contourArea(hull):
            continue  # most cells
        ink = _ink(drawn, outline, [drawn.contours[index] for index in free.get(hole, ())])
        found = _parts(ink, _eroded(_filled(hull, outline), 1), outline)
        least = HELD * cv2.boundingRect(outline)[3]
        parts += [part for part in found if cv2.boundingRect(part)[3] >= least]
    return parts


def _inside(ink: Grey, area: Grey, thick: float, ring: Any) -> list[Any] | None:
    """Return the contours of the ink in an area, without a line along its border; None if it is a table's.

    Both are uint8 [h, w], in a ring's box. A part that reaches no farther in than a second line would is the
    ring's line, drawn twice.
    """
    x, y, width, height = cv2.boundingRect(ring)
    inner = _eroded(area, round(1.25 * thick))
    deep = _eroded(inner, round(thick) + 2)
    parts = []
    for part in _parts(ink, inner, ring):
        left, top, wide, high = cv2.boundingRect(part)
        if width > height and wide > WIDEST * width:
            return None
        reaches = deep[top - y : top - y + high, left - x : left - x + wide].any()
        if max(wide, high) > thick and reaches:
            parts.append(part)
    return parts


def _ink(drawn: Outlines, ring: Any, free: Sequence[Any] = ()) -> Grey:
    """Return the ink in a ring's box without what stands free in it: uint8 [h, w], 255 on 0."""
    x, y, width, height = cv2.boundingRect(ring)
    column, row = x - drawn.offset[0], y - drawn.offset[1]
    ink = drawn.binary[row : row + height, column : column + width].copy()
    fill(ink, free, 0, (x, y))
    return ink


def _margins(ring: Any, hole: Any) -> tuple[int, int, int, int]:
    """Return the distances between a ring's box and its hole's: left, above, right and below."""
    x, y, width, height = cv2.boundingRect(ring)
    left, top, wide, high = cv2.boundingRect(hole)
    return left - x, top - y, x + width - left - wide, y + height - top - high


def _filled(contour: Any, ring: Any) -> Grey:
    """Return what a contour encloses, in a ring's box: uint8 [h, w], 255 on 0."""
    x, y, width, height = cv2.boundingRect(ring)
    area = np.zeros((height, width), np.uint8)
    cv2.drawContours(area, [contour], -1, 255, cv2.FILLED, offset=(-x, -y))
    return area


def _eroded(area: Grey, reach: int) -> Grey:
    """Return what is farther than `reach` pixels from the border of an area, or of its box."""
    square = np.ones((2 * reach + 1,) * 2, np.uint8)
    return np.asarray(cv2.erode(area, square, borderType=cv2.BORDER_CONSTANT, borderValue=0), np.uint8)


def _parts(ink: Grey, mask: Any, ring: Any) -> Sequence[Any]:
    """Return the outer contours of the ink in a ring's box that lies in a mask."""
    x, y, _, _ = cv2.boundingRect(ring)
    left = cv2.bitwise_and(ink, mask)
    return cv2.findContours(left, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(x, y))[0]
