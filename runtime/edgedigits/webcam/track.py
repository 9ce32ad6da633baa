"""One digit as it is followed over frames: where it was last seen, and what it was read as."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.results import Box, Digit

LEAST_SIGHTINGS: Final = 5
"""Fewest sightings on which a label is replaced, however slow the camera is."""


@dataclass(eq=False)
class Track:
    """A digit's last place, its latest sightings, and what is announced of it."""

    digit: Digit
    """As it was last seen; its box has moved along with the page since."""
    first: float
    last: float
    cut_since: float | None = None
    announced: int | None = None
    sightings: deque[tuple[float, npt.NDArray[np.float64]]] = field(default_factory=deque)
    total: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(10))
    """Sum of the sightings' probabilities."""

    def see(self, digit: Digit, time: float, keep: float) -> None:
        """Add a sighting, and drop those older than `keep` seconds, except for the last few."""
        self.cut_since, self.digit, self.last = None, digit, time
        probabilities = np.asarray(digit.probabilities)
        self.sightings.append((time, probabilities))
        self.total += probabilities
        while len(self.sightings) > LEAST_SIGHTINGS and self.sightings[0][0] < time - keep:
            self.total -= self.sightings.popleft()[1]

    def recent(self, since: float) -> tuple[int, npt.NDArray[np.float64]]:
        """Return the number of sightings since then, and their mean probabilities."""
        found = [probabilities for time, probabilities in self.sightings if time >= since]
        return len(found), sum(found, np.zeros(10)) / max(1, len(found))


def is_cut(box: Box, size: tuple[int, int]) -> bool:
    """Return whether the box reaches the picture's edge, which has cut the digit off."""
    x, y, width, height = box
    if size == (0, 0):
        return False
    return x <= 1 or y <= 1 or x + width >= size[0] - 1 or y + height >= size[1] - 1


def moved(box: Box, motion: npt.NDArray[np.float64]) -> Box:
    """Return the box after a motion, [dx, dy] in pixels."""
    x, y, width, height = box
    return round(x + motion[0]), round(y + motion[1]), width, height
