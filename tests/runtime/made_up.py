"""A stream of given pictures, and a reader that takes a plain picture for the digit of its brightness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgedigits.results import Box, Digit, Reading
from edgedigits.sources import Frame


class Pictures:
    """A stream of pictures, 10 per second; None is a tick without one, a text is a message of trouble."""

    name, granted, overtaken = "made up", "", 0

    def __init__(self, pictures: Sequence[np.ndarray | str | None]) -> None:
        self.ended = False
        self.trouble = ""
        self.left = list(pictures)
        self.taken = 0

    def take(self, timeout: float) -> Frame | None:
        if not self.left:
            self.ended = True
            return None
        self.taken += 1
        image = self.left.pop(0)
        self.trouble = image if isinstance(image, str) else "" if image is not None else self.trouble
        return None if image is None or self.trouble else Frame(image, self.taken - 1, self.taken / 10, 0.0)

    def close(self) -> bool:
        return True


def digit(label: int, box: Box) -> Digit:
    return Digit(label, 0.99, tuple(0.99 if n == label else 0.01 / 9 for n in range(10)), box)


def by_brightness(picture: np.ndarray) -> Reading:
    """Read a plain picture as the digit brightness / 10, in the middle."""
    height, width = picture.shape[:2]
    found = (
        (digit(int(picture.max()) // 10, (width // 2 - 5, height // 2 - 5, 10, 10)),) if picture.any() else ()
    )
    return Reading("".join(str(d.label) for d in found), found, {"total": 1.0}, (width, height))


def plain(label: int) -> np.ndarray:
    return np.full((60, 80, 3), 10 * label, np.uint8)
