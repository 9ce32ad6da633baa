"""The ways of calling a file: all give the same answers, and each has its times."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from edgedigits_bench.speed.latency import SystemClock
from edgedigits_bench.trials.calls import BATCHES, measure, table, ways


def test_every_way_gives_the_same_answers(tiny: Path) -> None:
    images = np.random.default_rng(4).integers(0, 256, (3, 28, 28), np.uint8)
    first, *others = (np.array(run(images)) for run in ways(tiny, 3).values())
    assert len(others) == 2
    for other in others:
        np.testing.assert_array_equal(other, first)


def test_every_way_has_a_time_for_every_batch(tiny: Path) -> None:
    found = measure(tiny, 2, SystemClock())
    assert all(len(times) == len(BATCHES) and min(times) > 0 for times in found.values())
    assert table({"one way": [1.04, 20.0]}).splitlines()[-1] == "| one way | 1.0 | 20.0 |"
