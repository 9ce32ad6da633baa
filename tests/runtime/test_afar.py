"""Pictures seen from afar: how they are reduced, and which of them are smooth."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink.afar import has_outlines, outlines
from edgedigits.ink.background import reduce_by, steepest

Grey = npt.NDArray[np.uint8]
SHAPE = (60, 80)
SHARE = 0.01


def noise(spread: int, seed: int = 0) -> Grey:
    """Even paper with so many levels of noise above and below it."""
    values = np.random.default_rng(seed).integers(128 - spread, 129 + spread, SHAPE)
    return values.astype(np.uint8)


def slope(across: float, down: float) -> Grey:
    """Light that falls off by so much from pixel to pixel."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.clip(250 - across * x - down * y, 0, 255).astype(np.uint8)


def half(step: int) -> Grey:
    """Two sheets, one darker by a step."""
    picture = np.full(SHAPE, 200, np.uint8)
    picture[:, 37:] -= np.uint8(step)
    return picture


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (noise(2), False),
        (noise(120), True),
        (slope(1, 1), False),
        (slope(3, 0), False),
        (slope(0, 12), True),
        (half(10), False),
        (half(14), False),  # a step is more than 8 % of the light
        (half(20), True),
    ],
)
def test_outlines_are_told_as_if_all_were_counted(picture: Grey, expected: bool) -> None:
    counted = cv2.countNonZero(outlines(picture)[1]) >= SHARE * picture.size
    assert has_outlines(picture, SHARE) == counted == expected


@pytest.mark.parametrize("spread", [1, 4, 9, 30, 127])
def test_no_square_of_three_is_steeper_in_what_a_closing_left(spread: int) -> None:
    for width in (3, 5, 9):
        square = np.ones((width, width), np.uint8)
        closed = np.asarray(cv2.morphologyEx(noise(spread, width), cv2.MORPH_CLOSE, square), np.uint8)
        steps = cv2.morphologyEx(closed, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        assert steps.max() <= steepest(closed)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(("size", "factor"), [((90, 60), 3), ((120, 96), 6), ((97, 60), 3), ((80, 60), 2)])
def test_blocks_are_averaged_as_opencv_averages_areas(
    size: tuple[int, int], factor: int, channels: int
) -> None:
    width, height = size
    picture = np.random.default_rng(1).integers(0, 256, (height, width, channels)).astype(np.uint8).squeeze()
    found = reduce_by(picture, factor)
    if factor == 6:  # by two first, which has a fast path of its own
        picture, factor = np.asarray(cv2.resize(picture, (60, 48), interpolation=cv2.INTER_AREA)), 3
    reduced = (picture.shape[1] // factor, picture.shape[0] // factor)
    area = cv2.resize(picture, reduced, interpolation=cv2.INTER_AREA)
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, area)


def test_sums_of_nine_pixels_are_rounded_alike() -> None:
    # Each sum that nine bytes have, one beside the other.
    sums = np.arange(9 * 255 + 1)
    blocks = sums[:, None] // 9 + (np.arange(9) < sums[:, None] % 9)
    strip = blocks.reshape(-1, 3, 3).transpose(1, 0, 2).reshape(3, -1).astype(np.uint8)
    np.testing.assert_array_equal(reduce_by(strip, 3)[0], (sums + 4) // 9)
