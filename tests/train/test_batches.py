"""The parts of a batch: digits, pages, outliers and the user's own frames, as the recipe says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits_train import batches, recipe
from edgedigits_train.mix.augment import Mix

RECIPE = recipe.Recipe(batch=32, pages=0.0, outliers=0.1, seed=4, mix=Mix(clean=0.8))
DIGITS = np.random.default_rng(0).integers(0, 256, (320, 28, 28)).astype(np.uint8)
LABELS = (np.arange(320) % 10).astype(np.uint8)


def test_a_batch_depends_on_seed_epoch_and_index_alone() -> None:
    material = batches.Material(DIGITS, LABELS, RECIPE)
    order = material.order(0)
    first, labels = material.batch(order, 0, 3)
    np.testing.assert_array_equal(first, material.batch(order, 0, 3)[0])
    assert (material.batch(material.order(1), 1, 3)[0] != first).any()
    assert first.shape == (32, 28, 28, 1)
    assert first.dtype == np.float32
    assert first.max() <= 1
    assert labels.shape == (32, 11)
    assert labels[:, 10].sum() == 3, "a tenth of 32 is no digit"


@pytest.mark.parametrize(
    ("seed", "epoch", "index"),
    [
        (5, 0, 0),  # another run
        (4, 1, 0),  # the same digits in the next epoch
        (4, 0, 1),  # the same digits in the next batch
    ],
)
def test_the_same_digits_are_shown_otherwise(seed: int, epoch: int, index: int) -> None:
    """Otherwise a network would see each digit in one form, as often as there are epochs."""
    plan = replace(RECIPE, outliers=0.0, mix=Mix(clean=0.0))
    order = np.tile(np.arange(32), 2)
    first = batches.Material(DIGITS, LABELS, plan).batch(order, 0, 0)[0]
    other = batches.Material(DIGITS, LABELS, replace(plan, seed=seed)).batch(order, epoch, index)[0]
    assert (first != other).any((1, 2, 3)).mean() > 0.9


def test_the_order_is_another_in_each_epoch_and_for_each_seed() -> None:
    orders = [
        batches.Material(DIGITS, LABELS, replace(RECIPE, seed=seed)).order(epoch).tolist()
        for seed, epoch in ((4, 0), (4, 1), (5, 0))
    ]
    assert all(sorted(order) == list(range(320)) for order in orders)
    assert orders[0] != orders[1] != orders[2] != orders[0]


@pytest.mark.parametrize(
    ("outliers", "names"),
    [
        (0.25, {3, 10}),  # a blot on a page is no digit
        (0.0, {3}),  # ten classes have no label for it
    ],
)
def test_frames_from_pages_enter_batches_as_far_as_there_are_labels_for_them(
    outliers: float, names: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pool(count: int, digits: np.ndarray, labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        return np.full((count, 28, 28), 99, np.uint8), np.where(np.arange(count) % 2, 10, 3).astype(np.uint8)

    monkeypatch.setattr(batches.pages, "pool", pool)
    monkeypatch.setattr(
        batches, "make_outliers", lambda count, *_, signs: np.zeros((count, 28, 28), np.uint8)
    )
    plan = replace(RECIPE, pages=0.5, page_pool=40, outliers=outliers, mix=Mix(families=(), geometry=0))
    material = batches.Material(DIGITS, LABELS, plan)
    images, truth = material.batch(material.order(0), 0, 0)
    shown = np.isclose(images, 99 / 255).all((1, 2, 3))
    assert shown.sum() == 16, "half of the batch"
    assert set(truth[shown].argmax(1).tolist()) == names


@pytest.mark.parametrize(
    ("share", "clean"),
    [
        (None, 0),  # as the mix says: none
        (0.0, 0),  # the same, given explicitly
        (1.0, 8),  # all of them, but no digit
    ],
)
def test_outliers_may_stay_clean_where_digits_do_not(
    share: float | None, clean: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = np.full((28, 28), 128, np.uint8)
    monkeypatch.setattr(batches, "make_outliers", lambda count, *_, signs: np.stack([flat] * count))
    mix = Mix(clean=0.0, families=("sensor",), geometry=0)
    plan = replace(RECIPE, outliers=0.25, outliers_clean=share, mix=mix)
    digits = np.full((320, 28, 28), 128, np.uint8)
    material = batches.Material(digits, np.zeros(320, np.uint8), plan)
    images = material.batch(material.order(0), 0, 0)[0]
    untouched = np.isclose(images, 128 / 255).all((1, 2, 3))
    assert untouched[-8:].sum() == clean
    assert untouched[:-8].sum() == 0


def test_an_epoch_shows_every_digit_once() -> None:
    plan = recipe.override(RECIPE, outliers=0.0, mix=Mix(families=(), geometry=0))
    material = batches.Material(DIGITS, LABELS, plan)
    order = material.order(0)
    seen = np.concatenate([material.batch(order, 0, index)[0] for index in range(material.steps)])
    assert sorted((seen[..., 0] * 255).sum((1, 2)).round()) == sorted(DIGITS.sum((1, 2)).astype(float))


def test_extra_frames_enter_every_batch() -> None:
    extra = np.full((4, 28, 28), 77, np.uint8), np.full(4, 4, np.uint8)
    plan = recipe.override(RECIPE, mix=Mix(families=(), geometry=0), extra=0.25)
    material = batches.Material(DIGITS, LABELS, plan, extra)
    images, labels = material.batch(material.order(0), 0, 0)
    ours = np.isclose(images, 77 / 255).all((1, 2, 3))
    assert ours.sum() == 8
    assert (labels[ours].argmax(1) == 4).all()


def test_the_recipe_says_how_many_outliers_are_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def made(count: int, *_: Any, signs: float) -> np.ndarray:
        asked.append(signs)
        return np.zeros((count, 28, 28), np.uint8)

    monkeypatch.setattr(batches, "make_outliers", made)
    material = batches.Material(DIGITS, LABELS, replace(RECIPE, signs=0.375))
    material.batch(material.order(0), 0, 0)
    assert asked == [0.375]
