"""The way of a single stroke, from the centres of its rows: how far it leans, is bent, and wavers."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

FEWEST: Final = 3
"""Rows of ink from which a stroke has a way."""


class Stem(NamedTuple):
    """A stroke's way: the parabola that fits the centres of its rows best, and what that leaves."""

    lean: float
    """How far to the right its upper end lies of its lower one, as a share of its height."""
    bend: float
    """How far to the right of its middle its ends lie, its lean taken out, as a share of its height."""
    waver: float
    """How far its rows are from the parabola, as the root of the mean square and a share of its height."""


def stem_of(frame: Any) -> Stem:
    """That of a frame, uint8 [28, 28]; one without a way is upright."""
    ink = frame.astype(np.float64)
    sums = ink.sum(axis=1)
    rows = sums.nonzero()[0]
    count = len(rows)
    if count < FEWEST:
        return Stem(0.0, 0.0, 0.0)
    centres = ink[rows] @ np.arange(ink.shape[1]) / sums[rows]
    centres -= centres.mean()
    # Neither of the two has a part of the other one, nor of the mean.
    along = np.linspace(-1, 1, count)
    around = along**2
    around -= around.mean()
    lean, bend = along @ centres / (along @ along), around @ centres / (around @ around)
    left = centres - lean * along - bend * around
    return Stem(float(-2 * lean / count), float(bend / count), float(np.sqrt(left @ left / count) / count))
