"""Digits made into something else: what hides what, and which pairs and halves are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from stand_ins import digits

from edgedigits_train.outliers import remade

RNG = np.random.default_rng


@pytest.mark.parametrize(
    ("start", "apart"),
    [
        (10, True),  # side by side
        (6, True),  # less than half is hidden
        (5, False),  # half of each
        (4, False),  # more than half
        (0, False),  # one upon the other
    ],
)
def test_a_stroke_is_seen_if_more_than_half_of_it_is_free(start: int, apart: bool) -> None:
    first, second = (np.zeros((28, 28), np.uint8) for _ in range(2))
    first[5, :10] = second[5, start : start + 10] = 255
    assert remade._apart(first, second) is apart


def test_of_two_digits_that_touch_many_are_beside_a_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn evenly, a 1 would be in a fifth of the pairs; the network is most sure of those."""
    picked: list[tuple[int, ...]] = []
    ring = digits()[0][0]

    def pick(images: object, labels: object, rng: object, among: tuple[int, ...] = ()) -> np.ndarray:
        picked.append(among)
        return ring

    monkeypatch.setattr(remade, "_pick", pick)
    for seed in range(300):
        remade.touching(*digits(), RNG(seed))
    assert set(picked) == {(), (1,)}
    assert 0.2 < picked.count((1,)) / 300 < 0.4


def test_half_a_digit_that_is_a_mere_stroke_is_not_crossed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stroke through it would be a thick 1."""
    monkeypatch.setattr(remade, "canonical", lambda ink: ink)
    images, labels = digits()
    images = images.copy()
    narrow = np.zeros((28, 28), np.uint8)
    narrow[4:24, 12:16] = 120
    images[[0, 8]] = narrow
    made = [remade.compound(images, labels, RNG(seed)) for seed in range(100)]
    assert not any((frame == 120).sum() > 20 for frame in made)
