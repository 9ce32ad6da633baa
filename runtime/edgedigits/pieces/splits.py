"""Splits: where a piece may be cut into digits that touch, and which chain of cuts is best.

Cuts are proposed where they cross little ink, upright and at the slants of handwriting. Dynamic programming
over the qualities of all parts finds the best chain of parts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob, own_area, own_ink

Grey = npt.NDArray[np.uint8]

SLANTS: Final = (-0.25, 0.0, 0.25, 0.5)
"""Pixels to the right per pixel upwards: upright, leaning 14 degrees either way, and 27 to the right."""
NARROWEST: Final = 0.12
WIDEST: Final = 1.1
"""Least and greatest width of a part, as shares of the blob's height: a thin 1, and the widest digits."""
CUTS_PER_HEIGHT: Final = (5.0, 8.0)
"""Cuts tried per blob height of width, at first, and again if these give no clear digits: with five, one blob
in six has none of the right cuts."""
APART: Final = (0.08, 0.05)
"""Least distance between those cuts, as a share of the height."""
MOST_CUTS: Final = 40
CROSSING: Final = 1.2
"""Cost in nats of crossing a blob height of ink: 0.15 for one stroke as wide as an eighth of the height. The
classifier's own doubts tell more: at three times the cost, one in twenty of touching digits is lost."""
ONCE: Final = 0.2
"""Cost in nats of each cut: touching digits are rarer than single ones."""
LOW: Final = 0.75
SHORTER: Final = 2.0
"""A part lower than `LOW` times the blob's height costs so many nats per height that it lacks: touching
digits are of one size, and a lower part is mostly a fragment."""
SURE: Final = 0.85
"""A part of lower quality makes a split uncertain."""
WORST: Final = 0.6
"""A chain with a part of lower quality cuts up something that is no row of digits."""
WORST_ALONE: Final = SURE
"""Least product of the parts' qualities where the page is not known to show digits: a wide letter falls into
a 0 and two 1s."""
WORST_NARROW: Final = 0.95
"""The same for a blob no wider than one letter may be; on a page of digits it holds for each part. A K cut in
two looks like two 1s, and two digits in so little room are rare. On drawn pages a fifth of the letters of
stroke fonts are read as digits instead of seven tenths; grain and signs among digits are read as before."""


class Part(NamedTuple):
    """The ink between the cuts `first` and `last` of one slant (indices), which may be a digit."""

    slant: int
    first: int
    last: int
    blob: Blob


class Proposal(NamedTuple):
    """All parts of a blob, and the costs in nats of the cuts, one array per slant."""

    parts: list[Part]
    costs: list[npt.NDArray[np.float64]]
    height: int
    """The blob's height, in pixels of the working picture."""


def propose(ink: Grey, blob: Blob, threshold: int, *, again: bool = False) -> Proposal:
    """Cut a blob of the working picture's `ink` in all plausible ways; `again` tries more cuts."""
    x, y, _, height = blob.box
    crop = own_ink(ink, blob)
    solid = np.argwhere(crop > threshold)
    rows, columns = solid[:, 0], solid[:, 1]
    parts: list[Part] = []
    costs = []
    for number, slant in enumerate(SLANTS):
        along = columns + slant * (rows - height / 2)
        along -= along.min()
        span = float(along.max()) + 1
        cuts, crossed = _cuts(along, rows, span, height, again)
        costs.append(CROSSING * crossed / height + ONCE)
        for first in range(len(cuts) - 1):
            for last in range(first + 1, len(cuts)):
                wide = cuts[last] - cuts[first]
                if wide > WIDEST * height:
                    break
                if wide < NARROWEST * height or (first == 0 and last == len(cuts) - 1):
                    continue
                inside = (along >= cuts[first]) & (along < cuts[last])
                part = _blob(rows[inside], columns[inside], (x, y))
                if part is not None and part.box[3] >= 0.35 * height:
                    parts.append(Part(number, first, last, part))
    return Proposal(parts, costs, height)


def _cuts(
    along: npt.NDArray[np.float64], rows: npt.NDArray[np.int64], span: float, height: int, again: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the best places to cut, ascending and with both ends, and how much a cut crosses at each.

    This is the mean of the ink in a column and of the distance from its highest to its lowest ink, in pixels.
    The middle of a 0 has little ink but is as high as the digit; where two digits touch, both are small.
    """
    column = along.astype(np.int64)
    size = int(span) + 1
    crossed = np.bincount(column, minlength=size).astype(np.float64)
    top, bottom = np.full(size, height), np.full(size, -1)
    np.minimum.at(top, column, rows)
    np.maximum.at(bottom, column, rows)
    profile = (crossed + np.maximum(bottom - top + 1, 0)) / 2
    smooth = np.convolve(np.pad(profile, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    wanted = min(MOST_CUTS, max(2, round(CUTS_PER_HEIGHT[again] * span / height)))
    apart = max(2, round(APART[again] * height))
    inner = np.arange(round(NARROWEST * height), int(span - NARROWEST * height))
    places: list[int] = []
    for place in inner[np.argsort(smooth[inner], kind="stable")]:
        if all(abs(place - other) >= apart for other in places):
            places.append(int(place))
            if len(places) == wanted:
                break
    places.sort()
    ends = np.array([0.0, *places, span])
    return ends, np.array([0.0, *(smooth[place] for place in places), 0.0])


def _blob(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], offset: tuple[int, int]
) -> Blob | None:
    """Return the pixels of a part, sorted by row, as a blob without contours; None if there are none."""
    if not len(rows):
        return None
    left, top = int(columns.min()), int(rows[0])
    width, height = int(columns.max()) - left + 1, int(rows[-1]) - top + 1
    mask = np.zeros((height, width), np.uint8)
    mask[rows - top, columns - left] = 255
    return Blob((left + offset[0], top + offset[1], width, height), (), own=mask)


def with_contours(part: Blob) -> Blob:
    """Return a part with its contours; the hundreds of parts that are only tried do without."""
    own = own_area(part)
    contours = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=part.box[:2])[0]
    return part._replace(contours=tuple(np.asarray(contour, np.int32) for contour in contours))


def best_chain(proposal: Proposal, qualities: Sequence[float]) -> tuple[float, list[int]]:
    """Find the chain of parts from end to end that explains the blob best.

    `qualities` holds one value, 0..1, for each part. Returns the log of the chain's probability, -inf if
    there is no chain, and the indices of its parts from left to right.
    """
    best = -math.inf
    chosen: list[int] = []
    for slant, costs in enumerate(proposal.costs):
        reached: list[tuple[float, list[int]]] = [(-math.inf, [])] * len(costs)
        reached[0] = (0.0, [])
        # Parts are listed by ascending start, so the best way to a start is known before it is used.
        for index, part in enumerate(proposal.parts):
            if part.slant != slant or reached[part.first][0] == -math.inf:
                continue
            value, chain = reached[part.first]
            cost = costs[part.last] if part.last < len(costs) - 1 else 0.0
            lacking = max(0.0, LOW - part.blob.box[3] / proposal.height)
            value += math.log(max(qualities[index], 1e-6)) - cost - SHORTER * lacking
            if value > reached[part.last][0]:
                reached[part.last] = (value, [*chain, index])
        if reached[-1][0] > best:
            best, chosen = reached[-1]
    return best, chosen
