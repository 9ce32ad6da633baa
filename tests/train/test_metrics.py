"""Metrics, calibration and rejection against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits.errors import DataError
from edgedigits_train.measures import metrics, rejection
from edgedigits_train.measures.calibration import pooled_reliability, reliability


def test_softmax_is_parted_as_the_runtime_does_it() -> None:
    softmax = np.zeros((3, 11), np.float32)
    softmax[0, [3, 7, 10]] = 0.6, 0.2, 0.2  # probably a digit
    softmax[1, 10] = 1  # certainly none: the ten digits underflowed together
    softmax[2, 5] = 1
    scores = metrics.scores_of(softmax)
    assert scores.digit_score == pytest.approx([0.8, 0, 1])
    assert scores.probabilities[0, [3, 7]] == pytest.approx([0.75, 0.25])
    assert scores.probabilities.sum(axis=1) == pytest.approx([1, 1, 1])
    assert scores.labels.tolist() == [3, 0, 5]
    assert scores.confidence == pytest.approx([0.75, 0.1, 1])


def test_without_a_class_for_none_the_confidence_is_the_digit_score() -> None:
    softmax = np.full((1, 10), 0.05, np.float32)
    softmax[0, 2] = 0.55
    assert metrics.scores_of(softmax).digit_score == pytest.approx([0.55])


def test_scores_of_nothing() -> None:
    scores = metrics.scores_of(np.zeros((0, 11), np.float32))
    assert (len(scores.labels), len(scores.confidence), len(scores.digit_score)) == (0, 0, 0)
    assert np.isnan(metrics.accuracy(scores.labels, np.zeros(0, np.uint8)))


def test_accuracy_and_confusion() -> None:
    truth = np.array([0, 0, 1, 2, 9], np.uint8)
    labels = np.array([0, 6, 1, 2, 4])
    assert metrics.accuracy(labels, truth) == pytest.approx(60)
    matrix = metrics.confusion(truth, labels)
    assert (matrix.sum(), np.trace(matrix), matrix[0, 6], matrix[9, 4]) == (5, 3, 1, 1)


@pytest.mark.parametrize(
    ("percent", "count", "expected"),
    [
        (99.5, 10_000, 0.139),  # the reference results give about 0.13 points
        (50, 100, 9.61),  # Wilson's interval for 50 of 100 is 40.4 to 59.6
        (100, 10, 13.88),  # and for 10 of 10 it is 72.2 to 100
    ],
)
def test_interval_is_wilsons(percent: float, count: int, expected: float) -> None:
    assert metrics.half_interval(percent, count) == pytest.approx(expected, abs=0.01)


def test_calibration_error_by_hand() -> None:
    # Two groups of two: confidence 0.6 and half right, confidence 0.9 and all right.
    confidence = np.array([0.9, 0.6, 0.9, 0.6])
    correct = np.array([True, True, True, False])
    groups = reliability(confidence, correct, bins=2)
    assert groups.confidence == pytest.approx([0.6, 0.9])
    assert groups.accuracy == pytest.approx([0.5, 1])
    assert groups.sizes.tolist() == [2, 2]
    assert groups.error == pytest.approx(10)


def test_the_reliability_of_several_sets_of_the_same_pictures() -> None:
    """The one is sure and right of both digits, the other less sure and wrong of the second."""
    truth = np.array([3, 7], np.uint8)
    sure, less = np.full((2, 10), 0.01, np.float32), np.full((2, 10), 0.04, np.float32)
    sure[[0, 1], [3, 7]] = 0.91
    less[[0, 1], [3, 1]] = 0.64
    sets = [metrics.Scores(each, np.ones(2, np.float32)) for each in (sure, less)]
    groups = pooled_reliability(truth, sets)
    assert groups.sizes.sum() == 4
    assert np.average(groups.accuracy, weights=groups.sizes) == pytest.approx(0.75)
    assert np.average(groups.confidence, weights=groups.sizes) == pytest.approx((0.91 + 0.64) / 2)
    assert groups.accuracy[-1] == 1


def test_groups_have_equal_mass() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.9, 1, 10_000) ** 0.2
    groups = reliability(confidence, rng.random(10_000) < confidence)
    assert len(groups.sizes) == 15
    assert groups.sizes.max() - groups.sizes.min() <= 1
    assert groups.error < 0.5, "answers that are right as often as they claim"
    assert reliability(confidence, np.ones(10_000, bool)).error == pytest.approx(
        100 * (1 - confidence.mean())
    )


def test_fewer_answers_than_groups() -> None:
    assert reliability(np.array([0.8]), np.array([True])).error == pytest.approx(20)
    assert np.isnan(reliability(np.zeros(0), np.zeros(0, bool)).error)


@pytest.mark.parametrize(
    ("digits", "outliers", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 100),
        ([0.1, 0.2], [0.9, 0.8], 0),
        ([0.5, 0.5], [0.5], 50),  # ties count half
        ([0.9, 0.3], [0.5, 0.3], 62.5),  # wins 2, ties 1 of 4 pairs
    ],
)
def test_auroc_counts_pairs(digits: list[float], outliers: list[float], expected: float) -> None:
    assert rejection.auroc(np.array(digits), np.array(outliers)) == pytest.approx(expected)


def test_auroc_is_the_area_under_the_curve() -> None:
    rng = np.random.default_rng(0)
    digits, outliers = rng.normal(1, 1, 500).round(1), rng.normal(0, 1, 300).round(1)
    curve = rejection.roc(digits, outliers)
    area = np.sum(np.diff(curve.outliers) * (curve.digits[1:] + curve.digits[:-1]) / 2)
    assert 100 * area == pytest.approx(rejection.auroc(digits, outliers))
    assert (curve.outliers[0], curve.digits[0]) == (0, 0)
    assert (curve.outliers[-1], curve.digits[-1]) == (1, 1)
    assert np.isnan(rejection.auroc(digits, outliers[:0]))


def test_greek_letters_leaves_out_those_that_are_digits(tmp_path: Path) -> None:
    letters = np.full((24, 105, 105), 255, np.uint8)
    letters[:, 20:90, 50:54] = 0  # a dark stroke on white
    (tmp_path / "sets").mkdir()
    np.savez(tmp_path / rejection.GREEK, x=letters, y=np.arange(24, dtype=np.uint8))
    frames = rejection.greek_letters(tmp_path)
    assert frames.shape == (20, 28, 28)
    assert frames[:, 0].max() == 0, "the paper is black"
    assert (frames > 128).any(axis=2).sum(axis=1).tolist() == [20] * 20, "the ink is 20 pixels tall"


def test_negatives_are_framed_by_the_reader(tmp_path: Path) -> None:
    (tmp_path / "negatives").mkdir()
    page = np.full((120, 160, 3), 230, np.uint8)
    cv2.line(page, (70, 20), (90, 100), (30, 30, 30), 7)
    for name, picture in (("stroke", page), ("empty", np.full_like(page, 230))):
        encoded = cv2.imencode(".png", picture)[1]
        (tmp_path / "negatives" / f"{name}.png").write_bytes(encoded.tobytes())
    empty, stroke = rejection.negatives(tmp_path)
    assert not empty.any()
    assert (stroke > 100).any(axis=1).sum() == pytest.approx(20, abs=1)


def test_missing_outliers_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"omniglot_greek_ood\.npz cannot be read"):
        rejection.greek_letters(tmp_path)
    with pytest.raises(DataError, match=r"there are no pictures in .*negatives"):
        rejection.negatives(tmp_path)
