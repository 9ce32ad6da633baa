"""Sheets told from what is around them by their light: small ones, and those written on up to their edges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.afar import LEAST_STEP, STEP, View, gap, share
from edgedigits.ink.blob import above
from edgedigits.ink.shapes import at_rim, filled, hull, solidity, squareness
from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median

Grey = npt.NDArray[np.uint8]

SQUARE: Final = 0.88
"""Share of the least four-sided outline around it that a sheet fills: all slips on drawn tables do, and
hardly anything that has grown together with its surroundings."""
CALM: Final = 0.25
"""By how much the light around it varies (standard deviation), as a share of its distance from the sheet's,
at most: it is 0.2 and less on tables of wood, cloth or tiles, and more in a room."""
SOLID: Final = 0.97
"""Share of its convex hull that a sheet fills once it is grown: what has grown together with something beside
it fills less."""
NEAR: Final = 0.35
"""How far from the sheet's light to that around it the light of its edges lies, at most: half way there are
the gaps between tiles."""
COVERED: Final = 0.9
"""Share of a sheet that it still covers once it is grown..."""
GROWN: Final = 3.0
"""...and how many times as large it is then at most: writing hides no more."""
INK: Final = 0.4
"""Share of ink up to which it is a sheet: drawn slips have 0.3 at most, and digits that stand so close that
they close up with one another 0.8 and more."""


def grown(view: View, sheet: Grey, outside: Grey) -> Grey:
    """A sheet up to where its light ends, 255 on 0: writing near its edges may have hidden these.

    `outside` is what surely does not belong to it.
    """
    if not outside.any():
        return sheet
    own, other = (median(view.paper[where > 0]) for where in (sheet, outside))
    area = cv2.countNonZero(sheet)
    for part in _distinct(view, own + NEAR * (other - own), own > other, COVERED * area):
        covered = cv2.countNonZero(cv2.bitwise_and(part, sheet))
        within = covered >= COVERED * area and cv2.countNonZero(part) <= GROWN * area
        if within and solidity(part) >= SOLID:
            return hull(as_bytes(cv2.bitwise_or(part, sheet)))
    return sheet


def slip_of(view: View, least: float, written: float) -> Grey | None:
    """The sheets that lie whole in the picture and are brighter, or darker, than all around them.

    None where there is none of at least that share of the picture, with that share of ink.
    """
    level = cv2.threshold(view.paper, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    slips = [
        [
            hull(part)
            for part in _distinct(view, level, bright, least * view.paper.size)
            if not at_rim(part) and written <= share(view.ink, as_bytes(cv2.erode(part, gap(part)))) <= INK
        ]
        for bright in (True, False)
    ]
    largest = max(slips, key=lambda parts: max(map(cv2.countNonZero, parts), default=0))
    return as_bytes(np.bitwise_or.reduce(largest)) if largest else None


def _distinct(view: View, level: float, bright: bool, least: float) -> Iterator[Grey]:
    """The four-sided parts of a picture, strokes closed, that are brighter or darker than a level, filled.

    Those alone that have `least` pixels or more, and whose surroundings are even and of another light; one
    such part is not among what is around another.
    """
    square = gap(view.paper)
    like: Any = above(view.paper, level)
    if not bright:
        like = cv2.bitwise_not(like)
    like = cv2.morphologyEx(like, cv2.MORPH_OPEN, square)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(like, connectivity=4)
    # More than half of what is smaller would be holes.
    large = [number for number in range(1, count) if 2 * stats[number, cv2.CC_STAT_AREA] >= least]
    parts = [filled(cv2.inRange(labels, number, number)) for number in large]
    parts = [part for part in parts if cv2.countNonZero(part) >= least and squareness(part) >= SQUARE]
    if not parts:
        return
    around = as_bytes(cv2.bitwise_not(cv2.dilate(np.bitwise_or.reduce(parts), square)))
    if not around.any():
        return
    beyond = view.paper[around > 0]
    light, varied = median(beyond), float(beyond.std())
    for part in parts:
        own = median(view.paper[part > 0])
        step = abs(own - light)
        if step >= max(LEAST_STEP, STEP * own) and varied <= CALM * step:
            yield part
