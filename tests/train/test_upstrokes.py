"""Upstrokes of 1s: where they start, how they fall, and which shapes get none."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from edgedigits_train.mix.augment import Mix
from edgedigits_train.mix.upstrokes import upstroked, with_upstroke

RNG = np.random.default_rng


def stroke(lean: float, thick: int = 2) -> np.ndarray:
    """Return a straight stroke in the middle, its upper end `lean` pixels to the right of its lower one."""
    canvas = np.zeros((112, 112), np.uint8)
    ends = [(round(4 * (14 + side * lean / 2)), 4 * (14 - side * 9)) for side in (1, -1)]
    cv2.line(canvas, *ends, 255, 4 * thick)
    return np.asarray(cv2.resize(canvas, (28, 28), interpolation=cv2.INTER_AREA), np.uint8)


def ring() -> np.ndarray:
    """Return a 0."""
    canvas = np.zeros((28, 28), np.uint8)
    cv2.ellipse(canvas, (14, 14), (5, 9), 0, 0, 360, 255, 2)
    return canvas


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (stroke(0), "upright"),
        (stroke(5), "slanted like most hands"),
        (stroke(-4), "slanted backwards"),
        (stroke(0, 4), "a broad pen"),
        (stroke(3, 1), "a thin one"),
    ],
)
def test_an_upstroke_falls_to_the_left_of_the_stem(one: np.ndarray, why: str) -> None:
    rng, feet = RNG(1), 0
    for _ in range(40):
        drawn = with_upstroke(one, rng)
        assert drawn.shape == (28, 28)
        assert drawn.dtype == np.uint8
        ink = drawn > 60
        rows = np.flatnonzero(ink.any(1))
        upper, lower = ink[rows[0] : rows[0] + 10], ink[rows[-1] - 2 : rows[-1] + 1]
        # It rises from the left end of the upstroke to the top of the stem.
        left = np.flatnonzero(upper.any(0))[0]
        top = np.flatnonzero(ink[rows[0]])[0]
        assert left < top, why
        assert np.flatnonzero(upper[:, left]).mean() >= 2, f"level like the bar of a 7: {why}"
        feet += np.count_nonzero(lower.any(0)) > np.count_nonzero((one > 60).sum(1).max()) + 7
    assert 3 <= feet <= 25, f"some stand on a foot: {why}"


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (ring(), "no stroke"),
        (stroke(0).T, "level"),
        (stroke(24), "so slanted that an upstroke would be the bar of a 7"),
        (np.maximum(stroke(0), stroke(0).T), "two strokes"),
        (np.zeros((28, 28), np.uint8), "nothing"),
    ],
)
def test_what_is_no_bare_steep_stroke_stays_as_it_is(shape: np.ndarray, why: str) -> None:
    np.testing.assert_array_equal(with_upstroke(shape, RNG(2)), shape, err_msg=why)


def test_a_share_of_the_1s_get_one_and_nothing_else_does() -> None:
    images, labels = np.stack([stroke(2)] * 400), (np.arange(400) % 4).astype(np.uint8)
    drawn = upstroked(images, labels, 0.5, RNG(3))
    changed = np.flatnonzero((drawn != images).any((1, 2)))
    assert set(labels[changed]) == {1}
    assert 35 <= len(changed) <= 65
    np.testing.assert_array_equal(images, np.stack([stroke(2)] * 400), err_msg="the digits are not ours")
    np.testing.assert_array_equal(drawn, upstroked(images, labels, 0.5, RNG(3)))


def test_without_upstrokes_batches_are_those_of_before() -> None:
    rng = RNG(4)
    images, labels = np.stack([stroke(2)] * 3), np.ones(3, np.uint8)
    assert upstroked(images, labels, 0.0, rng) is images
    assert rng.random() == RNG(4).random()


def test_pages_show_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("keras", reason="the extra `train` is not installed")
    from edgedigits_train import batches
    from edgedigits_train.recipe import Recipe

    written: list[np.ndarray] = []

    def pool(count: int, digits: np.ndarray, *_: object) -> tuple[np.ndarray, np.ndarray]:
        written.append(digits)
        return digits, np.ones(len(digits), np.uint8)

    monkeypatch.setattr(batches.pages, "pool", pool)
    images, labels = np.stack([stroke(2)] * 20), np.ones(20, np.uint8)
    for share in (0.0, 1.0):
        batches.Material(images, labels, Recipe(pages=0.1, upstrokes=share))
        assert np.count_nonzero((written[-1] != images).any((1, 2))) == 20 * share


def test_batches_show_them() -> None:
    pytest.importorskip("keras", reason="the extra `train` is not installed")
    from edgedigits_train.batches import Material
    from edgedigits_train.recipe import Recipe

    images, labels = np.stack([stroke(2)] * 64), np.ones(64, np.uint8)
    plain = Recipe(batch=16, pages=0.0, outliers=0.0, mix=Mix(families=(), geometry=0))
    for share, low, high in ((0.0, 0, 0), (0.5, 3, 13), (1.0, 16, 16)):
        material = Material(images, labels, replace(plain, upstrokes=share))
        shown = np.rint(material.batch(material.order(0), 0, 0)[0][..., 0] * 255)
        assert low <= np.count_nonzero((shown != images[:16]).any((1, 2))) <= high
