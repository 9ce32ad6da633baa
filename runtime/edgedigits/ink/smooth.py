"""Smooth lines along scattered ink, grown from a seed and fitted by a parabola."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Curve = tuple[float, float, float]
"""Coefficients of a parabola, highest power first: row as a function of column."""

SMOOTH: Final = 1.5
"""Greatest distance of a line's ink from a parabola, in thicknesses of the line: paper bends, but gently."""
STRAIGHT: Final = 15
"""Ratio of length to thickness above which a piece tells how the line bends, and where it goes for as long
again at either end, even behind a large digit. A shorter piece tells where it goes for half its length, and
nothing of its bend."""
MOST_STEPS: Final = 12
"""Most steps in which a line is grown: enough from one square to a page, even if one end is at the rim."""


def follow(
    columns: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    free: npt.NDArray[np.bool_],
    seed: npt.NDArray[np.int64],
    thickest: float = np.inf,
) -> tuple[Curve, npt.NDArray[np.bool_]] | None:
    """Grow a line from a seed both ways over free ink; return its curve and which of the ink is its own.

    The ink's pixels are `columns`, ascending, and `rows`; `seed` are indices of these. Returns None if the
    line is thicker than `thickest`, or finds too little ink.
    """
    # Only free ink counts; columns ascend, so what is within reach is one slice.
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
    """Return the least-squares line or parabola, of `degree` 1 or 2, through points, all int64 [n].

    It uses polynomials that are orthogonal over these very points (Forsythe, 1957), which takes a tenth of
    the time of `numpy.polyfit`, which solves a general system.
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
        # With only two columns, nothing but rounding errors is left here.
        bend = float(second @ y) / size if size > 1e-6 * spread else 0.0
    tilt = slope - bend * skew
    level = height - bend * spread / count
    return bend, tilt - 2 * bend * middle, level - tilt * middle + bend * middle * middle


def heights(curve: Curve, x: npt.NDArray[Any] | float) -> npt.NDArray[np.float64]:
    """Return the curve's row at each column, float64 [n]."""
    bend, tilt, level = curve
    return np.asarray((bend * x + tilt) * x + level, np.float64)


def outline(curve: Curve, left: int, right: int, reach: float, width: int) -> npt.NDArray[np.int32]:
    """Return the corners, int32 [n, 2], of a band `reach` pixels to either side of a curve, a bit longer."""
    x = np.arange(max(0, left - 2 * reach), min(width, right + 2 * reach + 1)).astype(np.int32)
    middle = heights(curve, x)
    points = np.concatenate(
        [np.column_stack([x, middle - reach]), np.column_stack([x, middle + reach])[::-1]]
    )
    corners: npt.NDArray[np.int32] = np.rint(points).astype(np.int32)
    return corners
