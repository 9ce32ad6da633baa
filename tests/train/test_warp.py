"""Warps: each as far as its limit, alone or together, with black coming in from outside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits_train.mix.augment import Mix, augment
from edgedigits_train.mix.geometry import Warp, warp

STILL = Warp(rotation=0, scale=0, stretch=0, shear=0, shift=0, perspective=0, elastic=0)


def bar() -> np.ndarray:
    """Return a bright vertical bar, 6 wide and 20 high, in the middle."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 11:17] = 255
    return image


def warped(limits: Warp, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    return warp(bar()[None], limits, np.array([strength]), rng)[0]


def centre(image: np.ndarray) -> tuple[float, float]:
    moments = cv2.moments(image)
    return moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]


def test_small_movements_are_common_and_the_limits_rare() -> None:
    """Two draws are multiplied, so half of the shifts are below a fifth of the limit."""
    limits = replace(STILL, shift=8.0)
    mix = Mix(families=(), geometry=1.0, warp=limits)
    moved = augment(np.stack([bar()] * 400), mix, np.random.default_rng(6))
    aside = np.array([abs(centre(image)[0] - centre(bar())[0]) for image in moved])
    assert np.median(aside) == pytest.approx(0.187 * 8, rel=0.15)


def test_no_strength_is_no_movement() -> None:
    np.testing.assert_array_equal(warped(Warp(), np.random.default_rng(0), 0.0), bar())


@pytest.mark.parametrize(
    ("limits", "reach"),
    [
        (Warp(rotation=0, scale=0, shear=0, shift=4, perspective=0, elastic=0), 4.0),  # only shifts
        (Warp(shift=0), 3.0),  # everything else, which keeps the centre in place
    ],
)
def test_a_warp_moves_no_further_than_its_limits(limits: Warp, reach: float) -> None:
    rng = np.random.default_rng(8)
    moves = [np.abs(np.subtract(centre(warped(limits, rng)), centre(bar()))).max() for _ in range(100)]
    assert max(moves) <= reach + 0.1
    assert max(moves) > 0.3 * reach


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("rotation", 18.0),
        ("scale", 0.25),
        ("stretch", 0.125),
        ("shear", 0.3),
        ("shift", 4.0),
        ("perspective", 0.006),
        ("elastic", 1.6),
    ],
)
def test_each_way_to_move_a_digit_moves_it_alone(name: str, limit: float) -> None:
    rng = np.random.default_rng(3)
    changed = [warped(replace(STILL, **{name: limit}), rng).astype(int) - bar() for _ in range(10)]
    assert max(np.abs(each).sum() for each in changed) > 0.03 * bar().sum(dtype=int)
    assert np.array_equal(warped(STILL, rng), bar())


class Drawing:
    """A generator whose draw of one of the eight movements is at its limit, and the others at 0."""

    def __init__(self, place: int, sign: int) -> None:
        self.place, self.sign = place, sign

    def uniform(self, low: float, high: float, shape: tuple[int, ...]) -> np.ndarray:
        drawn = np.zeros(shape)
        drawn[..., self.place] = self.sign
        return drawn


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("place", "limits", "expected", "why"),
    [
        (1, Warp(), (np.exp(0.25), np.exp(0.25), 0, 0), "larger or smaller, as wide as high"),
        (2, replace(STILL, stretch=0.5), (np.exp(0.25), np.exp(-0.25), 0, 0), "wide or narrow, as large"),
        (4, Warp(), (1, 1, 4, 0), "to one side"),
        (5, Warp(), (1, 1, 0, 4), "up or down"),
    ],
)
def test_a_movement_goes_as_far_as_its_limit(
    place: int, limits: Warp, expected: tuple[float, ...], why: str, sign: int
) -> None:
    rng: Any = Drawing(place, sign)
    moved = warped(replace(limits, elastic=0), rng).astype(float)
    size = moved.sum(1).max() / 255, moved.sum(0).max() / 255
    wide, high, aside, down = expected
    np.testing.assert_allclose(size, (6 * wide**sign, 20 * high**sign), atol=0.2, err_msg=why)
    way = np.subtract(centre(moved), centre(bar()))
    np.testing.assert_allclose(np.abs(way), (aside, down), atol=0.1, err_msg=why)


@pytest.mark.parametrize("place", [4, 5])  # along each axis
def test_many_pictures_are_warped_each_by_its_own_strength(place: int) -> None:
    """They are warped a thousand at a time; only the last of these is moved."""
    images, strengths = np.stack([bar()] * 1003), np.zeros(1003)
    strengths[-1] = 1
    rng: Any = Drawing(place, 1)
    changed = (warp(images, replace(STILL, shift=4.0), strengths, rng) != images).any((1, 2))
    assert np.flatnonzero(changed).tolist() == [1002]


def test_black_comes_in_from_outside() -> None:
    rng: Any = Drawing(4, 1)
    paper = np.full((1, 28, 28), 255, np.uint8)
    moved = warp(paper, replace(STILL, shift=4.0), np.ones(1), rng)[0]
    assert np.count_nonzero(moved == 0) == 4 * 28
    assert np.count_nonzero(moved == 255) == 24 * 28


def test_digits_become_narrow_and_wide() -> None:
    limits, rng = replace(STILL, stretch=0.5), np.random.default_rng(11)
    shapes = [cv2.boundingRect((warped(limits, rng) > 127).astype(np.uint8))[2:] for _ in range(60)]
    ratios = [wide / high for wide, high in shapes]
    assert min(ratios) < 0.8 * 6 / 20
    assert max(ratios) > 1.25 * 6 / 20


def test_a_turn_is_a_turn() -> None:
    """A bar turned by up to 90 degrees must sometimes lie level, and its ink stays."""
    limits = Warp(rotation=90, scale=0, shear=0, shift=0, perspective=0, elastic=0)
    rng = np.random.default_rng(9)
    for _ in range(50):
        turned = warped(limits, rng)
        assert abs(int(turned.sum()) - int(bar().sum())) < 0.1 * bar().sum()
    widths = [cv2.boundingRect(warped(limits, rng))[2] for _ in range(50)]
    assert max(widths) >= 19
