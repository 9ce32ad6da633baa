"""Reading order: which boxes stand on one written line, and the lines from top to bottom.

On lists of numbers: a page has tens of digits, and for so few a call of numpy's takes longer than all
of the arithmetic.
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
"""Lines slope by at most 15 degrees either way."""
SAME_LINE: Final = 0.35
"""Share of the smaller height by which a box overlaps its line's last boxes, the slope taken out."""
GUTTER: Final = 3.0
"""An empty strip of this many digit heights, with lines on both sides, may part two columns."""
ALIGNED: Final = 0.35
"""Lines on both sides of it that differ by less, in heights, are the rows of one table."""


def lines_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Group boxes into written lines: indices, left to right in a line, lines in reading order.

    Lines may slope and differ in length. Columns are read one after the other where their lines do
    not stand side by side.
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
    """The lines' slope, down per pixel to the right: the median over nearest neighbours to the right."""
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
            # Distance downwards counts thrice, or the next line could be nearer than the next digit.
            if across + 3 * down < nearest:
                nearest, slope = across + 3 * down, (below - y) / across
        if nearest < math.inf:
            slopes.append(slope)
    return min(max(median(slopes), -STEEPEST), STEEPEST) if slopes else 0.0


def _rows(
    boxes: Sequence[Box], centres: Sequence[Point], levels: Sequence[float], members: Sequence[int]
) -> list[list[int]]:
    """The lines of one column: each box, from the left, goes to the line that it overlaps most."""
    lines: list[list[int]] = []
    ends: list[tuple[float, float]] = []  # of each line: the level and half height that a next box meets
    lasts: list[int] = []  # and its last box but for signs
    for index in sorted(members, key=[x for x, _ in centres].__getitem__):
        level, half = levels[index], boxes[index][3] / 2
        best, most = -1, SAME_LINE
        for place, (middle, reach) in enumerate(ends):
            # The lower of the upper ends less the upper of the lower ones: for most lines nothing.
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
                # A comma does not tell where a line goes on.
                # The last two follow a line that bends; one alone would follow a tail or a flag.
                last, lasts[best] = lasts[best], index
                ends[best] = ((level + levels[last]) / 2, (half + boxes[last][3] / 2) / 2)
    return sorted(lines, key=lambda line: sum([levels[i] for i in line]) / len(line))


def _columns(boxes: Sequence[Box], levels: Sequence[float], height: float) -> list[list[int]]:
    """The columns from the left, as indices of boxes; mostly there is one."""
    order = sorted(range(len(boxes)), key=[box[0] for box in boxes].__getitem__)
    columns: list[list[int]] = []
    start, gutter = 0, GUTTER * height
    end = math.inf  # the rightmost of all boxes before
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
    """Whether both sides have several lines, and these are not the rows of one table."""
    if min(max(left) - min(left), max(right) - min(right)) < height:
        return False
    nearest = [min(abs(one - other) for other in right) for one in left]
    return median(nearest) > ALIGNED * height
