"""Outliers that pass for digits are counted, with the digit that they pass for."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.results import Predictions
from edgedigits_train.outliers import families, glyphs, lookalikes
from edgedigits_train.outliers.letters import Face, Letter


class Saying:
    """A classifier that gives a list of labels in turn."""

    def __init__(self, *labels: int) -> None:
        self.labels = labels

    def predict(self, images: np.ndarray) -> Predictions:
        labels = np.resize(np.array(self.labels, np.int64), len(images))
        ones = np.ones(len(images), np.float32)
        return Predictions(labels, ones, np.full((len(images), 10), 0.1, np.float32), ones)


@pytest.mark.parametrize(
    ("labels", "share", "mostly"),
    [
        ((-1,), 0.0, None),  # all refused, so there is no digit to name
        ((0,), 1.0, 0),  # a 0 counts as accepted
        ((-1, 7, -1, 7, 3, -1), 0.5, 7),
    ],
)
def test_share_and_digit(labels: tuple[int, ...], share: float, mostly: int | None) -> None:
    images = np.zeros((6, 28, 28), np.uint8)
    found = lookalikes.accepted("x", images, Saying(*labels))  # type: ignore[arg-type]
    assert found == ("x", share, mostly)


def test_letters_that_pass_too_often_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of letters to leave out: the worst first, and none that rarely passes."""
    monkeypatch.setattr(lookalikes, "catalogue", lambda: [Letter(sign, Face("Some.ttf")) for sign in "abc"])
    monkeypatch.setattr(glyphs, "skeletons", lambda: np.zeros((3, glyphs.SIDE, glyphs.SIDE), np.uint8))
    turns = iter([Saying(1, 1, -1), Saying(-1, -1, 8), Saying(9)])

    class InTurn:
        def predict(self, images: np.ndarray) -> Predictions:
            return next(turns).predict(images)

    found = lookalikes.letters(InTurn(), np.random.default_rng(1))  # type: ignore[arg-type]
    assert [(one.name, one.mostly) for one in found] == [("c (Some)", 9), ("a (Some)", 1)]


def test_a_family_is_what_its_name_says() -> None:
    digits = np.full((10, 28, 28), 200, np.uint8)
    for name in families.FAMILIES:
        rng = np.random.default_rng(4)
        made = families.of_family(name, 2, digits, np.arange(10, dtype=np.uint8), rng)
        assert made.shape == (2, 28, 28), name
        assert made.dtype == np.uint8, name
