"""The statistics behind every figure: pure functions of samples, none of which is dropped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 10_000
"""Enough for the ends of a 95 % interval to move by less than a hundredth of it between seeds."""

PAIRS = 6
"""With fewer pairs, not even the smallest and the largest enclose the true median in 95 % of cases: all pairs
lie on one side of it in 2 of 2^n."""


@dataclass(frozen=True)
class Summary:
    """Summary of a list of durations, in the unit of the samples."""

    n: int
    p50: float
    p90: float
    p99: float
    maximum: float


@dataclass(frozen=True)
class Interval:
    """A relative change (0.05 is 5 % slower) with the ends of its confidence interval."""

    change: float
    low: float
    high: float

    @property
    def real(self) -> bool:
        """Whether the interval excludes "no change"."""
        return not self.low <= 0 <= self.high


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile: the smallest sample that at least `share` (0..1) do not exceed.

    It is always a measured sample, never a value between two. Raises `ValueError` if there are no
    samples.
    """
    if not samples:
        raise ValueError("no samples")
    rank = max(1, math.ceil(share * len(samples) - 1e-9))
    return sorted(samples)[rank - 1]


def median(samples: Sequence[float]) -> float:
    """Return the median, by the same nearest-rank rule as the other percentiles."""
    return percentile(samples, 0.5)


def summarize(samples: Sequence[float]) -> Summary:
    """Return p50, p90, p99 and the maximum of all samples."""
    ordered = sorted(samples)
    return Summary(
        len(ordered),
        percentile(ordered, 0.50),
        percentile(ordered, 0.90),
        percentile(ordered, 0.99),
        percentile(ordered, 1.0),
    )


def paired_change(
    before: Sequence[Sequence[float]], after: Sequence[Sequence[float]], *, level: float = 0.95, seed: int = 0
) -> Interval:
    """Return how much `after` differs from `before`: a ratio of medians minus 1, with a bootstrap interval.

    Both are lists of groups of samples. Group k of one is paired with group k of the other, because they
    were measured on the same pictures (two runs: one process each) or side by side in time (two
    contenders: one round each). Each pair gives one ratio of medians, and the result is the median of
    these. The interval is the percentile bootstrap over pairs: samples within a group depend on each
    other, so resampling them would promise more than is known (Kalibera and Jones, "Rigorous benchmarking
    in reasonable time", 2013). The percentile bootstrap of a median is the plain one of Efron and
    Tibshirani, "An introduction to the bootstrap", 1993, section 13.3.

    Raises `ValueError` for fewer than `PAIRS` groups, unequal numbers of groups, or an empty group.
    """
    if len(before) != len(after) or len(before) < PAIRS:
        raise ValueError(f"{len(before)} groups against {len(after)}: {PAIRS} or more pairs are needed")
    ratios = np.array([median(b) / median(a) for a, b in zip(before, after, strict=True)])
    return _bootstrap(ratios, level, seed)


def _bootstrap(ratios: npt.NDArray[np.float64], level: float, seed: int) -> Interval:
    picks = np.random.default_rng(seed).integers(0, len(ratios), (RESAMPLES, len(ratios)))
    medians = np.median(ratios[picks], axis=1)
    low, high = np.quantile(medians, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(np.median(ratios)) - 1, float(low) - 1, float(high) - 1)
