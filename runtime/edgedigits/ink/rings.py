"""Rings and boxes around digits that touch them, or with ends that do not meet.

A ring around digits that stand free in it is recognized by its hole (`ink.blob`). But with a digit hanging on
it a ring is a single piece, and an open ring has no hole at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import cv2

from edgedigits.ink.contours import Outlines, is_within, thickness, within_each
from edgedigits.ink.ring_lines import (
    HELD,
    HOLLOW,
    SOLID,
    across,
    in_cells,
    in_closed,
    in_open,
    is_cut,
    is_solid,
    within,
)
from edgedigits.quantiles import median
from edgedigits.results import Box

ALIKE: Final = 0.25
"""How far the width and height of such a ring may be from a known one's, as a share of these."""
ROW: Final = 2.0
"""Least width of a ring around a row of digits, as a multiple of its height."""
CELL: Final = 0.3
"""Share of the largest hole's area above which a hole is a cell, not the loop of a digit on the ring."""
TALLER: Final = 1.2
"""Least height of a ring around a digit, in typical heights of pieces."""
WRITTEN: Final = 0.7
"""Least height of the digit that hangs in it, in the same unit: the curl of a 0 is lower."""
DENTED: Final = 0.75
"""Least solidity of a ring on a page with other rings: a star or a heart has dents."""
MANY: Final = 1 / 3
"""Least share of a page's pieces that stand in holes if these are rings; in a printed code others do, too."""
THIN: Final = 0.2
"""Greatest thickness of rings and of the lines between them, as a share of their typical width: things that
overlap in a room are thicker."""
FILLED: Final = 0.7
"""Least share of the cells of several rings that hold something: squared paper has most cells empty."""


def held_by(drawn: Outlines, frames: Collection[int]) -> dict[int, list[Any]]:
    """Return the rings that digits hang on, as indices of contours, and the contours of those digits.

    `frames` are the indices of the contours of known rings and boxes.
    """
    contours, parents = drawn.contours, drawn.parents
    found, holes = dict[int, list[Any]](), within_each(parents)
    for ring in frames:
        cells = _cells(contours, holes[ring])
        if len(cells) != 1:
            hung = in_cells(drawn, cells, holes)
            if hung:
                found[ring] = hung
            continue
        hole = cells[0]
        free = [contours[index] for index in holes.get(hole, ())]
        end = is_cut(contours[ring], contours[hole]) and is_solid(contours[ring])
        parts = in_closed(drawn, ring, hole, free) if end else None
        parts = across(drawn, ring, hole, free) if parts is None else parts
        least = HELD * cv2.boundingRect(contours[ring])[3]
        if any(cv2.boundingRect(part)[3] >= least for part in parts):
            found[ring] = parts
    known = [cv2.boundingRect(contours[frame]) for frame in frames]
    for hole, ring in enumerate(parents):
        if ring < 0 or parents[ring] >= 0 or hole in holes:
            continue
        if is_like(cv2.boundingRect(contours[ring]), known, ALIKE):
            parts = within(drawn, ring, hole)
            if parts:
                found[ring] = parts
    return found


def unlike_others(
    drawn: Outlines, boxes: Mapping[int, Box], met: Collection[int], held: Sequence[int] = ()
) -> dict[int, list[Any]]:
    """Return the rings that are higher than the other pieces, and the contours of what hangs on them.

    `boxes` maps the indices of the pieces' contours to their boxes; `met` are those whose box overlaps
    another one. A closed piece is a ring if a digit hangs in it, an open one if any stands or hangs in it.
    `held` are the heights of what stands in holes; if it is many, it tells how high the writing is.
    """
    if len(boxes) < 2 and not held:
        return {}
    if len(held) < MANY * len(boxes):
        held = ()
    heights = sorted(held or [box[3] for box in boxes.values()])
    typical = heights[(len(heights) - 1) // 2]
    tall = [index for index, box in boxes.items() if box[3] >= TALLER * typical]
    found, holes = dict[int, list[Any]](), within_each(drawn.parents) if tall else {}
    for ring in tall:
        free = [other for other in met if _holds(boxes[ring], boxes[other])] if ring in met else []
        parts = in_open(drawn, ring, [drawn.contours[other] for other in free]) if free else None
        if parts is None and ring in holes:
            hung = _hung(drawn, ring, holes, WRITTEN * typical, DENTED if held else SOLID)
            if hung and max([cv2.boundingRect(part)[3] for part in hung]) >= WRITTEN * typical:
                parts = hung
        if parts is not None:
            found[ring] = parts
    return found


def _hung(
    drawn: Outlines, ring: int, holes: Mapping[int, Sequence[int]], least: float, solid: float
) -> list[Any]:
    """Return the contours of what stands and hangs in a piece that may be a ring, or several joined by lines.

    `holes` maps each contour to those directly within it, `least` is the least height of a cell, and `solid`
    the least solidity of a single ring.
    """
    contours = drawn.contours
    large = _cells(contours, holes[ring])
    if len(large) == 1 and is_solid(contours[ring], solid):
        return in_closed(drawn, ring, large[0]) or []
    cells = [hole for hole in holes[ring] if cv2.boundingRect(contours[hole])[3] >= least]
    hung = in_joined(drawn, ring, cells, holes) if len(cells) > 1 else []
    return hung and hung + [contours[index] for cell in cells for index in holes.get(cell, ())]


def in_joined(
    drawn: Outlines, rings: int, cells: Sequence[int], holes: Mapping[int, Sequence[int]]
) -> list[Any]:
    """Return the contours of what hangs in `rings` that lines join; none if most of them hold nothing.

    `cells` are the rings' large holes, and `holes` maps each contour to those directly within it. Lines that
    run out of the picture are those of paper or of a table, and writing crosses them.
    """
    x, y, width, height = cv2.boundingRect(drawn.contours[rings])
    left, top = x - drawn.offset[0], y - drawn.offset[1]
    down, across = drawn.binary.shape
    if min(left, top) <= 1 or left + width >= across - 1 or top + height >= down - 1:
        return []
    if not cells:
        return []
    contours = drawn.contours
    thick = thickness(contours[rings], [contours[hole] for hole in holes[rings]])
    if thick > THIN * median([min(cv2.boundingRect(contours[cell])[2:]) for cell in cells]):
        return []
    hung = [in_cells(drawn, [cell], holes) for cell in cells]
    filled = sum([bool(parts or holes.get(cell)) for cell, parts in zip(cells, hung, strict=True)])
    return [part for parts in hung for part in parts] if filled >= FILLED * len(cells) else []


def _holds(ring: Box, other: Box) -> bool:
    """Return whether a box lies inside a ring's, and is as high as what rings surround."""
    return is_within(other, ring) and other[3] >= HELD * ring[3]


def hole_of_row(contours: Sequence[Any], parents: Sequence[int], ring: int) -> int:
    """Return the hole of a ring around a row of digits, which may hang on it; -1 for other pieces.

    That hole is nearly as wide as the ring; rules that a fold joins have no such hole. The loops of digits
    that hang on the ring are holes as well.
    """
    _, _, width, height = cv2.boundingRect(contours[ring])
    if width <= ROW * height:
        return -1
    for hole, parent in enumerate(parents):
        if parent == ring:
            _, _, wide, high = cv2.boundingRect(contours[hole])
            if wide >= HOLLOW * width and high >= height / 2:
                return hole
    return -1


def _cells(contours: Sequence[Any], holes: Sequence[int]) -> list[int]:
    """Return the large holes of a piece, one in a ring, several in a form; small ones are digits' loops."""
    areas = [cv2.contourArea(contours[hole]) for hole in holes]
    least = CELL * max(areas, default=0.0)  # computed once: in noise a piece has tens of thousands of holes
    return [hole for hole, area in zip(holes, areas, strict=True) if area > least]


def is_like(box: Any, others: Sequence[Any], by: float) -> bool:
    """Return whether a box is as wide and high as one of the others, within the share `by` of that one's."""
    _, _, width, height = box
    return any(abs(width - w) <= by * w and abs(height - h) <= by * h for _, _, w, h in others)
