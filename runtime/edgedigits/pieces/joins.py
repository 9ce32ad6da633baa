"""Strokes of one digit that do not touch: which pieces may belong together, and whether they do.

A 5 and its flag, an open 4, a dry pen. Geometry proposes, the classifier judges: the pieces are
joined where "one digit" explains the ink better than "a digit, and something that is none".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from edgedigits.ink.blob import Blob, shared_width, union
from edgedigits.results import Box

Group = tuple[int, ...]
"""Indices of pieces, ascending."""

NEAR_ACROSS: Final = 0.15
NEAR_DOWN: Final = 0.3
"""Gaps between the boxes of one digit's pieces, as shares of the page's typical height."""
WHOLE: Final = 0.65
"""A piece of this share of the typical height may be a digit of its own."""
FLAT: Final = 2.5
DASH: Final = (0.3, 0.7)
"""A piece so many times as wide as it is high that is beside a whole one, and between these shares of its
height, is a dash, or a bar of an = or a +."""
BAR: Final = 5.0
"""What is so many times as wide as high, and wider than a whole piece to both sides, is a bar above or below
it: of a fraction, a sum, a division. A 5's flag is so to one side, and so is the bar of a 7."""
POINT: Final = 2.0
"""How many times as long as it is broad a point is at most."""
BESIDE: Final = 0.25
"""Two whole pieces are one digit only if they overlap by this share of the narrower's width."""
TALLEST: Final = 1.5
WIDEST: Final = 1.6
"""A joined digit's height, as a share of the typical one, and its width, as a share of its height."""
MOST: Final = 30
"""How many joins are tried on a page; a page with more gaps is no page of digits."""
GAPS: Final = 50
"""How many times as many gaps as joins are looked at: twelve megapixels of noise have 170,000."""
STRAY: Final = 0.08
"""How probable it is that a piece beside a digit is dirt, for a piece half as large as the digit..."""
SPECK: Final = 0.95
"""...and for one that is small against it."""


def groups_of(pieces: Sequence[Blob], typical: float) -> list[Group]:
    """The groups of two to five pieces that may be one digit each."""
    count = len(pieces)
    if count < 2:
        return []
    boxes = [piece.box for piece in pieces]
    across, down = NEAR_ACROSS * typical, NEAR_DOWN * typical
    order = sorted(range(count), key=[box[0] for box in boxes].__getitem__)
    links: list[tuple[int, int]] = []
    for place, i in enumerate(order):
        if len(links) > GAPS * MOST:
            break
        x, y, width, height = boxes[i]
        for j in order[place + 1 :]:
            other = boxes[j]
            if other[0] > x + width + across:
                break
            near = other[1] <= y + height + down and y <= other[1] + other[3] + down
            if near and _may_join(boxes[i], other, typical):
                links.append((min(i, j), max(i, j)))
    if not links:
        return []
    groups: set[Group] = {link for link in links if _fits([pieces[i] for i in link], typical)}
    for cluster in _clusters(count, links):
        if 2 < len(cluster) <= 5 and _fits([pieces[i] for i in cluster], typical):
            groups.add(cluster)
    return sorted(groups)[:MOST]


def _may_join(one: Box, other: Box, typical: float) -> bool:
    """Two whole pieces side by side are two digits; dashes, bars and points are signs."""
    if _is_sign(one, other, typical) or _is_sign(other, one, typical):
        return False
    if min(max(one[2:]), max(other[2:])) < WHOLE * typical:
        return not _are_points(one, other)
    return are_stacked(one, other)


def _are_points(one: Box, other: Box) -> bool:
    """Whether two pieces are the points of a colon: one above the other, farther apart than they are long."""
    (_, top, *first), (_, below, *second) = sorted((one, other), key=lambda box: box[1])
    if shared_width(one, other) <= 0 or below - top - first[1] < max(*first, *second):
        return False
    return all(max(sides) <= POINT * min(sides) for sides in (first, second))


def are_stacked(one: Box, other: Box) -> bool:
    """Whether two pieces overlap so far across that they may be one digit, though each may be one alone."""
    return shared_width(one, other) >= BESIDE * min(one[2], other[2])


def _is_sign(bar: Box, digit: Box, typical: float) -> bool:
    """Whether a flat piece is a dash beside a whole one, or a bar above or below it that is wider.

    A dash is about half-way up: a 5's flag is at its top.
    """
    x, y, width, height = bar
    left, top, across, high = digit
    if width < FLAT * height or high < WHOLE * typical:
        return False
    if shared_width(bar, digit) > 0:
        return width >= BAR * height and x < left and left + across < x + width
    return DASH[0] * high <= y + height / 2 - top <= DASH[1] * high


def _fits(pieces: Sequence[Blob], typical: float) -> bool:
    _, _, width, height = union(pieces).box
    return 0.5 * typical <= height <= TALLEST * typical and width <= WIDEST * height


def _clusters(count: int, links: Sequence[tuple[int, int]]) -> list[Group]:
    """The connected components of the graph of links."""
    home = list(range(count))

    def root(i: int) -> int:
        while home[i] != i:
            home[i] = home[home[i]]  # halved, or in noise the paths are as long as there are pieces
            i = home[i]
        return i

    for i, j in links:
        home[root(i)] = root(j)
    members: dict[int, list[int]] = {}
    for i in range(count):
        members.setdefault(root(i), []).append(i)
    return [tuple(group) for group in members.values()]


def settle(
    groups: Sequence[Group],
    joined: Sequence[float],
    alone: Sequence[float | None],
    boxes: Sequence[Box],
) -> list[int]:
    """Choose the groups that are joined, none sharing a piece with another; indices into `groups`.

    `joined` holds each group's quality, 0..1: how probably it is a digit and rightly named; `alone`
    each piece's, None for a piece that is too small to be a digit.
    """
    gains = []
    for index, group in enumerate(groups):
        largest = max(max(boxes[i][2:]) for i in group)
        apart = sum(_explained(alone[i], max(boxes[i][2:]) / largest) for i in group)
        gain = math.log(max(joined[index], 1e-6)) - apart
        if gain > 0:
            gains.append((gain, index))
    chosen: list[int] = []
    taken: set[int] = set()
    for _, index in sorted(gains, reverse=True):
        if taken.isdisjoint(groups[index]):
            chosen.append(index)
            taken.update(groups[index])
    return chosen


def _explained(quality: float | None, size: float) -> float:
    """Log of how well a piece is explained alone: as a digit, or as dirt of that relative size."""
    dirt = SPECK + (STRAY - SPECK) * min(1.0, 2 * size) ** 2
    if quality is None:
        return math.log(dirt)
    return math.log(max(quality, (1 - quality) * dirt, 1e-6))
