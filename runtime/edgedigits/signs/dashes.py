"""The edge of a sheet in pieces that look like 1s: they go on from one another, as no written ones do."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin
from typing import Final, NamedTuple

import cv2
import numpy as np

from edgedigits.pieces.candidates import Candidate
from edgedigits.quantiles import median
from edgedigits.signs.strays import STROKES

FEWEST: Final = 3
LONG: Final = 4.0
"""Pieces of an edge, and its length in heights of the page's digits, at least: written 1s that go on from
one another stand in rows, so that so many of them are longer."""
ALIGNED: Final = 5
"""Pieces, at least, of what lies on one line with gaps of any length, as a margin does between rules."""
UNEVEN: Final = 1.5
"""How many times as long as the shortest of them the longest is, at least: 1s of one hand are more alike."""
MOST: Final = 60
"""Strokes up to which such lines are sought."""
THICK: Final = 0.4
"""Of its length, how thick such a piece is at most: a 7 is thicker."""
BESIDE: Final = 2.0
"""How far beside the end of one another one begins at most, in thicknesses of these."""
GAP: Final = 0.4
"""Between two pieces of an edge, at most, as a share of the longer one; rows are farther apart."""


class _Dash(NamedTuple):
    """A candidate, by its index, as a line: its two ends, the upper one first, and how thick it is."""

    number: int
    upper: tuple[float, float]
    lower: tuple[float, float]
    thick: float


def dashes_of(candidates: Sequence[Candidate]) -> frozenset[int]:
    """Indices of the 1s and 7s that are pieces of one straight line."""
    strokes = [index for index, one in enumerate(candidates) if one.label in STROKES]
    if len(strokes) < FEWEST:
        return frozenset()
    least = LONG * median([one.blob.box[3] for one in candidates])
    dashes = [_dash(index, candidates[index]) for index in strokes]
    dashes = sorted([one for one in dashes if _is_slender(one)], key=lambda one: one.upper[1])
    found = set[int]()
    for after, first in enumerate(dashes, 1):
        if first.number not in found:
            chain = [first]
            for other in dashes[after:]:
                if _goes_on(chain[-1], other):
                    chain.append(other)
            long = chain[-1].lower[1] - first.upper[1] >= least
            if len(chain) >= FEWEST and long and _is_straight(chain):
                found.update(one.number for one in chain)
    left = [one for one in dashes if one.number not in found]
    if ALIGNED <= len(left) <= MOST:
        found |= _on_one_line(left, least)
    return frozenset(found)


def _on_one_line(dashes: Sequence[_Dash], least: float) -> set[int]:
    """The numbers of those that lie on one straight line, however far apart; in order from above."""
    found = set[int]()
    for place, first in enumerate(dashes):
        for last in dashes[: place + ALIGNED - 2 : -1]:
            if last.lower[1] - first.upper[1] < least or first.number in found:
                break
            inside = [one for one in dashes[place:] if _is_straight([first, one, last])]
            lengths = [one.lower[1] - one.upper[1] for one in inside]
            if len(inside) >= ALIGNED and max(lengths) >= UNEVEN * min(lengths):
                found.update(one.number for one in inside)
    return found


def _dash(index: int, candidate: Candidate) -> _Dash:
    points = np.concatenate(candidate.blob.contours)
    (x, y), (width, height), degrees = cv2.minAreaRect(points)
    if width > height:
        width, height, degrees = height, width, degrees + 90
    across, down = -sin(radians(degrees)) * height / 2, cos(radians(degrees)) * height / 2
    if down < 0:
        across, down = -across, -down
    return _Dash(index, (x - across, y - down), (x + across, y + down), width)


def _is_slender(one: _Dash) -> bool:
    return one.thick <= THICK * (one.lower[1] - one.upper[1])


def _goes_on(one: _Dash, other: _Dash) -> bool:
    """Whether another piece begins about where this one ends."""
    gap = other.upper[1] - one.lower[1]
    longer = max(one.lower[1] - one.upper[1], other.lower[1] - other.upper[1])
    thick = max(one.thick, other.thick)
    return -thick <= gap <= GAP * longer and abs(other.upper[0] - one.lower[0]) <= BESIDE * thick


def _is_straight(chain: Sequence[_Dash]) -> bool:
    """Whether no end of a piece is farther from the line through all than the thickest piece is thick."""
    (left, top), (right, bottom) = chain[0].upper, chain[-1].lower
    thick = max([one.thick for one in chain])
    return all(
        abs(x - left - (right - left) * (y - top) / (bottom - top)) <= thick
        for one in chain
        for x, y in (one.upper, one.lower)
    )
