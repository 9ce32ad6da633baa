"""Which part of MNIST each measurement uses: what decides something must not see the test digits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgedigits_bench import evidence, reading, steps
from edgedigits_bench.live import command as live
from edgedigits_bench.speed import contest
from edgedigits_train import data

HERE = Path(__file__)


class Asked(Exception):
    """Raised with the part that was asked for, so that nothing is measured."""


class Mnist:
    x_train, y_train = np.arange(60_000), np.arange(60_000) % 10
    x_test, y_test = np.arange(10_000), np.arange(10_000) % 7

    def part(self, name: str) -> None:
        raise Asked(name)


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "load", lambda _: Mnist())


PARTS: list[tuple[str, Callable[[Path], object], str]] = [
    ("reports alone", lambda _: reading.measure(None, HERE, HERE, 0), "test"),
    ("decides which steps there are", lambda out: steps.run(out / "steps.json", HERE, 0), "train"),
    ("sets the weights of looks", lambda _: evidence.main(["--data", str(HERE)]), "train"),
]


@pytest.mark.parametrize(("why", "measure", "part"), PARTS, ids=[row[0] for row in PARTS])
def test_digits_are_of_the_part_that_they_should_be(
    why: str, measure: Callable[[Path], object], part: str, tmp_path: Path
) -> None:
    with pytest.raises(Asked, match=f"^{part}$"):
        measure(tmp_path)


@pytest.mark.parametrize(
    ("pictures", "images", "labels"),
    [
        # the settings of the live view were chosen on the clips
        (live.hand, Mnist.x_train[54_000:], Mnist.y_train[54_000:]),
        # the accuracy beside the times is only reported
        (contest.mnist_test, Mnist.x_test, Mnist.y_test),
    ],
)
def test_pictures_and_labels_are_of_that_part(
    pictures: Callable[[Path], tuple[Any, Any]], images: np.ndarray, labels: np.ndarray
) -> None:
    found = pictures(HERE)
    np.testing.assert_array_equal(found[0], images)
    np.testing.assert_array_equal(found[1], labels)
