"""What is no digit: made whole, framed like digits, and never blank."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits_train import outliers, pages

RNG = np.random.default_rng


def digits() -> tuple[np.ndarray, np.ndarray]:
    """One stand-in for each digit: a ring, so that halves, mirrors and pairs have something to cut."""
    y, x = np.mgrid[:28, :28]
    ring = (np.abs(np.hypot((x - 13.5) * 1.3, y - 13.5) - 8) < 1.6).astype(np.uint8) * 255
    ring[4:14, 12:15] = 255
    return np.stack([ring] * 10), np.arange(10, dtype=np.uint8)


def test_all_families_are_drawn_and_seeded() -> None:
    first, second = (outliers.make(300, *digits(), RNG(1)) for _ in range(2))
    assert first.shape == (300, 28, 28)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, second)
    assert len({frame.tobytes() for frame in first}) > 220, "the ten stand-ins are one, so a few repeat"


@pytest.mark.parametrize("name", ["scribble", "letter", "glyph", "rule", "blot"])
def test_a_drawn_outlier_has_ink(name: str) -> None:
    rng = RNG(2)
    for _ in range(50):
        frame = getattr(outliers, name)(rng)
        assert frame.shape == (28, 28)
        assert frame.dtype == np.uint8
        assert frame.max() > 100


@pytest.mark.parametrize("name", ["mirrored", "part", "touching"])
def test_an_outlier_of_digits_has_ink(name: str) -> None:
    rng = RNG(3)
    for _ in range(50):
        frame = getattr(outliers, name)(*digits(), rng)
        assert frame.shape == (28, 28)
        assert frame.max() > 100


def test_half_a_digit_is_less_than_the_digit() -> None:
    images, labels = digits()
    halves = [outliers.part(images, labels, RNG(seed)) for seed in range(20)]
    assert all(frame.sum() > 0 for frame in halves)
    assert all(not np.array_equal(frame, images[0]) for frame in halves)


def test_a_mirrored_digit_is_never_one_that_stays_a_digit() -> None:
    """0, 1 and 8 mirrored are digits, a mirrored 2 is a 5: none of them may be labelled "none"."""
    images, labels = digits()
    images = images.copy()
    images[[0, 1, 2, 5, 8]] = 0
    turned = [outliers.mirrored(images, labels, RNG(seed)) for seed in range(200)]
    blank = [frame for frame in turned if not frame.any()]
    # Quarter turns of 2 and 5 are allowed; mirror images, half of the draws, are not.
    assert len(blank) < 60


def test_no_outliers_is_an_empty_batch() -> None:
    assert outliers.make(0, *digits(), RNG(0)).shape == (0, 28, 28)


def test_pages_bring_frames_with_the_labels_that_were_written() -> None:
    """Rings and bars are written; what is labelled a bar must be one."""
    images, labels = digits()
    images = images.copy()
    images[1] = 0
    images[1][4:24, 12:16] = 255
    chosen = np.array([0, 1])
    frames, names = pages.pool(60, images[chosen], labels[chosen], seed=1)
    assert frames.shape == (60, 28, 28)
    assert set(names) <= {0, 1, pages.NONE}
    widths = (frames.max(1) > 60).sum(1)
    assert (widths[names == 1] < 9).all(), "a bar is narrow"
    assert (widths[names == 0] > 9).all(), "a ring is not"
    again, _ = pages.pool(60, images[chosen], labels[chosen], seed=1)
    np.testing.assert_array_equal(frames, again)
