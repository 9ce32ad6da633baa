"""Pens and papers that differ in colour, but hardly in brightness."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Colour = tuple[int, int, int]
"""Blue, green and red, 0..255, in full light."""

PENS: Final[tuple[Colour, ...]] = (
    (170, 70, 30),  # blue
    (50, 45, 210),  # red
    (60, 140, 40),  # green
    (190, 60, 120),  # violet
    (40, 215, 250),  # yellow
    (40, 140, 250),  # orange
    (190, 120, 245),  # pink
    (235, 205, 70),  # cyan
    (90, 225, 150),  # lime
)
PAPERS: Final[tuple[Colour, ...]] = (
    (245, 245, 245),  # white
    (200, 235, 245),  # cream
    (110, 225, 250),  # yellow
    (205, 190, 250),  # pink
    (240, 205, 150),  # blue
    (180, 235, 185),  # green
    (120, 165, 195),  # brown
    (80, 105, 60),  # a green board
    (60, 55, 50),  # slate
    (60, 50, 200),  # red
    (110, 60, 30),  # navy
)
ALIKE: Final = 0.2
"""Largest difference in grey between a pen and its paper, as a share of the brighter."""
DIFFERENT: Final = 0.3
"""Smallest difference in at least one of the three channels, as a share of the brighter."""


def _differ(one: float, other: float) -> float:
    return abs(one - other) / max(one, other)


def _grey(colour: Colour) -> float:
    """Return the brightness by ITU-R BT.601, as cameras and OpenCV compute it."""
    return 0.114 * colour[0] + 0.587 * colour[1] + 0.299 * colour[2]


PAIRS: Final = tuple(
    (pen, paper)
    for pen, paper in product(PENS, PAPERS)
    if _differ(_grey(pen), _grey(paper)) < ALIKE and max(map(_differ, pen, paper)) > DIFFERENT
)


def tinted(ink: Floats, light: Floats, rng: np.random.Generator) -> Floats:
    """Colour a page: ink and light, float32 [H, W], each 0..1, to float32 [H, W, 3] BGR, 0..255."""
    pen, paper = np.array(PAIRS[int(rng.integers(len(PAIRS)))], np.float32)
    mixed: Any = (1 - ink[:, :, None]) * paper + ink[:, :, None] * pen
    return np.asarray(light[:, :, None] * mixed, np.float32)
