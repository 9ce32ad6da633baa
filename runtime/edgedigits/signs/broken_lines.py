"""Find pieces of a long upright line, as of the edge of a sheet: each looks like a 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.pieces.candidates import STROKE
from edgedigits.results import Box
from edgedigits.signs.alike import chained

SLENDER: Final = 0.3
"""Greatest width of a piece, as a share of its height: most written 1s lean."""
GAP: Final = 0.4
"""Greatest gap between two pieces, as a share of the lower one's height: rows of 1s are further apart."""
ASIDE: Final = 1.0
"""How far the middle of a piece may be beside that of the one above it, in widths of the broader one."""
FEWEST: Final = 3
"""Least number of pieces that tell a line."""


def broken_lines_of(boxes: Sequence[Box], labels: Sequence[int]) -> set[int]:
    """Return the indices of boxes labelled 1 that follow each other, end to end, in one upright line."""
    strokes = [
        index
        for index, (box, label) in enumerate(zip(boxes, labels, strict=True))
        if label == STROKE and box[2] <= SLENDER * box[3]
    ]
    if len(strokes) < FEWEST:
        return set()  # nearly all pages
    strokes.sort(key=lambda stroke: boxes[stroke][1])
    return chained(strokes, lambda stroke, above: _follows(boxes[stroke], boxes[above]), FEWEST)


def _follows(box: Box, above: Box) -> bool:
    """Return whether a box continues the line of the one above it."""
    (x, y, width, height), (left, top, across, down) = box, above
    gap = y - top - down
    aside = abs(x + width / 2 - left - across / 2)
    return abs(gap) <= GAP * min(height, down) and aside <= ASIDE * max(width, across)
