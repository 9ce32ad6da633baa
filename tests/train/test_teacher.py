"""A teacher's answers in the labels: mixed in by the recipe's share, and refused if they cannot fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits.classifier import packaged_model
from edgedigits.errors import EdgeDigitsError
from edgedigits_train.batches import Material
from edgedigits_train.recipe import Recipe
from edgedigits_train.teacher import Teacher

PLAN = Recipe(batch=16, pages=0.0, outliers=0.25, seed=4)


def made() -> tuple[np.ndarray, np.ndarray]:
    """Return sixty-four blocks of ink that are no digit, with labels in turn."""
    images = np.zeros((64, 28, 28), np.uint8)
    images[:, 6:22, 10:18] = 255
    return images, (np.arange(64) % 10).astype(np.uint8)


@pytest.mark.parametrize(
    ("share", "why"), [(0.0, "the truth alone"), (0.7, "both"), (1.0, "the teacher alone")]
)
def test_the_label_is_the_truth_and_the_teacher_in_their_shares(share: float, why: str) -> None:
    teacher = Teacher([packaged_model()], 11)
    plan = replace(PLAN, teacher_share=share)
    plain, taught = Material(*made(), plan), Material(*made(), plan, teacher=teacher)
    pictures, truth = plain.batch(plain.order(0), 0, 0)
    same, labels = taught.batch(taught.order(0), 0, 0)
    np.testing.assert_array_equal(pictures, same)
    said = teacher.probabilities(np.rint(pictures[..., 0] * 255).astype(np.uint8))
    np.testing.assert_allclose(labels, (1 - share) * truth + share * said, atol=1e-6, err_msg=why)
    np.testing.assert_allclose(labels.sum(1), 1, atol=1e-5)


def test_what_is_known_to_be_no_digit_can_be_kept_from_the_teacher() -> None:
    teacher = Teacher([packaged_model()], 11)
    taught, known = (
        Material(*made(), replace(PLAN, outliers=0.25, teach_outliers=asked), teacher=teacher)
        for asked in (True, False)
    )
    (pictures, theirs), (same, ours) = (one.batch(one.order(0), 0, 0) for one in (taught, known))
    np.testing.assert_array_equal(pictures, same)
    others = known.counts[2]
    assert others > 0
    np.testing.assert_array_equal(ours[:-others], theirs[:-others])
    np.testing.assert_array_equal(ours[-others:], np.eye(11)[[10] * others])
    assert (theirs[-others:] != ours[-others:]).any()


def test_several_teachers_answer_with_their_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sure:
        """Gives the same answer for every picture."""

        def __init__(self, digit: int) -> None:
            self.digit = digit

        def scores(self, images: np.ndarray) -> np.ndarray:
            return np.tile(np.eye(11, dtype=np.float32)[self.digit], (len(images), 1))

    monkeypatch.setattr("edgedigits_train.teacher._open", lambda path, classes: Sure(int(path.stem)))
    said = Teacher([Path("3.onnx"), Path("5.onnx"), Path("5.onnx")], 11).probabilities(made()[0])
    assert said.dtype == np.float32
    np.testing.assert_allclose(said[:, [3, 5]], [[1 / 3, 2 / 3]] * 64, atol=1e-6)


def test_a_teacher_of_other_classes_is_refused() -> None:
    with pytest.raises(EdgeDigitsError, match="cannot be this network's teacher"):
        Teacher([packaged_model(), packaged_model()], 10)
