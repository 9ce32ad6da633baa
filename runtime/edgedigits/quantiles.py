"""Median and quantiles without `numpy.median` and `numpy.percentile`.

On their first call those import numpy's masked arrays, which takes as long as reading five pages. The
definition is the same: linear interpolation between the two nearest ranks (Hyndman and Fan, 1996, type 7).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt


def quantile(values: npt.ArrayLike, share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie; there must be at least one value."""
    ordered: Any
    if isinstance(values, list):  # lists are short: Python sorts one before numpy has converted it
        ordered = sorted(values)
        place = share * (len(ordered) - 1)
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
    else:
        array: npt.NDArray[Any] = np.asarray(values).ravel()
        place = share * (array.size - 1)
        low = math.floor(place)
        high = min(low + 1, array.size - 1)
        ordered = np.partition(array, (low, high))
    first, second = float(ordered[low]), float(ordered[high])
    return first + (second - first) * (place - low)


def median(values: npt.ArrayLike) -> float:
    """Return the middle value, or the mean of the two middle ones."""
    return quantile(values, 0.5)


def weighted_median(values: Iterable[float], weights: Iterable[float]) -> float:
    """Return the lowest value at which the weights up to it reach half of all; there must be at least one."""
    ordered = sorted(zip(values, weights, strict=True))
    half = sum([weight for _, weight in ordered]) / 2
    passed = list(accumulate([weight for _, weight in ordered]))
    return ordered[bisect_left(passed, half)][0]
