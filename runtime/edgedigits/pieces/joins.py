"""Joins: groups of pieces that may be one digit whose strokes do not touch, and which of them are.

Examples are a 5 and its flag, an open 4, a dry pen. Geometry proposes groups and the classifier judges them:
pieces are joined where "one digit" explains the ink better than "a digit and something that is none".
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
"""Greatest gaps between the boxes of one digit's pieces, as shares of the page's typical height."""
WHOLE: Final = 0.65
"""A piece of at least this share of the typical height may be a digit by itself."""
FLAT: Final = 2.5
DASH: Final = (0.3, 0.7)
"""A piece at least `FLAT` times as wide as high is a dash, or a bar of = or +, if it is beside a whole piece
and its middle lies between these shares of that one's height."""
BAR: Final = 5.0
"""A piece at least so many times as wide as high that extends beyond a whole piece on both sides is a bar
above or below it: of a fraction, a sum, a division. A 5's flag and a 7's bar extend on one side only."""
POINT: Final = 2.0
"""Greatest length of a point, as a multiple of its breadth."""
BESIDE: Final = 0.25
"""Two whole pieces may be one digit only if they overlap by this share of the narrower one's width."""
TALLEST: Final = 1.5
WIDEST: Final = 1.6
"""Greatest height of a joined digit, as a share of the typical height, and greatest width, as a share of its
height."""
MOST: Final = 30
"""Greatest number of joins tried on a page; a page with more gaps is no page of digits."""
GAPS: Final = 50
"""Gaps examined for each join that may be tried: 12 megapixels of noise have 170,000 gaps."""
STRAY: Final = 0.08
"""Probability that a piece beside a digit is dirt, if it is at least half as large as the digit..."""
SPECK: Final = 0.95
"""...and if it is tiny compared with the digit."""


def groups_of(pieces: Sequence[Blob], typical: float) -> list[Group]:
    """Return the groups of two to five pieces that may form one digit."""
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
    """Return whether two near pieces may be one digit.

    Two whole pieces side by side are two digits; dashes, bars and points are signs.
    """
    if _is_sign(one, other, typical) or _is_sign(other, one, typical):
        return False
    if min(max(one[2:]), max(other[2:])) < WHOLE * typical:
        return not _are_points(one, other)
    return are_stacked(one, other)


def _are_points(one: Box, other: Box) -> bool:
    """Return whether two pieces are the points of a colon: stacked, and further apart than they are long."""
    (_, top, *first), (_, below, *second) = sorted((one, other), key=lambda box: box[1])
    if shared_width(one, other) <= 0 or below - top - first[1] < max(*first, *second):
        return False
    return all(max(sides) <= POINT * min(sides) for sides in (first, second))


def are_stacked(one: Box, other: Box) -> bool:
    """Return whether two whole pieces overlap so far horizontally that they may be one digit."""
    return shared_width(one, other) >= BESIDE * min(one[2], other[2])


def _is_sign(bar: Box, digit: Box, typical: float) -> bool:
    """Return whether a flat piece is a dash beside a whole one, or a wider bar above or below it.

    A dash stands about half-way up, whereas a 5's flag is at its top.
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
    """Return the connected components of the graph of links (union-find)."""
    home = list(range(count))

    def root(i: int) -> int:
        while home[i] != i:
            home[i] = home[home[i]]  # path halving: in noise paths would grow as long as the list of pieces
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
    """Choose the groups to join, so that no two share a piece; return indices into `groups`.

    `joined` holds the quality of each group, 0..1 (the probability that it is a digit and the label is
    right), and `alone` that of each piece, None if it is too small to be a digit.
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
    """Return the log probability of a piece alone, as a digit or as dirt of that relative size."""
    dirt = SPECK + (STRAY - SPECK) * min(1.0, 2 * size) ** 2
    if quality is None:
        return math.log(dirt)
    return math.log(max(quality, (1 - quality) * dirt, 1e-6))
