"""Second looks measured: shares are of the right pictures, and one look is the file's own answer."""

from __future__ import annotations

import numpy as np

from edgedigits import Classifier
from edgedigits.classifier import packaged_model
from edgedigits_bench.trials.views import Row, accepted, accuracies, network, table

FRAMES = np.random.default_rng(3).integers(0, 256, (30, 28, 28), np.uint8)


def test_one_look_is_what_the_file_says() -> None:
    run = network(packaged_model())
    np.testing.assert_array_equal(run(FRAMES), Classifier.load().engine.scores(FRAMES))


def test_shares_are_of_the_pictures_that_were_given() -> None:
    """A network that doubts everything and says 3 is right on 3s, and refuses nothing."""
    answer = np.full(11, 0.04, np.float32)
    answer[3] = 0.6

    def run(images: np.ndarray) -> np.ndarray:
        return np.tile(answer, (len(images), 1))

    truth = np.array([3] * 12 + [5] * 18, np.uint8)
    rows = list(accuracies(run, run, FRAMES, truth))
    assert all(row.doubtful == 100 and row.apart == (0, 0) for row in rows)
    assert all(abs(row.once - 40) < 1e-9 and abs(row.again - 40) < 1e-9 for row in rows)
    assert next(accepted(run, FRAMES, {"noise": FRAMES})).once == 100  # scores as high as every digit


def test_the_table_has_the_other_model_only_where_there_is_one() -> None:
    plain = table([Row("clean", 2.0, 99.5, 99.6)], ("digits", "right, %")).splitlines()
    assert plain == [
        "| digits | in doubt, % | right, %, one look | two |",
        "|---|---:|---:|---:|",
        "| clean | 2.0 | 99.50 | 99.60 |",
    ]
    both = table([Row("clean", 2.0, 99.5, 99.6, (0.05, -0.01))], ("digits", "right, %")).splitlines()
    assert both[-1] == "| clean | 2.0 | 99.50 | 99.60 | +0.05 | -0.01 |"
    assert {line.count("|") for line in both} == {7}
