"""Reading order: which boxes stand on one written line, and the lines from top to bottom.

These are lists of numbers, not arrays: a page has tens of digits, and for so few one call of numpy takes
longer than all of the arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from edgedigits.quantiles import median
from edgedigits.results import Box
from edgedigits.signs.punctuation import SHORT

Point = tuple[float, float]

STEEPEST: Final = 0.27
"""Greatest slope of a line, either way: 15 degrees."""
SAME_LINE: Final = 0.35
"""Least overlap of a box with its line's last boxes, slope removed, as a share of the smaller height."""
GUTTER: Final = 3.0
"""Width, in digit heights, above which an empty strip with lines on both sides may separate two columns."""
ALIGNED: Final = 0.35
"""Difference in level, in digit heights, up to which lines on both sides of it are rows of one table."""


def lines_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Group boxes into written lines: return indices, left to right in a line, and lines in reading order.

    Lines may slope and differ in length. Columns are read one after the other, unless their lines stand side
    by side.
    """
    if not boxes:
        return []
    centres = [(x + width / 2, y + height / 2) for x, y, width, height in boxes]
    height = median([box[3] for box in boxes])
    slope = slope_of(centres, height)
    levels = [y - slope * x for x, y in centres]
    columns = _columns(boxes, levels, height)
    return [line for column in columns for line in _rows(boxes, centres, levels, column)]


def slope_of(centres: Sequence[Point], height: float) -> float:
    """Return the lines' slope in rows per column: the median over nearest neighbours to the right."""
    slopes = []
    ordered = sorted(centres)
    least, slack = 0.2 * height, 0.25 * height
    for place, (x, y) in enumerate(ordered, 1):
        nearest, slope = math.inf, 0.0
        for right, below in ordered[place:]:
            across = right - x
            if across >= nearest:
                break  # what follows is further to the right, and so no nearer
            if across <= least:
                continue
            down = abs(below - y)
            if down > STEEPEST * across + slack:
                continue
            # Vertical distance counts three times, or the next line could be nearer than the next digit.
            if across + 3 * down < nearest:
                nearest, slope = across + 3 * down, (below - y) / across
        if nearest < math.inf:
            slopes.append(slope)
    return min(max(median(slopes), -STEEPEST), STEEPEST) if slopes else 0.0


def _rows(
    boxes: Sequence[Box], centres: Sequence[Point], levels: Sequence[float], members: Sequence[int]
) -> list[list[int]]:
    """Return the lines of one column: each box, from the left, joins the line that it overlaps most."""
    lines: list[list[int]] = []
    ends: list[tuple[float, float]] = []  # for each line, level and half height to compare the next box with
    lasts: list[int] = []  # for each line, its last box that is no sign
    for index in sorted(members, key=[x for x, _ in centres].__getitem__):
        level, half = levels[index], boxes[index][3] / 2
        best, most = -1, SAME_LINE
        for place, (middle, reach) in enumerate(ends):
            # How far both overlap, for most lines not at all; above `shorter` if one contains the other.
            shared = half + reach - abs(level - middle)
            if shared <= 0:
                continue
            shorter = 2 * min(half, reach)
            overlap = min(shared, shorter) / shorter
            if overlap > most:
                best, most = place, overlap
        if best < 0:
            lines.append([index])
            ends.append((level, half))
            lasts.append(index)
        else:
            lines[best].append(index)
            if half >= SHORT * ends[best][1]:
                # A comma is skipped: it does not tell where a line goes on.
                # The last two boxes follow a line that bends; one alone would follow a tail or a flag.
                last, lasts[best] = lasts[best], index
                ends[best] = ((level + levels[last]) / 2, (half + boxes[last][3] / 2) / 2)
    return sorted(lines, key=lambda line: sum([levels[i] for i in line]) / len(line))


def _columns(boxes: Sequence[Box], levels: Sequence[float], height: float) -> list[list[int]]:
    """Return the columns from left to right, as indices of boxes; mostly there is only one."""
    order = sorted(range(len(boxes)), key=[box[0] for box in boxes].__getitem__)
    columns: list[list[int]] = []
    start, gutter = 0, GUTTER * height
    end = math.inf  # right edge of the boxes so far
    for place, index in enumerate(order):
        x, _, width, _ = boxes[index]
        if x - end > gutter:
            left, right = order[start:place], order[place:]
            if _stand_apart([levels[i] for i in left], [levels[i] for i in right], height):
                columns.append(left)
                start = place
        end = max(end, x + width) if place else x + width
    return [*columns, order[start:]]


def _stand_apart(left: Sequence[float], right: Sequence[float], height: float) -> bool:
    """Return whether both sides have several lines, and these are not the rows of one table."""
    if min(max(left) - min(left), max(right) - min(right)) < height:
        return False
    nearest = [min(abs(one - other) for other in right) for one in left]
    return median(nearest) > ALIGNED * height
