"""Measure the course of a single stroke from the centres of its rows: how far it leans, bends and wavers."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

FEWEST: Final = 3
"""Least number of rows with ink for which a course is measured."""


class Stem(NamedTuple):
    """A stroke's course: the least-squares parabola through the centres of its rows, and the residual."""

    lean: float
    """How far its upper end lies to the right of its lower end, as a share of its height."""
    bend: float
    """How far its ends lie to the right of its middle, the lean taken out, as a share of its height."""
    waver: float
    """Root mean square distance of its rows from the parabola, as a share of its height."""


def stem_of(frame: Any) -> Stem:
    """Measure the stroke in a frame, uint8 [28, 28]; with too few rows of ink all measures are 0."""
    ink = frame.astype(np.float64)
    sums = ink.sum(axis=1)
    rows = sums.nonzero()[0]
    count = len(rows)
    if count < FEWEST:
        return Stem(0.0, 0.0, 0.0)
    centres = ink[rows] @ np.arange(ink.shape[1]) / sums[rows]
    centres -= centres.mean()
    # The two are orthogonal to each other and to a constant, so each is fitted by itself.
    along = np.linspace(-1, 1, count)
    around = along**2
    around -= around.mean()
    lean, bend = along @ centres / (along @ along), around @ centres / (around @ around)
    left = centres - lean * along - bend * around
    return Stem(float(-2 * lean / count), float(bend / count), float(np.sqrt(left @ left / count) / count))
