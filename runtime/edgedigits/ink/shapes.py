"""Shapes of patches, 255 on 0: filled, convex, and with the corners that writing near them cut off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median

Grey = npt.NDArray[np.uint8]
Point = tuple[float, float]

ROUGH: Final = 1.0
"""How far, in pixels of the coarse picture, an edge of the outline may be from a straight line."""
RIM: Final = 2
"""Width, in the same pixels, of the strip along a corner's edges on which nothing is written."""
ALIKE: Final = 0.1
"""How much darker or brighter than the sheet beside it, as a share, that strip may be..."""
MOST: Final = 0.9
"""...over at least this share of it."""
LARGEST: Final = 0.25
"""Greatest area of all of a sheet's missing corners together, as a share of the sheet's."""


def filled(patch: Any) -> Grey:
    """Return a patch with its holes filled, as 255 on 0."""
    contours = cv2.findContours(as_bytes(patch), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    whole = np.zeros(patch.shape, np.uint8)
    cv2.drawContours(whole, contours, -1, 255, cv2.FILLED)
    return whole


def without_notches(patch: Grey, width: int) -> Grey:
    """Return a patch with its holes filled, and its notches up to `width` pixels wide, as 255 on 0."""
    closed: Any = cv2.morphologyEx(patch, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8))
    x, y, across, down = cv2.boundingRect(patch)  # OpenCV also closes what is between a patch and the rim
    whole = np.zeros_like(patch)
    whole[y : y + down, x : x + across] = closed[y : y + down, x : x + across]
    return filled(whole)


def without_bumps(patch: Grey, width: int) -> Grey:
    """Return the convex hull of a patch without its bumps up to `width` pixels wide, as 255 on 0.

    Writing close to a sheet's edge merges with the outline and makes a notch; something as bright beside the
    sheet makes a bump.
    """
    body = as_bytes(cv2.morphologyEx(patch, cv2.MORPH_OPEN, np.ones((width, width), np.uint8)))
    return hull(body) if body.any() else patch


def hull(patch: Grey) -> Grey:
    """Return the convex hull of a filled patch, as 255 on 0."""
    whole = np.zeros(patch.shape, np.uint8)
    cv2.fillConvexPoly(whole, _convex(patch), 255)
    return whole


def _convex(patch: Grey) -> Any:
    """Return the vertices of the convex hull of a patch with all of its parts, int32 [n, 1, 2]."""
    contours = cv2.findContours(patch, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    return cv2.convexHull(np.concatenate(contours))


def solidity(patch: Grey) -> float:
    """Return the solidity of a filled patch: the share of its convex hull that it fills."""
    return cv2.countNonZero(patch) / cv2.countNonZero(hull(patch))


def squareness(patch: Grey) -> float:
    """Return the share of the smallest enclosing quadrilateral that a filled patch fills; 0 without one."""
    whole = _four_sided(patch)
    return 0.0 if whole is None else cv2.countNonZero(patch) / cv2.countNonZero(whole)


def at_rim(patch: Grey) -> bool:
    """Return whether a patch is cut off by the picture's border."""
    return bool(any(side.any() for side in (patch[0], patch[-1], patch[:, 0], patch[:, -1])))


def with_corners(grey: Grey, sheet: Grey) -> Grey:
    """Add to a sheet, 255 on 0, the missing corners that show its paper in the picture; all uint8 [H, W]."""
    whole = _four_sided(sheet)
    if whole is None:
        return sheet
    missing = as_bytes(cv2.subtract(whole, sheet))
    if cv2.countNonZero(missing) > LARGEST * cv2.countNonZero(sheet):
        return sheet
    square = np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)
    rim: Any = cv2.subtract(whole, cv2.erode(whole, square, borderType=cv2.BORDER_CONSTANT, borderValue=255))
    count, labels = cv2.connectedComponents(missing)[:2]
    for number in range(1, count):
        corner = as_bytes(cv2.inRange(labels, number, number))
        strip = grey[(corner & rim) > 0]
        beside = grey[cv2.bitwise_and(cv2.dilate(corner, square), sheet) > 0]
        if strip.size and beside.size:
            paper = median(beside)
            if np.mean(np.abs(strip - paper) <= ALIKE * paper) >= MOST:
                sheet = as_bytes(cv2.bitwise_or(sheet, corner))
    return sheet


def _four_sided(patch: Grey) -> Grey | None:
    """Return the smallest quadrilateral around a patch, filled, as far as it lies in the picture."""
    outline = cv2.approxPolyDP(_convex(patch), ROUGH, True)[:, 0]
    corners = four_corners([tuple(point) for point in outline.tolist()])
    if corners is None:
        return None
    # Edges that are nearly parallel may meet very far away.
    limit = 4 * max(patch.shape)
    whole = np.zeros_like(patch)
    cv2.fillConvexPoly(whole, np.clip(np.rint(corners), -limit, limit).astype(np.int32), 255)
    return whole


def four_corners(points: Sequence[Point]) -> list[Point] | None:
    """Return the smallest quadrilateral around a convex polygon; None if there is none.

    Edges are removed one by one: each time the edge whose neighbours meet beyond it in the smallest triangle
    (Low and Ilie, "Computer Vision and Image Understanding" 91, 2003), as OpenCV's `approxPolyN` does from
    4.11 on.
    """
    left = list(points)
    while len(left) > 4:
        best: tuple[float, int, Point] | None = None
        for place in range(len(left)):
            before, start, end, after = (left[(place + step) % len(left)] for step in range(-1, 3))
            found = _beyond(before, start, end, after)
            if found is not None and (best is None or found[0] < best[0]):
                best = (found[0], place, found[1])
        if best is None:
            return None
        _, place, meeting = best
        left[place] = meeting
        del left[(place + 1) % len(left)]
    return left if len(left) == 4 else None


def _beyond(before: Point, start: Point, end: Point, after: Point) -> tuple[float, Point] | None:
    """Return the area between an edge and where its neighbours meet beyond it, and that point; else None."""
    ahead = start[0] - before[0], start[1] - before[1]
    back = end[0] - after[0], end[1] - after[1]
    across = end[0] - start[0], end[1] - start[1]
    turn = ahead[0] * back[1] - ahead[1] * back[0]
    if not turn:
        return None
    far = (across[0] * back[1] - across[1] * back[0]) / turn
    near = (across[0] * ahead[1] - across[1] * ahead[0]) / turn
    if far < 0 or near < 0:
        return None
    meeting = start[0] + far * ahead[0], start[1] + far * ahead[1]
    area = abs(across[0] * far * ahead[1] - across[1] * far * ahead[0]) / 2
    return area, meeting
