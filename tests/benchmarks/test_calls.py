"""The ways of calling a model file: all give the same answers, and each has its times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edgedigits import Classifier
from edgedigits_bench.speed.latency import SystemClock
from edgedigits_bench.trials.calls import BATCHES, measure, table, ways
from edgedigits_bench.trials.spin import main as spin


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


def test_the_call_that_a_profiler_watches_is_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: on noise each call took a second look in six views, which was most of the profiled time."""
    given: list[np.ndarray] = []
    real = Classifier.predict
    monkeypatch.setattr(Classifier, "predict", lambda self, x: given.append(x) or real(self, x))
    monkeypatch.setattr("sys.argv", ["spin", "--batch", "10", "--seconds", "0"])
    spin()
    classifier = Classifier.load()
    assert given[0].shape == (10, 28, 28)
    assert classifier.engine.scores(given[0]).max(axis=1).min() >= classifier.contract.doubt
