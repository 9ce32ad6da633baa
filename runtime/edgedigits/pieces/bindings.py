"""The binding of a notebook: holes and loops of wire along a side, of which each is a good 1, 3 or 8."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob

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
MOSTLY: Final = 0.9
"""Share of a row, and of what stands in line with it, that is as large as most of it, at least: each digit of
a column may be like the next one, and the last unlike the first. And share of all else on one side."""
HALF: Final = 0.5
"""Share of all else that is as large, at most: where more is, the row is one of many on a sheet."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def without_bindings(pieces: list[Blob]) -> list[Blob]:
    """The pieces of a page without its outermost row or column where that is of like ones at even steps."""
    if not FEWEST < len(pieces) <= MOST:
        return pieces
    boxes = np.array([piece.box for piece in pieces], np.float64)
    sides = boxes[:, 2:]
    lower, higher = np.minimum(sides[:, None], sides), np.maximum(sides[:, None], sides)
    alike = np.asarray((lower >= (1 - ALIKE) * higher).all(axis=2))
    across, down = (boxes[:, :2] + sides / 2).T
    bound = _in_columns(alike, across, down, sides) | _in_columns(alike, down, across, sides)
    return [piece for piece, is_bound in zip(pieces, bound.tolist(), strict=True) if not is_bound]


def _in_columns(alike: Flags, across: Floats, down: Floats, sides: Floats) -> Flags:
    """Which pieces are part of such a column, or stand in line with it, by their middles and two sides."""
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
    for chain in _even_chains(after, down):
        middle = np.interp(down, down[chain], across[chain])
        aligned = np.abs(across - middle) <= np.median(longer[chain]) / 2
        usual = np.median(sides[chain], axis=0)
        like = np.asarray((np.abs(sides - usual) <= ALIKE * usual).all(axis=1))
        rest = ~aligned
        if not rest.any() or like[rest].mean() > HALF or like[aligned].mean() < MOSTLY:
            continue
        before = (across < middle)[rest].mean()
        if max(before, 1 - before) >= MOSTLY:
            bound |= aligned
    return bound


def _even_chains(after: dict[int, int], down: Floats) -> list[list[int]]:
    """The longest runs of pieces, each with the one `after` it, at even steps; `down` is where each is."""
    chains: list[list[int]] = []
    for start in sorted(set(after).difference(after.values())):
        run, last = [start], start
        while last in after:
            last = after[last]
            if len(run) > 1 and not _is_even(down[run[-1]] - down[run[-2]], down[last] - down[run[-1]]):
                chains.append(run)
                run = run[-1:]
            run.append(last)
        chains.append(run)
    return [chain for chain in chains if len(chain) >= FEWEST]


def _is_even(step: float, other: float) -> bool:
    return abs(step - other) <= EVEN * max(step, other)
