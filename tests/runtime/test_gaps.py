"""Strokes full of gaps, as in crayon and chalk: whole pages of them were left out as no digits."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader

Grey = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Classifier.load())


def crayon(missing: float, pen: int = 22, height: float = 110, size: tuple[int, int] = (720, 960)) -> Grey:
    """Write 2837 twice in a pen of this width on rough paper, a share `missing` of which takes no colour."""
    ink = np.zeros(size, np.uint8)
    for row in range(2):
        for place, sign in enumerate("2837"):
            at = (size[1] * (0.12 + 0.2 * place), size[0] * (0.2 + 0.35 * row))
            write(ink, sign, at, 255, pen, height)
    grain = np.random.default_rng(3).random((round(14 * size[0] / height), round(14 * size[1] / height)))
    rough: Any = cv2.resize(grain.astype(np.float32), size[::-1], interpolation=cv2.INTER_CUBIC)
    ink[rough < missing] = 0
    return np.asarray(cv2.GaussianBlur(230 - ink // 255 * np.uint8(170), (3, 3), 0), np.uint8)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (crayon(0.45), "crayon: of eight digits six were read"),
        (255 - crayon(0.45), "chalk on a wall"),
        (crayon(0.45, 30), "a broad one, of which nothing was read: closed twice as wide"),
        (crayon(0.45, 70, 350, (2250, 3000)), "more pixels than are looked at"),
    ],
)
def test_strokes_full_of_gaps(picture: Grey, why: str, reader: Reader) -> None:
    assert reader.read(picture).text == "2837\n2837", why


def test_whole_strokes_are_read_once(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    read = Reader._as_it_is

    def counted(self: Reader, *args: Any) -> Any:
        looks.append(args)
        return read(self, *args)

    monkeypatch.setattr(Reader, "_as_it_is", counted)
    assert reader.read(crayon(0.0)).text == "2837\n2837"
    assert len(looks) == 1
    reader.read(crayon(0.45))
    assert len(looks) > 2, "what this test counts is no longer asked"
