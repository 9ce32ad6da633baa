"""The contours of a binary picture, and how they are nested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

LEAST_GRAINY: Final = 40_000
"""Pixels up to which frames are looked for even in noise: OpenCV's time for the hierarchy of contours grows
with the square of their number, and a lattice on more than a few times as many pixels takes seconds."""
GRAINY: Final = 0.25
"""Share of pixels where ink and paper alternate from which there are no frames: ink is full of holes."""
NESTED: Final = 400_000
MOST_NESTED: Final = 20_000
"""In a picture of more pixels than the first, frames are looked for if outermost contours and holes together
are no more than the second; noise has more."""


class Outlines(NamedTuple):
    """A binary picture, uint8 [H, W], 255 on 0, with all of its contours."""

    binary: Grey
    contours: Sequence[Any]
    """Shifted by `offset`."""
    parents: Sequence[int]
    """Index of the contour around each; -1 for the outermost."""
    offset: tuple[int, int]


def nested(binary: Grey, offset: tuple[int, int] = (0, 0)) -> tuple[Sequence[Any], list[int]]:
    """Return all contours of a binary picture, uint8 [H, W], and the index of the one around each, or -1.

    For a large picture full of noise, only the outermost are returned.
    """
    found: Any = None
    grainy = binary.size > LEAST_GRAINY and _is_grainy(binary)
    if grainy or binary.size > NESTED:
        found = cv2.findContours(binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=offset)
        # A sieve has only one outer contour, but its holes are as much work.
        if not grainy and len(found[0]) <= MOST_NESTED:
            holes = cv2.connectedComponents(cv2.bitwise_not(binary), connectivity=4)[0]
            if len(found[0]) + holes <= MOST_NESTED:
                found = None
    if found is None:
        found = cv2.findContours(binary, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE, offset=offset)
    contours, tree = found
    return contours, tree[0, :, 3].tolist() if contours else []


def _is_grainy(binary: Grey) -> bool:
    """Return whether ink and paper alternate so often along a sample of rows that it must be noise."""
    rows = binary[:: max(1, len(binary) // 16)]
    return cv2.norm(rows[:, 1:], rows[:, :-1], cv2.NORM_L1) > 255 * GRAINY * rows.size


def enclosing(parents: Sequence[int], index: int) -> int:
    """Return the piece in whose hole the piece `index` lies; -1 if it is outermost, or a hole itself.

    All are indices of contours. `parents` is the last column of OpenCV's hierarchy of contours, in which
    pieces and holes alternate: a piece lies in a hole, and that in a piece.
    """
    hole = parents[index]
    if hole < 0:
        return -1
    depth, above = 1, parents[hole]
    piece = above
    while above >= 0:
        depth, above = depth + 1, parents[above]
    return piece if depth % 2 == 0 else -1


def within_each(parents: Sequence[int]) -> dict[int, list[int]]:
    """Map each contour to the indices of those directly within it, and -1 to the outermost."""
    found = dict[int, list[int]]()
    for index, around in enumerate(parents):
        found.setdefault(around, []).append(index)
    return found


def fill(area: Grey, contours: Sequence[Any], value: int, corner: tuple[int, int] = (0, 0)) -> None:
    """Fill what each of the contours encloses in an area, uint8 [h, w], whose left and top are `corner`.

    One by one: filled together, a contour within another one would be a hole in it.
    """
    for contour in contours:
        cv2.drawContours(area, [contour], -1, value, cv2.FILLED, offset=(-corner[0], -corner[1]))


def thickness(outline: Any, holes: Sequence[Any] = ()) -> float:
    """Return the mean thickness, in pixels, of the lines between an outline and its holes, all contours.

    It is twice the area of the ink, divided by the length of all outlines.
    """
    ink = cv2.contourArea(outline) - sum(map(cv2.contourArea, holes))
    return 2 * ink / sum([cv2.arcLength(contour, True) for contour in (outline, *holes)])


def is_within(one: Sequence[int], other: Sequence[int]) -> bool:
    """Return whether a box lies inside another one and does not reach its sides."""
    x, y, width, height = other
    left, top, across, down = one
    return left > x and top > y and left + across < x + width and top + down < y + height
