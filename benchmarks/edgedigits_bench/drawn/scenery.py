"""Scenery: drawn pictures of things in which nothing is written; every digit reported is a false positive.

Overlapping things of all sizes have the edges, corners and contrasts of photographs: the dead leaves model of
Lee, Mumford and Huang, "Occlusion models for natural images", IJCV 41 (2001). It stands for the view of a
camera into a room.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits import Reader
from edgedigits_bench.drawn.paper import Floats, Shape

Bytes = npt.NDArray[np.uint8]

SIZES: Final = ((640, 480), (960, 720), (1280, 720))
"""Widths and heights of camera pictures."""
COUNT: Final = (100, 1200)
"""Least and greatest number of leaves."""
RADII: Final = (0.008, 0.6)
"""Least and greatest radius, as shares of the longer side; the density falls with the third power."""
SLENDER: Final = 30.0
"""Greatest ratio of length to width of a leaf: table legs, cables and twigs."""
ROUGHNESS: Final = (0.6, 1.0, 1.5)
"""Exponents with which the amplitude of textures falls with frequency."""


def draw_scenery(size: tuple[int, int], rng: np.random.Generator) -> Bytes:
    """Draw a picture of `size`, width and height: uint8 [H, W, 3] BGR."""
    width, height = size
    textures = [_texture((height, width), power, rng) for power in ROUGHNESS]
    picture: Any = np.full((height, width, 3), _colour(rng), np.float32)
    least, most = (share * max(size) for share in RADII)
    # Inverse transform sampling of a density that falls with the third power.
    place = rng.random(int(rng.integers(*COUNT)))
    radii = 1 / np.sqrt(place / least**2 + (1 - place) / most**2)
    for radius in np.sort(radii)[::-1] if rng.random() < 0.3 else radii:
        _lay(picture, float(radius), textures, rng)
    picture = cv2.GaussianBlur(picture, (0, 0), float(np.exp(rng.uniform(np.log(0.5), np.log(2.5)))))
    picture += rng.normal(0, rng.uniform(1, 6), picture.shape).astype(np.float32)
    return np.asarray(np.clip(picture + 0.5, 0, 255), np.uint8)


def views(pictures: int, seed: int) -> Iterator[Bytes]:
    """Yield `pictures` pictures in `SIZES`, the same for the same seed."""
    for number in range(pictures):
        rng = np.random.default_rng([seed, number, *b"scenery"])
        yield draw_scenery(SIZES[number % len(SIZES)], rng)


def score_scenery(reader: Reader, pictures: int, seed: int) -> dict[str, int]:
    """Count the digits that a reader reports in `pictures` pictures, and the pictures with any."""
    told = [len(reader.read(view).digits) for view in views(pictures, seed)]
    return {"pictures": pictures, "reported": sum(told), "with_any": sum(map(bool, told))}


def _lay(picture: Any, radius: float, textures: list[Floats], rng: np.random.Generator) -> None:
    """Paint one leaf with its own shape, shade and texture over a picture, float32 [H, W, 3]."""
    height, width = picture.shape[:2]
    centre = rng.uniform(0, 1, 2) * (width, height)
    outline = _outline(radius, rng) + centre
    (left, top), (right, bottom) = outline.min(axis=0) - 1, outline.max(axis=0) + 2
    x, y = max(0, int(left)), max(0, int(top))
    across, down = min(width, int(right) + 1) - x, min(height, int(bottom) + 1) - y
    if across <= 0 or down <= 0:
        return
    cover = np.zeros((down, across), np.uint8)
    points = np.rint(16 * (outline - (x, y))).astype(np.int32)  # in sixteenths of a pixel
    cv2.fillPoly(cover, [points], 255, cv2.LINE_AA, 4)
    lean = rng.normal(0, 0.35, 2) / max(radius, 8)
    rows, columns = np.mgrid[y : y + down, x : x + across]
    light = 1 + lean[0] * (columns - centre[0]) + lean[1] * (rows - centre[1])
    texture = textures[int(rng.integers(len(textures)))][y : y + down, x : x + across]
    light += float(rng.choice([0, 0.03, 0.1, 0.25])) * texture
    share = cover[:, :, None] / np.float32(255)
    area = picture[y : y + down, x : x + across]
    area += share * (np.clip(light, 0.2, 1.8)[:, :, None] * _colour(rng) - area)


def _colour(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return a colour of low saturation, as most things have."""
    return np.asarray(rng.uniform(20, 230) * np.exp(rng.normal(0, 0.15, 3)))


def _outline(radius: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return the outline of an ellipse, a board or a splinter around the origin, float64 [n, 2]."""
    angle = rng.uniform(0, np.pi)
    if rng.random() < 0.5:
        # Half of all things are upright or level.
        angle = round(angle / (np.pi / 2)) * np.pi / 2 + rng.normal(0, 0.03)
    narrow = np.exp(-rng.uniform(0, np.log(SLENDER)))
    kind = rng.integers(4)
    if kind == 0:
        turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        points = radius * np.column_stack([np.cos(turn), max(narrow, 0.3) * np.sin(turn)])
    elif kind == 1:
        turn = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 9))))
        points = (
            radius * rng.uniform(0.4, 1, len(turn))[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
        )
    else:
        points = radius * np.array([(-1, -narrow), (1, -narrow), (1, narrow), (-1, narrow)])
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(points @ turned)


def _texture(shape: Shape, power: float, rng: np.random.Generator) -> Floats:
    """Return noise whose amplitude falls with this power of the frequency: mean 0, standard deviation 1."""
    frequency = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None])
    frequency[0, 0] = np.inf
    noise = np.fft.irfft2(np.fft.rfft2(rng.normal(size=shape)) / frequency**power, s=shape[:2])
    return np.asarray(noise / noise.std(), np.float32)
