"""What the plots of an evaluation and of a run are given: which scores, of which pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgedigits.cli import main
from edgedigits_train import data
from edgedigits_train.commands import evaluate as command
from edgedigits_train.measures import evaluation
from edgedigits_train.measures.calibration import pooled_reliability
from edgedigits_train.measures.metrics import Images, Scores
from edgedigits_train.measures.rejection import auroc, roc
from edgedigits_train.measures.subject import Subject
from edgedigits_train.reports import curves, plots, report, sheets

TRUTH = np.array([4, 4, 9, 1], np.uint8)
Given = dict[str, tuple[Any, ...]]


def scores(labels: list[int], confidence: float, digit_score: list[float]) -> Scores:
    probabilities = np.full((len(labels), 10), (1 - confidence) / 9)
    probabilities[np.arange(len(labels)), labels] = confidence
    return Scores(probabilities, np.array(digit_score))


CLEAN = scores([4, 9, 9, 1], 0.95, [0.9, 0.6, 0.4, 0.8])
NOISY = {
    "fog": scores([4, 9, 9, 7], 0.7, [0.9] * 4),
    "grain": scores([9, 9, 9, 1], 0.6, [0.9] * 4),
}
LETTERS = scores([0, 0], 0.5, [0.5, 0.2])


class Silent:
    """A progress that nobody sees."""

    def step(self, doing: str) -> None:
        """Do nothing."""


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """The arguments of each plot, by its name; none is drawn."""
    kept: Given = {}
    for where, name in (
        (plots, "confusion_matrix"),
        (plots, "reliability_diagram"),
        (plots, "rejection_curves"),
        (plots, "loss_accuracy"),
        (sheets, "confident_mistakes"),
        (sheets, "sample_predictions"),
        (curves, "noise_curve"),
    ):
        monkeypatch.setattr(where, name, lambda *asked, name=name, **_: kept.update({name: asked}))
    monkeypatch.setattr(curves, "measure", lambda *_: {})
    return kept


def answer(images: Images) -> Scores:
    return scores([4] * len(images), 0.9, [1.0] * len(images))


@pytest.mark.parametrize(
    ("threshold", "operating"),
    [
        (0.5, plots.Operating(outliers=0.5, digits=0.75)),  # who has the threshold itself is accepted
        (None, None),  # a run has no threshold yet
    ],
)
def test_an_evaluation_is_drawn_from_its_own_scores(
    given: Given, tmp_path: Path, threshold: float | None, operating: plots.Operating | None
) -> None:
    subject = Subject(tmp_path, answer, threshold, 1, "", "")
    result = evaluation.Evaluation(CLEAN, [], NOISY, {"letters": LETTERS})
    progress: Any = Silent()
    command._draw(tmp_path, subject, result, np.zeros((4, 28, 28), np.uint8), TRUTH, progress)
    curve, area, mark = given["rejection_curves"][0]["letters"]
    expected = roc(CLEAN.digit_score, LETTERS.digit_score)
    np.testing.assert_array_equal(curve, expected)
    assert area == auroc(CLEAN.digit_score, LETTERS.digit_score) > 50
    assert mark == operating
    parts = given["reliability_diagram"][0]
    for title, sets in (("Clean", [CLEAN]), ("Noise mix", list(NOISY.values()))):
        assert parts[title].error == pooled_reliability(TRUTH, sets).error, title
    assert given["confident_mistakes"][2] is CLEAN
    matrices = given["confusion_matrix"][0]
    found = {title: np.argwhere(matrix).tolist() for title, matrix in matrices.items()}
    assert found["Clean"] == [[1, 1], [4, 4], [4, 9], [9, 9]]
    assert found["Noise mix"] == [[1, 1], [1, 7], [4, 4], [4, 9], [9, 9]]
    assert [matrix.sum() for matrix in matrices.values()] == [4, 8]


def pictures(count: int, first: int) -> tuple[np.ndarray, np.ndarray]:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 8:20, 8:20] = 200
    images[:, 0, 0] = (first + np.arange(count)) % 256
    return images, (np.arange(count) % 10).astype(np.uint8)


def test_the_samples_of_a_run_are_test_pictures(given: Given, tmp_path: Path) -> None:
    (x_train, y_train), (x_test, y_test) = pictures(100, 0), pictures(50, 200)
    mnist = data.Mnist(x_train, y_train, x_test, y_test, "", False)
    metrics = report.write_run_report(
        tmp_path, lambda images: np.full((len(images), 11), 1 / 11), data.split(mnist, 0), mnist, []
    )
    shown, _ = given["sample_predictions"][0]["clean"]
    assert set(shown[:, 0, 0].tolist()) <= set(x_test[:, 0, 0].tolist())
    assert (metrics["validation"]["count"], metrics["test"]["count"]) == (10, 50)


def test_noise_has_a_calibration_error_of_its_own(given: Given, tmp_path: Path) -> None:
    """Answers that are sure of everything are right of clean pictures alone."""
    (x_train, y_train), (x_test, y_test) = pictures(100, 0), pictures(50, 200)
    mnist = data.Mnist(x_train, y_train, x_test, y_test, "", False)

    def sure(images: Images) -> np.ndarray:
        right = np.arange(len(images)) % 10 if (images[:, 27] == 0).all() else np.zeros(len(images), int)
        return np.eye(11)[right]

    part = report.write_run_report(tmp_path, sure, data.split(mnist, 0), mnist, [])["test"]
    assert (part["clean"], part["calibration_error_clean"]) == (100, 0)
    assert part["calibration_error_noise"] > 30


def test_models_are_chosen_by_the_validation_pictures_of_all_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: Path
) -> None:
    (x_train, y_train), (x_test, y_test) = pictures(100, 0), pictures(50, 200)
    np.savez(tmp_path / "set.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    asked: list[np.ndarray] = []

    def evaluated(score: object, images: np.ndarray, truth: np.ndarray, **_: object) -> None:
        asked.extend((images, truth))
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluation, "evaluate", evaluated)
    arguments = ["evaluate", str(tiny), "--data", str(tmp_path / "set.npz"), "--split", "validation"]
    assert main(arguments) == 130
    parts = data.split(data.load(tmp_path / "set.npz"), data.SPLIT_SEED)
    np.testing.assert_array_equal(asked[0], parts.x_val)
    np.testing.assert_array_equal(asked[1], parts.y_val)
