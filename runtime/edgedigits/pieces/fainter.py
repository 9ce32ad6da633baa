"""A second look at what is left beside the digits of a page: hairlines that a thin or dry pen broke off.

Hysteresis (Canny, 1986): ink of a lower threshold counts where it belongs to what is above the page's own,
and here where it makes a digit of what was none, or only a part of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from edgedigits.ink.blob import Blob, above, outlined
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate, Predictor, mostly_digits
from edgedigits.pieces.choose import together
from edgedigits.pieces.connected import SMALL
from edgedigits.pieces.joins import settle
from edgedigits.results import NOT_A_DIGIT, Box

LOWER: Final = 0.6
"""Share of the page's threshold that fainter ink reaches: three of the paper's five standard deviations."""
REACH: Final = 1.0
"""How far around a piece fainter ink is looked for, in heights of the page's digits."""
SURE: Final = 0.7
"""Quality above which a digit is hardly a part of another: on five of six plain pages all have more."""
COVERED: Final = 0.8
"""Share of a piece's box that lies within the box of what it is a part of."""


def with_fainter(
    page: Page, pieces: Sequence[Blob], typical: float, candidates: list[Candidate], classifier: Predictor
) -> list[Candidate]:
    """The candidates of a page of digits, with others in place of those that fainter ink explains better.

    `pieces` are the page's, and `typical` their height.
    """
    sure = {index for index, one in enumerate(candidates) if one.quality > SURE}
    if len(sure) == len(pieces):
        return candidates  # most pages
    lower = page._replace(threshold=max(round(LOWER * page.threshold), page.shade))
    if lower.threshold >= page.threshold or not mostly_digits(candidates):
        return candidates
    boxes = [one.blob.box for one in candidates]
    left = {piece.box for piece in pieces if max(piece.box[2:]) >= SMALL * typical}.difference(boxes)
    boxes += [one for one in sorted(left) if not any(_covers(box, one) or _covers(one, box) for box in boxes)]
    qualities = [one.quality for one in candidates] + [None] * (len(boxes) - len(candidates))
    # What was cut from its neighbour stays so.
    cut = {index for index, one in enumerate(candidates) if one.blob.own is not None}
    doubtful = set(range(len(boxes))) - sure - cut
    fainter = _around(lower, [boxes[index] for index in sorted(doubtful)], round(REACH * typical))
    if not fainter:
        return candidates
    found, groups = [], []
    for one in together(lower, fainter, typical, classifier):
        group = tuple(index for index, box in enumerate(boxes) if _covers(one.blob.box, box))
        # Two sure digits are not one.
        if one.label != NOT_A_DIGIT and len(sure.intersection(group)) < 2:
            found.append(one)
            groups.append(group)
    chosen = settle(groups, [one.quality for one in found], qualities, boxes)
    taken = {index for group in chosen for index in groups[group]}
    others = [one for index, one in enumerate(candidates) if index not in taken]
    return others + [found[group] for group in chosen]


def _around(page: Page, boxes: Iterable[Box], reach: int) -> list[Blob]:
    """Pieces above the page's threshold that cover one of the boxes and end within `reach` pixels of it."""
    found = dict[Box, Blob]()
    for box in boxes:
        left, top = max(0, box[0] - reach), max(0, box[1] - reach)
        right, bottom = box[0] + box[2] + reach, box[1] + box[3] + reach
        window = above(page.ink[top:bottom, left:right], page.threshold)
        for blob in outlined(window, (left, top)):
            x, y, width, height = blob.box
            within = left < x and top < y and x + width < right and y + height < bottom
            if within and _covers(blob.box, box):
                found[blob.box] = blob._replace(alone=False)  # a neighbour may reach into the window
    return list(found.values())


def _covers(one: Box, other: Box) -> bool:
    """Whether nearly all of the other box lies within one."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return min(width, height) > 0 and width * height >= COVERED * other[2] * other[3]
