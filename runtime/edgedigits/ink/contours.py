"""All contours of a picture, and which lies in which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

LEAST_GRAINY: Final = 40_000
"""Pixels up to which frames are looked for in anything: OpenCV's tree of contours takes time with the square
of their number, and on more than a few times as many pixels a lattice takes seconds."""
GRAINY: Final = 0.25
"""Share of pixels at which ink and paper change from which there are no frames: what ink there is is full of
holes."""
NESTED: Final = 400_000
MOST_NESTED: Final = 20_000
"""Outermost contours, and holes, in a picture of more pixels than these up to which frames are looked for in
it; noise has more."""


class Outlines(NamedTuple):
    """A picture of 0 and 255, uint8 [H, W], with all of its contours."""

    binary: Grey
    contours: Sequence[Any]
    """Moved by `offset`."""
    parents: Sequence[int]
    """The contour around each, -1 for the outermost."""
    offset: tuple[int, int]


def nested(binary: Grey, offset: tuple[int, int] = (0, 0)) -> tuple[Sequence[Any], list[int]]:
    """All contours of a picture of 0 and 255, uint8 [H, W], and the one around each: its index, or -1.

    In a large picture full of noise there are the outermost alone.
    """
    found: Any = None
    grainy = binary.size > LEAST_GRAINY and _is_grainy(binary)
    if grainy or binary.size > NESTED:
        found = cv2.findContours(binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=offset)
        # A sieve is one outline, and as much work.
        if not grainy and len(found[0]) <= MOST_NESTED:
            holes = cv2.connectedComponents(cv2.bitwise_not(binary), connectivity=4)[0]
            if len(found[0]) + holes <= MOST_NESTED:
                found = None
    if found is None:
        found = cv2.findContours(binary, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE, offset=offset)
    contours, tree = found
    return contours, tree[0, :, 3].tolist() if contours else []


def _is_grainy(binary: Grey) -> bool:
    """Whether ink and paper change so often along the rows that it must be noise; some rows tell."""
    rows = binary[:: max(1, len(binary) // 16)]
    return cv2.norm(rows[:, 1:], rows[:, :-1], cv2.NORM_L1) > 255 * GRAINY * rows.size


def enclosing(parents: Sequence[int], index: int) -> int:
    """The contour of the piece in whose hole that of a piece lies; -1 for an outermost one, and for a hole's.

    `parents` is the last column of OpenCV's tree of contours. Pieces and holes take turns in it: a piece
    stands in a hole, and that in a piece.
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
    """Which contours lie next within each."""
    found = dict[int, list[int]]()
    for index, around in enumerate(parents):
        found.setdefault(around, []).append(index)
    return found
