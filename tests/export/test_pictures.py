"""The pictures that an export is fitted on: validation digits, clean and noisy in equal parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgedigits_export import pictures
from edgedigits_train.noise import FAMILIES, Family

COUNT = 1500
LABELS = (np.arange(COUNT) % 10).astype(np.uint8)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> pictures.Pictures:
    """Clean pictures of their own number, in two pixels, and noisy ones with the family's in the third."""
    for value, name in enumerate(FAMILIES, 1):

        def mark(images: np.ndarray, strength: float, rng: Any, value: int = value) -> np.ndarray:
            noisy = images.copy()
            noisy[:, 0, 2] = value * strength
            return noisy

        monkeypatch.setitem(FAMILIES, name, Family("", mark, (0,), 1.0))
    return pictures.held_out(numbered(), LABELS, 3)


def numbered() -> np.ndarray:
    images = np.zeros((COUNT, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.arange(COUNT) // 256, np.arange(COUNT) % 256
    return images


def numbers_of(images: np.ndarray) -> np.ndarray:
    return images[:, 0, 0].astype(int) * 256 + images[:, 0, 1]


def test_each_picture_gets_one_noise_and_all_noises_are_equally_frequent(marked: pictures.Pictures) -> None:
    np.testing.assert_array_equal(marked.clean, numbered())
    np.testing.assert_array_equal(marked.labels, LABELS)
    np.testing.assert_array_equal(numbers_of(marked.noisy), np.arange(COUNT))
    families = marked.noisy[:, 0, 2]
    assert np.bincount(families, minlength=7).tolist() == [0, *[250] * 6]
    assert len({tuple(families[at : at + 6]) for at in range(0, COUNT, 6)}) > 100, (
        "they are drawn, not in turn"
    )
    again, other = (pictures.held_out(numbered(), LABELS, seed).noisy[:, 0, 2] for seed in (3, 4))
    assert (again == families).all()
    assert (other != families).any()


def test_the_ranges_are_measured_on_a_thousand_digits_half_of_them_noisy(marked: pictures.Pictures) -> None:
    """Ranges of clean pictures alone would cut off what a camera's noise adds."""
    chosen = pictures.calibration(marked, 3)
    noisy = chosen[:, 0, 2] > 0
    assert (len(chosen), noisy.sum()) == (1000, 500)
    numbers = numbers_of(chosen)
    assert len(set(numbers)) == 1000, "no digit counts twice"
    assert numbers[:20].tolist() != sorted(numbers[:20]), "they are drawn, not the first of the file"
    np.testing.assert_array_equal(chosen, pictures.calibration(marked, 3))
    assert (chosen != pictures.calibration(marked, 4)).any()


def test_of_few_digits_all_are_taken(marked: pictures.Pictures) -> None:
    few = pictures.Pictures(*(values[:7] for values in marked))
    assert sorted(numbers_of(pictures.calibration(few, 3))) == list(range(7))
