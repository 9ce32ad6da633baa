"""Sheets found by their brightness: small ones (slips), and those with writing up to their edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

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
"""Least share of its smallest enclosing quadrilateral that a sheet fills: all slips on drawn tables reach it,
and hardly anything that has merged with its surroundings does."""
CALM: Final = 0.25
"""Greatest standard deviation of the brightness around a sheet, as a share of the difference between that
brightness and the sheet's: it is 0.2 and less on tables of wood, cloth or tiles, and more in a room."""
SOLID: Final = 0.97
"""Least solidity of a sheet once it is grown: what has merged with something beside it is less solid."""
NEAR: Final = 0.35
"""How far the brightness of a sheet's edges may be from the sheet's own, as a share of the way to that around
it: half-way are the gaps between tiles."""
COVERED: Final = 0.9
"""Least share of a sheet that must still be covered once it is grown..."""
GROWN: Final = 3.0
"""...and how many times as large it may then be: writing hides no more."""
INK: Final = 0.4
"""Greatest share of ink on a sheet: drawn slips have 0.3 at most, and digits so close that they merge with
one another 0.8 and more."""


def grown(view: View, sheet: Grey, outside: Grey, parts: Sequence[Grey] = ()) -> Grey:
    """Grow a sheet, 255 on 0, to where its brightness ends, because writing may have hidden its edges.

    `outside` is what surely does not belong to it; `parts` are those of a sheet partly in shadow.
    """
    if not outside.any():
        return sheet
    other = median(view.paper[outside > 0])
    levels = [median(view.paper[part > 0]) for part in parts or (sheet,)]
    every = [_like(view, own + NEAR * (other - own), own > other) for own in levels]
    like = as_bytes(np.bitwise_or.reduce(every))
    if len(every) > 1:  # across the edge of the shadow, brightness is between that of the parts
        like = as_bytes(cv2.morphologyEx(like, cv2.MORPH_CLOSE, gap(sheet)))
    area = cv2.countNonZero(sheet)
    for part in _distinct(view, like, COVERED * area):
        covered = cv2.countNonZero(cv2.bitwise_and(part, sheet))
        within = covered >= COVERED * area and cv2.countNonZero(part) <= GROWN * area
        if within and solidity(part) >= SOLID:
            return hull(as_bytes(cv2.bitwise_or(part, sheet)))
    return sheet


def slip_of(view: View, least: float, written: float) -> Grey | None:
    """Return the sheets that lie entirely in the picture and are brighter, or darker, than all around them.

    None if none covers at least the share `least` of the picture and has at least the share `written` of ink.
    """
    level = cv2.threshold(view.paper, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    slips = [
        [
            hull(part)
            for part in _distinct(view, _like(view, level, bright), least * view.paper.size)
            if not at_rim(part) and written <= share(view.ink, as_bytes(cv2.erode(part, gap(part)))) <= INK
        ]
        for bright in (True, False)
    ]
    largest = max(slips, key=lambda parts: max(map(cv2.countNonZero, parts), default=0))
    return as_bytes(np.bitwise_or.reduce(largest)) if largest else None


def _like(view: View, level: float, bright: bool) -> Grey:
    """Return what is brighter, or else darker, than a level in a picture without strokes, as 255 on 0."""
    brighter = above(view.paper, level)
    return brighter if bright else as_bytes(cv2.bitwise_not(brighter))


def _distinct(view: View, like: Grey, least: float) -> Iterator[Grey]:
    """Yield the quadrilateral parts, filled, of what may be sheets by its brightness.

    Only parts of `least` pixels or more whose surroundings are even and of a different brightness; one part
    does not count as the surroundings of another.
    """
    square = gap(view.paper)
    opened = cv2.morphologyEx(like, cv2.MORPH_OPEN, square)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    # If they were smaller, more than half of the filled part would be holes.
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
