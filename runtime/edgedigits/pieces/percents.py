"""The three pieces of a percent sign: a stroke, and a ring on either side of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from edgedigits.ink.blob import shared_width
from edgedigits.results import Box

RING: Final = (0.25, 0.6)
"""Height of a ring, as a share of the stroke's, at least and at most."""
BROAD: Final = 1.5
"""Its width, as a share of its height, at most, or the bars of = would be rings."""
SHARED: Final = 0.25
"""Least share of a ring's width that lies above or below the stroke: nothing of a digit beside it does."""


def percents_of(boxes: Sequence[Box], links: Iterable[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    """Three indices, ascending, for each % among pieces; `links` are the pairs of pieces that are near.

    What stands between the rings may be a 1 by itself, and they may be a 0.
    """
    upper, lower = dict[int, int](), dict[int, int]()
    for link in links:
        for stroke, ring in (link, link[::-1]):
            side = _side(boxes[stroke], boxes[ring])
            if side:
                (upper if side < 0 else lower)[stroke] = ring
    for stroke in upper.keys() & lower.keys():
        yield tuple(sorted((stroke, upper[stroke], lower[stroke])))


def _side(stroke: Box, ring: Box) -> int:
    """-1 where a piece may be the ring at the upper left of a stroke, 1 at the lower right, else 0."""
    x, y, width, height = ring
    left, top, wide, high = stroke
    if not RING[0] * high <= height <= RING[1] * high or width > BROAD * height:
        return 0
    across, down = x + width / 2 - left - wide / 2, y + height / 2 - top - high / 2
    if shared_width(stroke, ring) < SHARED * width or across * down <= 0 or abs(down) > high / 2:
        return 0
    return 1 if down > 0 else -1
