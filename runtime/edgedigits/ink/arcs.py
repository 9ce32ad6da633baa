"""Tell the arcs of rings drawn around numbers from rules: where a ring is level, it is as long and thin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Final

from edgedigits.ink.smooth import Curve, heights

Span = tuple[int, int]

BENT: Final = (0.02, 0.028)
"""Least sagitta of an arc, as a share of its length, if the other arc of its ring is found, and if it is not:
the rules of a bent page have up to 0.01."""
DEEP: Final = 0.5
"""Least sagitta in stroke widths: the side of a small box is never quite straight."""
SHORT: Final = 0.6
"""Greatest length of an arc whose other one is not found, as a share of the picture's width."""
OVER: Final = 0.6
"""Least width that both arcs of a ring share, as a share of the longer one's."""
HIGH: Final = (0.1, 1.0)
"""Least and greatest distance between both, as shares of the longer one's length."""
FEW: Final = 0.5
"""Greatest share of the lines that may be arcs; else they are the rules of a page that is bent sharply."""


def arcs_of(curves: Sequence[Curve], spans: Sequence[Span], stroke: float, width: int) -> set[int]:
    """Return the indices of lines that are arcs of rings.

    `curves` holds the parabola of each line, row as a function of column, `spans` its first and last column;
    `stroke` is the typical stroke width, `width` the picture's.
    """
    bends = [abs(curve[0]) * (last - first) / 4 for curve, (first, last) in zip(curves, spans, strict=True)]
    bent = [
        index
        for index, (bend, (first, last)) in enumerate(zip(bends, spans, strict=True))
        if bend >= BENT[0] and bend * (last - first) >= DEEP * stroke
    ]
    if not 0 < len(bent) <= FEW * len(spans):
        return set()  # nearly all pages
    found = {index for index in bent if bends[index] >= BENT[1] and _is_within(spans[index], width)}
    for upper, lower in permutations(bent, 2):
        if curves[upper][0] > 0 > curves[lower][0] and _are_one_ring(
            (curves[upper], spans[upper]), (curves[lower], spans[lower])
        ):
            found |= {upper, lower}
    return found


def _is_within(span: Span, width: int) -> bool:
    """Return whether a line ends within the picture and is short."""
    first, last = span
    return first > 0 and last < width - 1 and last - first <= SHORT * width


def _are_one_ring(upper: tuple[Curve, Span], lower: tuple[Curve, Span]) -> bool:
    (above, (start, end)), (below, (left, right)) = upper, lower
    longer = max(end - start, right - left)
    first, last = max(start, left), min(end, right)
    if last - first < OVER * longer:
        return False
    middle = (first + last) / 2
    away = heights(below, middle) - heights(above, middle)
    least, most = HIGH
    return bool(least * longer <= away <= most * longer)
