"""The figures and the sheet of `explore`, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edgedigits_train import data
from edgedigits_train.commands import explore
from edgedigits_train.reports import sheets


def bars(count: int, labels: np.ndarray) -> data.Mnist:
    """Return a set of upright bars, 3 wide and 20 high, of grey level 200, each with its number beside it."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 12:15] = 200
    images[:, 0, 0] = np.arange(count) % 100
    return data.Mnist(images, labels, images, labels, "", False)


def test_ink_and_width_of_a_class() -> None:
    lines = explore._classes(bars(20, np.full(20, 3, np.uint8)))
    share = 100 * 60 / 784
    assert lines[4].split()[-4:] == [f"{share:.2f}", "%", "3.0", "px"]
    assert lines[5].split()[1:] == ["0", "0", "-", "-", "-", "-"], "a class without pictures"


def test_the_change_that_a_noise_makes() -> None:
    """In floats: bytes that are subtracted from bytes wrap around."""
    mnist = bars(20, np.zeros(20, np.uint8))
    (line,) = (line for line in explore._noises(mnist) if line.startswith("reduced contrast"))
    left = 0.3 * mnist.x_train.astype(float)
    change = 0.7 * np.sqrt(np.mean(mnist.x_train.astype(float) ** 2))
    found = [float(word) for word in line.split()[-3:]]
    assert found == pytest.approx([left.mean(), left.std(), change], abs=0.2)


def test_the_sheet_shows_each_digit_in_its_row_and_nothing_where_there_are_too_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: dict[str, np.ndarray] = {}
    monkeypatch.setattr(sheets, "class_sheet", lambda columns, path: shown.update(columns))
    labels = np.array([0] * 5 + [1] * 2 + [2] * 4, np.uint8)
    explore._sheet(bars(11, labels), tmp_path / "a.png")
    clean = shown["clean"]
    assert clean.shape == (10, 3, 28, 28)
    numbers = [sorted(int(image[0, 0]) for image in row if image.any()) for row in clean]
    assert [len(row) for row in numbers] == [3, 2, 3, 0, 0, 0, 0, 0, 0, 0]
    assert set(numbers[0]) <= set(range(5))
    assert numbers[1] == [5, 6]
    assert len(shown) == 7, "clean, and a column for each noise"
    assert all(not column[3:].any() for column in shown.values()), "no noise where there is no picture"
