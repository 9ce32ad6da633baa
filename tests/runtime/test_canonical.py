"""MNIST's framing: MNIST's own pictures must come out of it unchanged."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits.canonical import BOX, CENTRE, SIZE, canonical, canonicals


def mass_of(frame: np.ndarray) -> tuple[float, float]:
    weights = frame.astype(np.float64)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    return float((rows * weights).sum() / weights.sum()), float((columns * weights).sum() / weights.sum())


@pytest.mark.parametrize(
    "shape",
    [
        (200, 20),  # a tall 1
        (20, 200),  # a dash
        (37, 51),  # shrinks by an odd factor
        (5, 3),  # grows
        (20, 20),  # fits
        (1, 1),
        (2000, 1),  # narrower than a pixel after shrinking
    ],
)
def test_longer_side_is_twenty_and_aspect_is_kept(shape: tuple[int, int]) -> None:
    frame = canonical(np.full(shape, 255, np.uint8))
    _, _, width, height = cv2.boundingRect(frame)
    assert max(width, height) == BOX
    assert min(width, height) == max(1, round(BOX * min(shape) / max(shape)))
    assert frame.shape == (SIZE, SIZE)
    assert frame.dtype == np.uint8


def test_loose_crop_is_the_same_as_tight() -> None:
    ink = np.random.default_rng(1).integers(1, 255, (40, 30)).astype(np.uint8)
    loose = np.pad(ink, ((3, 50), (11, 7)))
    np.testing.assert_array_equal(canonical(ink), canonical(loose))


def test_digits_are_framed_together_as_alone() -> None:
    rng = np.random.default_rng(3)
    shapes = [
        (40, 30),
        (20, 11),  # is not resized
        (9, 5),
        (12, 12),  # blank, below
        (1, 60),
    ]
    inks = [rng.integers(0, 255, shape).astype(np.uint8) for shape in shapes]
    inks[3][:] = 0
    together = canonicals(inks)
    assert together.shape == (5, SIZE, SIZE)
    for ink, frame in zip(inks, together, strict=True):
        np.testing.assert_array_equal(frame, canonical(ink))
    assert canonicals([]).shape == (0, SIZE, SIZE)


def test_centre_of_mass_is_at_the_centre() -> None:
    ink = np.zeros((20, 12), np.uint8)
    ink[:, 2] = 255
    ink[18:, :] = 255
    down, across = mass_of(canonical(ink))
    assert abs(down - CENTRE) <= 0.5
    assert abs(across - CENTRE) <= 0.5


def test_nothing_is_cut_where_the_mass_is_far_off_the_middle() -> None:
    ink = np.zeros((20, 20), np.uint8)
    ink[:, 0] = 1
    ink[17:, 17:] = 255
    ink[0, 0] = 1
    frame = canonical(ink)
    assert np.count_nonzero(frame) == np.count_nonzero(ink)
    assert frame.sum() == ink.sum()


def test_intensity_is_kept() -> None:
    assert canonical(np.full((100, 60), 77, np.uint8)).max() == 77
    # Averaging: a stroke of half a pixel is half as bright.
    thin = np.zeros((400, 400), np.uint8)
    thin[:, 200:210] = 200
    thin[0, 0] = thin[-1, -1] = 1
    frame = canonical(thin)
    assert frame.max() == pytest.approx(100, abs=2)


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (0, 5)])
def test_no_ink_is_a_black_frame(shape: tuple[int, int]) -> None:
    assert canonical(np.zeros(shape, np.uint8)).max() == 0


def test_mnist_comes_back_unchanged(shared: Path) -> None:
    with np.load(shared / "data" / "mnist.npz") as data:
        images = data["x_train"][:1500]
    same = [np.array_equal(canonical(image), image) for image in images]
    # One in some thousands was centred with another rounding.
    assert np.mean(same) > 0.998


@pytest.mark.parametrize("across", [False, True])
def test_shrinking_keeps_the_amount_of_ink(across: bool) -> None:
    """Strokes thinner than a pixel of the frame fall between those that are looked at alone."""
    ink = np.ones((80, 80), np.uint8)
    ink[::4] = 240
    frame = canonical(ink.T if across else ink)
    assert frame.sum(dtype=float) * 16 == pytest.approx(ink.sum(dtype=float), rel=0.02)
