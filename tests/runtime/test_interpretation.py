"""A network's softmax as answers: what is said where its numbers leave no answer, and of even frames."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.model.interpretation import even_ones, interpreted
from edgedigits.results import NOT_A_DIGIT

SURE = [0.0, 0.0, 0.75, *[0.0] * 7, 0.25]
"""A 2, to three quarters."""
NONE = [*[0.0] * 10, 1.0]
"""Surely no digit: all ten have underflowed."""
BROKEN = [float("nan")] * 11
BEYOND = [0.0, 0.0, 0.75, 0.25000006, *[0.0] * 7]
"""Rounding may make a sum of more than 1."""


@pytest.mark.parametrize(
    ("rows", "labels", "scores", "why"),
    [
        ([SURE], [2], [0.75], "the ten together, whichever of them it is"),
        ([NONE], [NOT_A_DIGIT], [0.0], "no digit at all is no division by zero"),
        ([SURE, NONE, SURE], [2, NOT_A_DIGIT, 2], [0.75, 0.0, 0.75], "nor is one among others"),
        ([BEYOND], [2], [1.0], "a score is 1 at most"),
        ([SURE, BROKEN], [2, NOT_A_DIGIT], [0.75, np.nan], "what a damaged model makes of a frame"),
        ([], [], [], "no frames"),
    ],
)
def test_which_digit_and_whether_it_is_one(
    rows: list[list[float]], labels: list[int], scores: list[float], why: str
) -> None:
    found = interpreted(np.array(rows, np.float32).reshape(-1, 11), 0.75, rejects=True)
    assert found.labels.tolist() == labels, why
    np.testing.assert_array_equal(found.digit_score, np.array(scores, np.float32), err_msg=why)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1.0, rtol=1e-6, err_msg=why)


def test_what_is_no_digit_is_each_of_them_equally() -> None:
    found = interpreted(np.array([NONE, SURE], np.float32), 0.5, rejects=True)
    assert found.probabilities[0].tolist() == [np.float32(0.1)] * 10
    assert found.probabilities[1].tolist() == [0.0, 0.0, 1.0, *[0.0] * 7]


def test_without_a_class_for_it_the_likeliest_digit_is_the_score() -> None:
    scores = np.array([[0.6, 0.4, *[0.0] * 8], [0.4, 0.3, 0.3, *[0.0] * 7]], np.float32)
    found = interpreted(scores, 0.5, rejects=False)
    assert found.labels.tolist() == [0, NOT_A_DIGIT]
    np.testing.assert_array_equal(found.digit_score, scores.max(axis=1))


def frame(value: int, *pixels: tuple[int, int]) -> np.ndarray:
    made = np.full((28, 28), value, np.uint8)
    for row, column in pixels:
        made[row, column] = 255 - value
    return made


@pytest.mark.parametrize(
    ("frames", "even", "why"),
    [
        ([frame(0)], [0], "black"),
        ([frame(200)], [0], "any other value"),
        ([frame(0, (0, 0))], [], "but for the first pixel"),
        ([frame(0, (27, 27))], [], "but for the last"),
        ([frame(0, (3, 5), (17, 5))], [], "halves that are alike, and not even"),
        ([frame(0, (3, 5)), frame(9), frame(0), frame(0, (20, 5))], [1, 2], "even ones among others"),
        ([], [], "no frames"),
    ],
)
def test_frames_of_one_value(frames: list[np.ndarray], even: list[int], why: str) -> None:
    assert even_ones(np.array(frames, np.uint8).reshape(-1, 28, 28)) == even, why
