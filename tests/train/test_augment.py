"""The training mix: seeded, within range, and every family has an effect without losing the digit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from edgedigits.errors import EdgeDigitsError
from edgedigits_train.mix.augment import Mix, augment
from edgedigits_train.mix.degrade import FAMILIES

Change = Callable[[np.ndarray], np.ndarray]


def bar() -> np.ndarray:
    """Return a bright vertical bar, 6 wide and 20 high, in the middle."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 11:17] = 255
    return image


def test_the_same_seed_gives_the_same_pictures() -> None:
    batch = np.stack([bar()] * 40)
    first, second = (augment(batch, Mix(), np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (augment(batch, Mix(), np.random.default_rng(4)) != first).any()


def test_the_batch_is_left_alone() -> None:
    batch = np.stack([bar()] * 20)
    before = batch.copy()
    augment(batch, Mix(clean=0), np.random.default_rng(0))
    np.testing.assert_array_equal(batch, before)


def test_without_families_and_geometry_nothing_changes() -> None:
    batch = np.stack([bar()] * 10)
    np.testing.assert_array_equal(
        augment(batch, Mix(families=(), geometry=0), np.random.default_rng(0)), batch
    )


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(EdgeDigitsError, match="frost"):
        Mix(families=("sensor", "frost"))


@pytest.mark.parametrize(
    ("mix", "shares", "why"),
    [
        (Mix(clean=0, single=1), (1.0, 0.0, 0.0), "one each"),
        (Mix(clean=0, single=0), (0.0, 0.5, 0.5), "two are as likely as three"),
        (Mix(clean=0, single=0.6), (0.6, 0.2, 0.2), "the share that is asked for"),
        (Mix(clean=0, single=0, depth=1), (1.0, 0.0, 0.0), "no more than the depth allows"),
        (Mix(clean=1), (0.0, 0.0, 0.0), "none at all"),
    ],
)
def test_a_picture_goes_through_as_many_families_as_the_mix_says(
    monkeypatch: pytest.MonkeyPatch, mix: Mix, shares: tuple[float, ...], why: str
) -> None:
    for name in FAMILIES:
        monkeypatch.setitem(FAMILIES, name, lambda picture, rng: picture + 1)
    count = 3000
    through = augment(np.zeros((count, 28, 28), np.uint8), mix, np.random.default_rng(2))[:, 0, 0]
    found = np.bincount(through, minlength=4)[1:4] / count
    np.testing.assert_allclose(found, shares, atol=0.04, err_msg=why)


def test_a_family_is_drawn_as_often_as_its_weight_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, name in enumerate(("light", "blur", "sensor"), 1):
        monkeypatch.setitem(FAMILIES, name, lambda picture, rng, value=value: picture + value)
    mix = Mix(clean=0, single=1, families=("sensor", "blur", "light"), weights={"blur": 2.0, "sensor": 5.0})
    through = augment(np.zeros((4000, 28, 28), np.uint8), mix, np.random.default_rng(2))[:, 0, 0]
    np.testing.assert_allclose(np.bincount(through)[1:] / 4000, [1 / 8, 2 / 8, 5 / 8], atol=0.03)


@pytest.mark.parametrize(
    ("names", "changes", "level", "why"),
    [
        (("sensor", "stroke"), (lambda v: v + 10, lambda v: v * 2), 210, "the pen comes before the sensor"),
        (("blur", "light"), (lambda v: v - 100, lambda v: v + 500), 155, "no light is brighter than white"),
    ],
)
def test_a_picture_goes_through_families_in_the_order_of_light(
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, str],
    changes: tuple[Change, Change],
    level: int,
    why: str,
) -> None:
    for name, change in zip(names, changes, strict=True):
        monkeypatch.setitem(FAMILIES, name, lambda picture, rng, change=change: change(picture))
    mix = Mix(clean=0, single=0, depth=2, families=names, weights={}, geometry=0)
    through = augment(np.full((50, 28, 28), 100, np.uint8), mix, np.random.default_rng(2))
    assert np.unique(through).tolist() == [level], why


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_changes_the_picture_and_keeps_its_kind(name: str) -> None:
    rng = np.random.default_rng(5)
    picture = bar().astype(np.float32)
    changed = 0
    for _ in range(60):
        out = FAMILIES[name](picture, rng)
        assert out.shape == (28, 28)
        assert out.dtype == np.float32
        assert np.isfinite(out).all()
        changed += bool(np.abs(np.clip(out, 0, 255) - picture).max() > 2)
    assert changed > 30, "most draws must do something"
    np.testing.assert_array_equal(picture, bar())


@pytest.mark.parametrize("name", FAMILIES)
def test_no_family_erases_the_digit(name: str) -> None:
    """A blank picture with a label teaches nonsense; correlation tells ink from ground in either polarity."""
    rng = np.random.default_rng(6)
    picture = bar().astype(np.float32)
    faint = sum(
        abs(np.corrcoef(np.clip(FAMILIES[name](picture, rng), 0, 255).ravel(), picture.ravel())[0, 1]) < 0.05
        for _ in range(200)
    )
    assert faint <= 20, "at most a tenth may be beyond recognition"


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("level", [0, 255])
def test_a_blank_picture_passes_through_every_family(name: str, level: int) -> None:
    rng = np.random.default_rng(7)
    for _ in range(40):
        assert np.isfinite(FAMILIES[name](np.full((28, 28), level, np.float32), rng)).all()
