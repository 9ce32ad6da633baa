"""Too little light: what is brightened and by how much, and that chalk is read at dusk."""

from __future__ import annotations

import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.exposure import brightened, gain_of


def picture(level: int, spot: int = 0, size: int = 100) -> np.ndarray:
    """Return a grey picture of this level, with a bright square of `spot` pixels."""
    grey = np.full((size, size), level, np.uint8)
    grey[:spot, :spot] = 250
    return grey


@pytest.mark.parametrize(
    ("grey", "gain", "why"),
    [
        (picture(200), 1.0, "bright enough"),
        (picture(128), 1.0, "just so"),
        (picture(51), 5.0, "a fifth of the light"),
        (picture(51, spot=2), 5.0, "a lamp in the dusk covers less than a digit"),
        (picture(51, spot=20), 1.0, "chalk on a dark board, in good light"),
        (picture(6), 1.0, "a camera's cap: nothing to see but noise"),
        (np.zeros((1, 1), np.uint8), 1.0, "one black pixel"),
    ],
)
def test_the_gain_is_what_is_missing_to_white(grey: np.ndarray, gain: float, why: str) -> None:
    assert gain_of(grey) == pytest.approx(gain), why


def test_transparency_is_no_light() -> None:
    pixels = np.array([[[10, 20, 100, 128]]], np.uint8)
    assert brightened(pixels, 5.0).tolist() == [[[50, 100, 255, 128]]]
    assert pixels.tolist() == [[[10, 20, 100, 128]]], "the picture itself stays"


@pytest.mark.parametrize("light", [1.0, 0.3, 0.12])
@pytest.mark.parametrize("way", ["grey", "bgr"])
def test_chalk_is_read_in_any_light(light: float, way: str) -> None:
    """Regression: at an eighth of the light it was 10 % brighter than its board, and nothing was read."""
    board = np.full((300, 400), 40.0, np.float32)
    for place, sign in enumerate("2387"):
        write(board, sign, (40 + 85 * place, 120), 190)
    noise = np.random.default_rng(1).normal(0, 1.5, board.shape)
    grey = np.clip(np.rint(board * light + noise), 0, 255).astype(np.uint8)
    taken = grey if way == "grey" else np.dstack([grey] * 3)
    kept = taken.copy()
    assert Reader(Classifier.load()).read(taken).text == "2387"
    np.testing.assert_array_equal(taken, kept, err_msg="the picture itself stays")
