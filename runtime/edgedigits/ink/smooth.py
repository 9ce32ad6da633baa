"""Smooth lines along scattered ink: grown from a seed, fitted by a parabola."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Curve = tuple[float, float, float]
"""A parabola's coefficients, the highest power first: rows over columns."""

SMOOTH: Final = 1.5
"""A line's ink stays within this many thicknesses of a parabola: paper bends, but gently."""
STRAIGHT: Final = 15
"""How many times as long as thick a piece is, from which it tells where the line goes for as long again at
either end, beyond a large digit that it is hidden by, and how it bends; a shorter one tells it for half of
its length, and nothing of its bend."""
MOST_STEPS: Final = 12
"""Steps in which a line is grown: enough from a square to a page, even where one end stands at the rim."""


def follow(
    columns: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    free: npt.NDArray[np.bool_],
    seed: npt.NDArray[np.int64],
    thickest: float = np.inf,
) -> tuple[Curve, npt.NDArray[np.bool_]] | None:
    """Grow a line from the places of a seed both ways, over ink that is free yet; its curve and its ink."""
    # Only free ink counts; columns ascend, so that what is within reach is one slice.
    places = np.flatnonzero(free)
    x, y = columns[places], rows[places]
    taken, degree = places.searchsorted(seed), 1
    for _ in range(MOST_STEPS):
        across = x[taken]
        left, right = int(across[0]), int(across[-1])
        length = right - left + 1
        curve = fitted(across, y[taken], degree)
        thickness = max(1.0, len(taken) / length)
        if thickness > thickest:
            return None
        further = length if length > STRAIGHT * thickness else length // 2
        start = int(x.searchsorted(left - further))
        end = int(x.searchsorted(right + further, "right"))
        off = np.abs(heights(curve, x[start:end]) - y[start:end])
        grown = np.flatnonzero(off <= SMOOTH * thickness) + start
        if len(grown) < 8 or len(grown) < 0.5 * len(taken):
            return None
        if degree == 2 and len(grown) == len(taken):
            break
        taken, degree = grown, 2 if length > STRAIGHT * thickness else 1
    found = np.zeros(len(columns), bool)
    found[places[taken]] = True
    return curve, found


def fitted(x: npt.NDArray[np.int64], y: npt.NDArray[np.int64], degree: int) -> Curve:
    """The line or parabola of least squares through points, all int64 [n].

    By polynomials that are orthogonal over these very points (Forsythe, 1957): a tenth of the time of
    `numpy.polyfit`, which solves a general system.
    """
    count = len(x)
    middle, height = float(x.sum()) / count, float(y.sum()) / count
    u = x - middle
    square = u * u
    spread = float(square.sum())
    if spread == 0:
        return 0.0, 0.0, height
    slope = float(u @ y) / spread
    bend = 0.0
    skew = float(square @ u) / spread
    if degree == 2:
        second = square - skew * u - spread / count
        size = float(second @ second)
        # Two columns alone leave nothing but rounding here.
        bend = float(second @ y) / size if size > 1e-6 * spread else 0.0
    tilt = slope - bend * skew
    level = height - bend * spread / count
    return bend, tilt - 2 * bend * middle, level - tilt * middle + bend * middle * middle


def heights(curve: Curve, x: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The curve's row at each column, float64 [n]."""
    bend, tilt, level = curve
    return np.asarray((bend * x + tilt) * x + level, np.float64)
