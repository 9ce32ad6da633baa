"""The statistics, on numbers whose results are known."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits_bench.speed.stats import median, paired_change, percentile, summarize


@pytest.mark.parametrize(
    ("samples", "share", "expected"),
    [
        ([7], 0.5, 7),  # one sample is every percentile
        ([7], 0.99, 7),
        ([1, 2], 0.5, 1),  # nearest rank never answers between two samples
        ([1, 2, 3], 0.5, 2),
        ([3, 1, 2], 0.5, 2),  # order does not matter
        (list(range(1, 101)), 0.99, 99),  # rank 99 of 100, not the maximum
        (list(range(1, 101)), 0.90, 90),
        (list(range(1, 11)), 0.99, 10),  # ten samples have no 99th percentile below the maximum
        (list(range(1, 1001)), 0.99, 990),
        (list(range(1, 11)), 0.3, 3),  # 0.3 has no exact binary form: still rank 3
        (list(range(1, 101)), 0.07, 7),  # 0.07 * 100 is 7.000000000000001: still rank 7
    ],
)
def test_percentile(samples: list[float], share: float, expected: float) -> None:
    assert percentile(samples, share) == expected


def test_no_samples_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)


def test_an_outlier_stays_in_the_summary() -> None:
    """Clipping flatters a benchmark: the slowest call must be visible."""
    found = summarize([10.0] * 999 + [5000.0])
    assert (found.n, found.p50, found.p99, found.maximum) == (1000, 10.0, 10.0, 5000.0)


def test_a_change_of_the_same_size_in_every_pair_is_certain() -> None:
    before = [[100.0 * k, 101.0 * k, 99.0 * k] for k in range(1, 8)]
    after = [[value * 1.1 for value in group] for group in before]
    found = paired_change(before, after)
    assert [found.change, found.low, found.high] == pytest.approx([0.1, 0.1, 0.1])
    assert found.real


def test_pairs_that_disagree_say_nothing() -> None:
    before = [[100.0]] * 10
    after = [[90.0], [110.0]] * 5
    found = paired_change(before, after)
    assert found.low == pytest.approx(-0.1)
    assert found.high == pytest.approx(0.1)
    assert not found.real


def test_pairing_sees_a_small_change_under_large_differences_between_pairs() -> None:
    """Unpaired, 1 % would be lost: the pairs differ from one another by a factor of a hundred."""
    rng = np.random.default_rng(3)
    scale = 10 ** rng.uniform(0, 2, 20)
    before = [[s * v for v in rng.normal(1, 0.001, 30)] for s in scale]
    after = [[s * v for v in rng.normal(1.01, 0.001, 30)] for s in scale]
    found = paired_change(before, after)
    assert found.real
    assert found.change == pytest.approx(0.01, abs=0.001)


def test_the_same_program_twice_is_seldom_called_a_change() -> None:
    """The interval has its coverage when processes differ by more than their samples do."""
    rng = np.random.default_rng(11)

    def run() -> list[list[float]]:
        return [list(100 * level * rng.normal(1, 0.005, 9)) for level in rng.normal(1, 0.03, 10)]

    wrong = sum(paired_change(run(), run()).real for _ in range(100))
    assert wrong <= 10, "about 5 of 100 are expected at 95 %"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([[1.0]] * 5, [[1.0]] * 5),  # five pairs agree by chance one time in sixteen
        ([[1.0]] * 7, [[1.0]] * 6),  # the seventh has no counterpart
        ([[1.0]] * 6 + [[]], [[1.0]] * 7),  # an empty group has no median
    ],
)
def test_what_cannot_be_paired_is_refused(before: list[list[float]], after: list[list[float]]) -> None:
    with pytest.raises(ValueError, match=r"pairs|no samples"):
        paired_change(before, after)


def test_the_interval_repeats() -> None:
    rng = np.random.default_rng(0)
    before, after = ([list(rng.normal(10, 1, 5)) for _ in range(8)] for _ in range(2))
    assert paired_change(before, after) == paired_change(before, after)


def test_median_is_a_sample() -> None:
    assert median([4, 1, 3, 2]) == 2
