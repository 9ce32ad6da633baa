"""Look for the paler strokes of broken digits: hairlines that a thin or dry pen left faint.

Hysteresis (Canny, 1986): ink above a lower threshold counts where it is connected to ink above the page's own
threshold. Here it must also turn a non-digit, or a part of a digit, into a digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob, above, outlined
from edgedigits.ink.contours import is_within
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate, Predictor, mostly_digits
from edgedigits.pieces.choose import together
from edgedigits.pieces.connected import SMALL
from edgedigits.pieces.joins import settle
from edgedigits.results import NOT_A_DIGIT, Box

Boxes = npt.NDArray[np.float64]

LOWER: Final = 0.6
"""The lower threshold, as a share of the page's: three standard deviations of the paper instead of five."""
REACH: Final = 1.0
"""How far around a piece fainter ink is looked for, in typical heights."""
SURE: Final = 0.7
"""Quality above which a digit is hardly a part of another one; on five of six plain pages all are above."""
COVERED: Final = 0.8
"""Least share of a piece's bounding box that lies within the box of the whole that it is a part of."""


def with_fainter(
    page: Page, pieces: Sequence[Blob], typical: float, candidates: list[Candidate], classifier: Predictor
) -> list[Candidate]:
    """Return a page's candidates, replaced where fainter ink explains them better, if it is a page of digits.

    `pieces` are all pieces of the page, and `typical` is their typical height.
    """
    sure = {index for index, one in enumerate(candidates) if one.quality > SURE}
    if len(sure) == len(pieces):
        return candidates  # most pages
    lower = page._replace(threshold=max(round(LOWER * page.threshold), page.shade))
    if lower.threshold >= page.threshold or not mostly_digits(candidates):
        return candidates
    boxes = [one.blob.box for one in candidates]
    left = {piece.box for piece in pieces if max(piece.box[2:]) >= SMALL * typical}.difference(boxes)
    known = np.array(boxes, np.float64).reshape(-1, 4)
    boxes += [one for one in sorted(left) if not (_covered(one, known) | _covering(one, known)).any()]
    qualities = [one.quality for one in candidates] + [None] * (len(boxes) - len(candidates))
    # What was cut from its neighbour stays cut.
    cut = {index for index, one in enumerate(candidates) if one.blob.own is not None}
    doubtful = set(range(len(boxes))) - sure - cut
    fainter = _around(lower, [boxes[index] for index in sorted(doubtful)], round(REACH * typical))
    if not fainter:
        return candidates
    found, groups = [], []
    every = np.array(boxes, np.float64).reshape(-1, 4)
    for one in together(lower, fainter, typical, classifier):
        group = tuple(np.flatnonzero(_covered(one.blob.box, every)).tolist())
        # Two sure digits are never joined into one, nor one and the sign around it, as that of a root.
        digits = sure.intersection(group)
        inner = any(is_within(boxes[digit], boxes[sign]) for digit in digits for sign in group)
        if one.label != NOT_A_DIGIT and len(digits) < 2 and not inner:
            found.append(one)
            groups.append(group)
    chosen = settle(groups, [one.quality for one in found], qualities, boxes)
    taken = {index for group in chosen for index in groups[group]}
    others = [one for index, one in enumerate(candidates) if index not in taken]
    return others + [found[group] for group in chosen]


def _around(page: Page, boxes: Iterable[Box], reach: int) -> list[Blob]:
    """Return the pieces above the page's threshold that cover a box and end within `reach` pixels of it."""
    found = dict[Box, Blob]()
    for box in boxes:
        left, top = max(0, box[0] - reach), max(0, box[1] - reach)
        right, bottom = box[0] + box[2] + reach, box[1] + box[3] + reach
        window = above(page.ink[top:bottom, left:right], page.threshold)
        for blob in outlined(window, (left, top)):
            x, y, width, height = blob.box
            within = left < x and top < y and x + width < right and y + height < bottom
            if within and _covered(blob.box, np.array([box], np.float64))[0]:
                found[blob.box] = blob._replace(alone=False)  # a neighbour may reach into the window
    return list(found.values())


def _covered(box: Box, others: Boxes) -> npt.NDArray[np.bool_]:
    """Return which of the `others`, [n, 4], lie almost entirely within a box: bool [n]."""
    return np.asarray(_shared(box, others) >= COVERED * others[:, 2] * others[:, 3])


def _covering(box: Box, others: Boxes) -> npt.NDArray[np.bool_]:
    """Return which of the `others`, [n, 4], a box lies almost entirely within: bool [n]."""
    return np.asarray(_shared(box, others) >= COVERED * box[2] * box[3])


def _shared(box: Box, others: Boxes) -> Boxes:
    """Return the area that a box shares with each of the `others`, float64 [n, 4]: float64 [n]."""
    x, y, width, height = box
    left, top, across, down = others.T
    wide = np.minimum(x + width, left + across) - np.maximum(x, left)
    high = np.minimum(y + height, top + down) - np.maximum(y, top)
    return np.asarray(np.maximum(wide, 0) * np.maximum(high, 0))
