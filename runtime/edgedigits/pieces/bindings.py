"""Remove a notebook's binding: holes or wire loops along one side, each of which looks like a 1, 3 or 8."""

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
"""Least number of pieces in a binding."""
MOST: Final = 500
"""Greatest number of pieces that are compared pairwise: noise has tens of thousands."""
ALIKE: Final = 0.2
"""Greatest difference between neighbours in width, and in height, as a share of the larger one's."""
ASIDE: Final = 0.35
NEAR: Final = 4.0
"""Greatest distance from a piece to the next one, across the row (`ASIDE`) and along it (`NEAR`), as a
multiple of the first one's longer side."""
EVEN: Final = 0.12
"""Greatest difference between two successive steps from piece to piece, as a share of the longer step. Seen
at an angle, the steps change gradually, so the last may differ from the first by more."""
APART: Final = 3
"""How many places one step may span along the picture's rim. A loop crossed by a rule looks unlike the others
and leaves a gap. Digits do not touch the rim one below another, so gaps are safe to allow there."""
FILLED: Final = 0.6
"""Least share of its places that a row at the rim fills, over the extent of all that is aligned with it."""
MOSTLY: Final = 0.9
"""Least share of a row at the rim, and elsewhere of all that is aligned with a row, that is of the row's
median size: in a column of digits each may resemble the next, but the last not the first. Also the least
share of the other pieces that lie on one side of the row."""
SOME: Final = 0.3
"""Least share of even steps among the outermost pieces of a page: digits among them and broken loops make
steps uneven."""
HALF: Final = 0.5
"""Greatest share of the other pieces that is of the row's size: above it, the row is one of many."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def without_bindings(pieces: list[Blob], shape: tuple[int, ...]) -> list[Blob]:
    """Return the pieces without an outermost row or column of similar pieces at even steps.

    `shape` is the shape of the working picture.
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
    """Return whether the outermost pieces on any side are evenly spaced; few pages without a binding pass."""
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
    """Return a mask, bool [n], of the pieces that form such a column or are aligned with one.

    `alike`, bool [n, n], tells which pieces are similar, `across` and `down` are their centres, and `sides`,
    [n, 2], their widths and heights. A step may span up to `apart` places.
    """
    longer = sides.max(axis=1)
    steps = down[None] - down[:, None]  # [i, j]: from piece i to piece j
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
    """Return the longest evenly spaced runs with their pitch; `after` maps each piece to the next one."""
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
    """Return the pitch of a run after one more step; 0 if the step does not match the `pitch` so far."""
    if not pitch:
        return step
    shorter, longer = sorted((pitch, step))
    places = round(longer / shorter)
    if places > apart or abs(longer - places * shorter) > EVEN * longer:
        return 0.0
    return shorter if places > 1 else step
