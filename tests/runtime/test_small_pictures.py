"""Pictures as small as MNIST's with one digit each: once, a third was read, and few of those of 48 pixels."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.background import shrink
from edgedigits.ink.blob import at_rim

Grey = npt.NDArray[np.uint8]
DIGITS = "237"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Classifier.load())


def framed(digit: str) -> Grey:
    """Return a digit framed like MNIST, uint8 [28, 28], bright on black."""
    large = np.zeros((280, 280), np.uint8)
    write(large, digit, (85, 50), 255, pen=24, height=180)
    return np.asarray(cv2.resize(large, (28, 28), interpolation=cv2.INTER_AREA), np.uint8)


def shown(frame: Grey, margin: int, times: int, *, dark: bool) -> Grey:
    """Return the frame with a margin of its background, enlarged, and inverted if `dark`."""
    around = cv2.copyMakeBorder(frame, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    picture = cv2.resize(around, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    return np.asarray(255 - picture if dark else picture, np.uint8)


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(
    ("margin", "times", "reason"),
    [
        (0, 1, "strokes are a tenth of the picture wide, and a pixel is all the margin there is below"),
        (0, 10, "the same, enlarged"),
        (10, 1, "sides of 48 pixels are even four times: paper was looked for in 3 by 3 of them"),
        (10, 2, "the same with 96 pixels"),
    ],
)
@pytest.mark.parametrize("digit", DIGITS)
def test_a_small_picture_of_a_digit(
    reader: Reader, digit: str, margin: int, times: int, reason: str, *, dark: bool
) -> None:
    picture = shown(framed(digit), margin, times, dark=dark)
    assert reader.read(picture).text == digit, reason
    assert reader.read_single(picture).text == digit, reason


@pytest.mark.parametrize(("margin", "times"), [(0, 1), (0, 4), (10, 1), (10, 4)])
def test_pictures_of_mnist(reader: Reader, shared: Path, margin: int, times: int) -> None:
    """All but a few digits that nobody could read; before, 34, 39, 3 and 96 of them were right."""
    with np.load(shared / "data" / "mnist.npz") as mnist:
        frames, labels = mnist["x_train"][-100:], mnist["y_train"][-100:]
    pictures = [shown(frame, margin, times, dark=True) for frame in frames]
    for read in (reader.read, reader.read_single):
        right = sum(read(picture).text == str(label) for picture, label in zip(pictures, labels, strict=True))
        assert right >= 95


def test_a_small_picture_stays_as_it_is() -> None:
    # Regression: a factor of 0 counts as even, and the picture was halved until one of its sides was odd.
    picture = np.arange(48 * 48, dtype=np.uint16).reshape(48, 48).astype(np.uint8)
    np.testing.assert_array_equal(shrink(picture, 160), picture)


@pytest.mark.parametrize(
    ("side", "gap", "touches"),
    [
        (28, 1, False),  # a margin as wide as in any MNIST picture
        (28, 0, True),
        (480, 1, True),  # cut off at the rim, and blurred
        (480, 2, False),
    ],
)
def test_rim(side: int, gap: int, *, touches: bool) -> None:
    assert at_rim((5, 5, 10, side - gap - 5), (side, side)) == touches
