"""The binding of a notebook: holes and loops of wire along a side, of which each is a good 1, 3 or 8."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob
from edgedigits.quantiles import median
from edgedigits.results import Box

FEWEST: Final = 10
"""Pieces of a binding, at least."""
MOST: Final = 500
"""Pieces of a page that are compared, each with each: noise has tens of thousands."""
ALIKE: Final = 0.2
"""Share of the larger one by which pieces that follow each other differ in width, and in height, at most."""
ASIDE: Final = 0.35
NEAR: Final = 4.0
"""How far a piece is out of line with the one before it, and how far beyond it, at most, in its longer
sides."""
EVEN: Final = 0.12
"""Share of the longer one by which two steps from piece to piece differ at most. A camera sees them askew, so
that the last step may differ from the first by more."""
APART: Final = 3
"""Places that a step may be of along the picture's rim: a rule that goes through a loop makes it unlike the
others. Digits do not touch the rim one below the other."""
FILLED: Final = 0.6
"""Share of its places that such a row fills, as far as anything stands in line with it."""
MOSTLY: Final = 0.9
"""Share of a row, and elsewhere of all that stands in line with it, that is as large as most of it, at least:
each digit of a column may be like the next one, and the last unlike the first. And share of all else that is
on one side."""
SOME: Final = 0.3
"""Share of the steps between the outermost pieces of a page that are even, at least: digits among them, and
loops that are broken, make them uneven."""
HALF: Final = 0.5
"""Share of all else that is as large, at most: where more is, the row is one of many on a sheet."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def without_bindings(pieces: list[Blob], shape: tuple[int, ...]) -> list[Blob]:
    """The pieces of a page without its outermost row or column where that is of like ones at even steps.

    `shape` is that of the working picture.
    """
    if not FEWEST < len(pieces) <= MOST or not _may_be_bound([piece.box for piece in pieces]):
        return pieces  # nearly all pages
    boxes = np.array([piece.box for piece in pieces], np.float64)
    starts, sides = boxes[:, :2], boxes[:, 2:]
    lower, higher = np.minimum(sides[:, None], sides), np.maximum(sides[:, None], sides)
    alike = np.asarray((lower >= (1 - ALIKE) * higher).all(axis=2))
    middles = starts + sides / 2
    bound = np.zeros(len(pieces), np.bool_)
    for axis in (0, 1):
        bound |= _columns(alike, middles[:, axis], middles[:, 1 - axis], sides, 1)
        at_rim = (starts[:, axis] <= 0) | ((starts + sides)[:, axis] >= shape[1 - axis])
        if np.count_nonzero(at_rim) >= FEWEST:
            both = alike & at_rim & at_rim[:, None]
            bound |= _columns(both, middles[:, axis], middles[:, 1 - axis], sides, APART)
    return [piece for piece, is_bound in zip(pieces, bound.tolist(), strict=True) if not is_bound]


def _may_be_bound(boxes: Sequence[Box]) -> bool:
    """Whether the outermost pieces on any side stand at even steps, as hardly anything else does."""
    usual = median([max(width, height) for _, _, width, height in boxes])
    for axis in (0, 1):
        for way in (-1, 1):
            places = sorted([(way * (2 * box[axis] + box[2 + axis]) / 2, box[1 - axis]) for box in boxes])
            last = places[len(places) // 10][0] + usual
            downs = sorted([down for across, down in places if across <= last])
            if len(downs) < FEWEST:
                continue
            steps = [after - before for before, after in pairwise(downs)]
            even = sum([abs(one - other) <= EVEN * max(one, other) for one, other in pairwise(steps)])
            if even >= SOME * len(steps):
                return True
    return False


def _columns(alike: Flags, across: Floats, down: Floats, sides: Floats, apart: int) -> Flags:
    """Which pieces, by their middles, are part of such a column or stand in line with it.

    A step is of up to `apart` places.
    """
    longer = sides.max(axis=1)
    steps = down[None] - down[:, None]  # from a row's piece to a column's
    follows = alike & (steps > 0) & (steps <= NEAR * longer[:, None])
    follows &= np.abs(across[None] - across[:, None]) <= ASIDE * longer[:, None]
    starts = np.flatnonzero(follows.any(axis=1))
    bound = np.zeros(len(across), np.bool_)
    if len(starts) < FEWEST - 1:
        return bound  # nearly all pages
    nearest = np.where(follows, steps, np.inf).argmin(axis=1)
    after = {index: int(nearest[index]) for index in starts.tolist()}
    for chain, pitch in _even_chains(after, down, apart):
        middle = np.interp(down, down[chain], across[chain])
        aligned = np.abs(across - middle) <= median(longer[chain]) / 2
        usual = np.array([median(side) for side in sides[chain].T])
        like = np.asarray((np.abs(sides - usual) <= ALIKE * usual).all(axis=1))
        if apart > 1:
            is_row = like[chain].mean() >= MOSTLY
            is_row &= len(chain) >= FILLED * (1 + np.ptp(down[aligned]) / pitch)
        else:
            is_row = like[aligned].mean() >= MOSTLY
        rest = ~aligned
        if not is_row or not rest.any() or like[rest].mean() > HALF:
            continue
        before = (across < middle)[rest].mean()
        if max(before, 1 - before) >= MOSTLY:
            bound |= aligned
    return bound


def _even_chains(after: dict[int, int], down: Floats, apart: int) -> list[tuple[list[int], float]]:
    """The longest runs of pieces, each with the one `after` it, at even steps, and how long a step is."""
    chains: list[tuple[list[int], float]] = []
    for start in sorted(set(after).difference(after.values())):
        run, pitch, last = [start], 0.0, start
        while last in after:
            before, last = last, after[last]
            step = float(down[last] - down[before])
            even = _pitch_of(pitch, step, apart)
            if not even:
                chains.append((run, pitch))
                run = [before]
            run.append(last)
            pitch = even or step
        chains.append((run, pitch))
    return [chain for chain in chains if len(chain[0]) >= FEWEST]


def _pitch_of(pitch: float, step: float, apart: int) -> float:
    """How far the next place of a run is, by its last step; 0 if that and the `pitch` so far are uneven."""
    if not pitch:
        return step
    shorter, longer = sorted((pitch, step))
    places = round(longer / shorter)
    if places > apart or abs(longer - places * shorter) > EVEN * longer:
        return 0.0
    return shorter if places > 1 else step
