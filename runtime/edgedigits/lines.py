"""Reading order: which boxes stand on one written line, and the lines from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.quantiles import median
from edgedigits.results import Box

Floats = npt.NDArray[np.float64]

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
    array = np.array(boxes, np.float64)
    centres = array[:, :2] + array[:, 2:] / 2
    height = median(array[:, 3])
    level = centres[:, 1] - slope_of(centres, height) * centres[:, 0]
    columns = _columns(array, level, height)
    return [line for column in columns for line in _rows(array, centres, level, column)]


def slope_of(centres: Floats, height: float) -> float:
    """The lines' slope, down per pixel to the right: the median over nearest neighbours to the right."""
    across = centres[None, :, 0] - centres[:, None, 0]
    down = centres[None, :, 1] - centres[:, None, 1]
    steep = np.abs(down) > STEEPEST * across + 0.25 * height
    # Distance downwards counts thrice, or the next line could be nearer than the next digit.
    far = np.where((across <= 0.2 * height) | steep, np.inf, across + 3 * np.abs(down))
    nearest = far.argmin(axis=1)
    has = np.flatnonzero(np.isfinite(far.min(axis=1)))
    if not len(has):
        return 0.0
    slopes = down[has, nearest[has]] / across[has, nearest[has]]
    return min(max(median(slopes), -STEEPEST), STEEPEST)


def _rows(array: Floats, centres: Floats, level: Floats, members: Sequence[int]) -> list[list[int]]:
    """The lines of one column: each box, from the left, goes to the line that it overlaps most."""
    half, levels = (array[:, 3] / 2).tolist(), level.tolist()
    lines: list[list[int]] = []
    for index in sorted(members, key=lambda member: centres[member, 0]):
        best, most = None, SAME_LINE
        for line in lines:
            # The last two follow a line that bends; one alone would follow a tail or a flag.
            one, other = line[-1], line[-2] if len(line) > 1 else line[-1]
            middle, reach = (levels[one] + levels[other]) / 2, (half[one] + half[other]) / 2
            low = min(levels[index] + half[index], middle + reach)
            high = max(levels[index] - half[index], middle - reach)
            overlap = (low - high) / (2 * min(half[index], reach))
            if overlap > most:
                best, most = line, overlap
        if best is None:
            lines.append([index])
        else:
            best.append(index)
    return sorted(lines, key=lambda line: sum(levels[i] for i in line) / len(line))


def _columns(array: Floats, level: Floats, height: float) -> list[list[int]]:
    """The columns from the left, as indices of boxes; mostly there is one."""
    order = np.argsort(array[:, 0], kind="stable")
    ends = np.maximum.accumulate((array[:, 0] + array[:, 2])[order])
    gaps = array[order[1:], 0] - ends[:-1]
    columns: list[list[int]] = []
    start = 0
    for place in np.flatnonzero(gaps > GUTTER * height) + 1:
        left, right = order[start:place], order[place:]
        if _stand_apart(level[left], level[right], height):
            columns.append([int(index) for index in left])
            start = int(place)
    return [*columns, [int(index) for index in order[start:]]]


def _stand_apart(left: Floats, right: Floats, height: float) -> bool:
    """Whether both sides have several lines, and these are not the rows of one table."""
    if min(np.ptp(left), np.ptp(right)) < height:
        return False
    nearest = np.abs(left[:, None] - right[None]).min(axis=1)
    return median(nearest) > ALIGNED * height
