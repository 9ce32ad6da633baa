"""Outliers that pass for digits are counted, with the digit that they pass for."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.results import Predictions
from edgedigits_train import data
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


def test_every_family_gives_frames() -> None:
    digits = np.full((10, 28, 28), 200, np.uint8)
    for name in families.FAMILIES:
        rng = np.random.default_rng(4)
        made = families.of_family(name, 2, digits, np.arange(10, dtype=np.uint8), rng)
        assert made.shape == (2, 28, 28), name
        assert made.dtype == np.uint8, name


def test_a_family_is_what_its_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("_DRAWN", "_FROM_DIGITS"):
        makers = [maker.__name__ for maker, _ in getattr(families, kind)]
        marks = [np.full((28, 28), families.FAMILIES.index(name), np.uint8) for name in makers]
        monkeypatch.setattr(families, kind, [(lambda *_, mark=mark: mark, 0.1) for mark in marks])
    digits, labels = np.full((10, 28, 28), 200, np.uint8), np.arange(10, dtype=np.uint8)
    for value, name in enumerate(families.FAMILIES):
        made = families.of_family(name, 2, digits, labels, np.random.default_rng(4))
        assert made.shape == (2, 28, 28), name
        assert (made == value).all(), name


def test_families_are_made_from_validation_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network knows the outliers that were made from its training digits."""
    used: list[np.ndarray] = []

    def of_family(name: str, count: int, digits: np.ndarray, labels: np.ndarray, rng: object) -> np.ndarray:
        used.extend((digits, labels))
        return np.zeros((count, 28, 28), np.uint8)

    monkeypatch.setattr(families, "of_family", of_family)
    parts = [np.full((3, 28, 28), value, np.uint8) for value in range(4)]
    split = data.Split(parts[0], parts[1][:, 0, 0], parts[2], parts[3][:, 0, 0])
    found = list(lookalikes.of_families(split, Saying(-1), np.random.default_rng(1)))  # type: ignore[arg-type]
    assert [one.name for one in found] == list(families.FAMILIES)
    assert {int(values.max()) for values in used} == {2, 3}
