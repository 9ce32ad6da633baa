"""Ten corruptions of kinds that the training mix never shows: the reserve suite.

MNIST-C is well known, and any sensible training mix has parts of it (shifts, shears, impulses). The reserve
suite was chosen the other way round, by looking for what the mix lacks, and measures how far the robustness
of a model generalizes. Nothing is tuned on it. Each corruption is a seeded function on uint8 batches
[N, 28, 28] with a fixed strength.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits_train.measures.corruptions import Images, as_floats, to_bytes

_PLACES = np.arange(28, dtype=np.float32)
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32)
"""The 4x4 matrix for ordered dithering (Bayer, 1973)."""


def ripple(images: Images, rng: np.random.Generator) -> Images:
    """Running water: rows shifted by sin(2 pi row / 7 + phase) pixels."""
    out = np.empty_like(images)
    for index, phase in enumerate(rng.uniform(0, 2 * np.pi, len(images))):
        shift = np.sin(2 * np.pi * _PLACES / 7 + phase)
        out[index] = _remap(images[index], _PLACES[None, :] + shift[:, None], _grid(_PLACES[:, None]))
    return out


def swirl(images: Images, rng: np.random.Generator) -> Images:
    """Swirl in either direction by an angle that falls from 0.9 rad at the centre to 0 at 14 pixels."""
    x, y = _grid(_PLACES[None, :]) - 13.5, _grid(_PLACES[:, None]) - 13.5
    turn = 0.9 * np.clip(1 - np.hypot(x, y) / 14, 0, 1)
    out = np.empty_like(images)
    for index, sign in enumerate(rng.choice([-1, 1], len(images))):
        cos, sin = np.cos(sign * turn), np.sin(sign * turn)
        out[index] = _remap(images[index], 13.5 + x * cos - y * sin, 13.5 + x * sin + y * cos)
    return out


def row_jitter(images: Images, rng: np.random.Generator) -> Images:
    """Bad cable: every row is shifted independently by -1, 0 or 1 pixel."""
    shifts = rng.integers(-1, 2, images.shape[:2])
    columns = (np.arange(28) - shifts[:, :, None]) % 28
    return np.take_along_axis(images, columns, axis=2)


def dead_rows(images: Images, rng: np.random.Generator) -> Images:
    """Dead sensor rows: every fourth row is black, from a random first one."""
    dead = (np.arange(28) + rng.integers(0, 4, (len(images), 1))) % 4 == 0
    return np.where(dead[:, :, None], np.uint8(0), images)


def halftone(images: Images, rng: np.random.Generator) -> Images:
    """Print in one colour: brightness 0.25 + 0.5 x, dithered by Bayer's 4x4 matrix."""
    level = 0.25 + 0.5 * as_floats(images)
    return to_bytes((level > np.tile((_BAYER + 0.5) / 16, (7, 7))).astype(np.float32))


def grating(images: Images, rng: np.random.Generator) -> Images:
    """Moire: add 0.25 sin of a plane wave with a period of 3 to 6 pixels, in any direction and phase."""
    count = len(images)
    angle, phase = rng.uniform(0, np.pi, (count, 1, 1)), rng.uniform(0, 2 * np.pi, (count, 1, 1))
    waves = 2 * np.pi / rng.uniform(3, 6, (count, 1, 1))
    along = _PLACES[None, None, :] * np.cos(angle) + _PLACES[None, :, None] * np.sin(angle)
    return to_bytes(as_floats(images) + 0.25 * np.sin(waves * along + phase))


def zoom_blur(images: Images, rng: np.random.Generator) -> Images:
    """Zoom during the exposure: the mean of eight copies enlarged 1 to 1.35 times."""
    total = np.zeros(images.shape, np.float32)
    for factor in np.linspace(1, 1.35, 8):
        place = 13.5 + (_PLACES - 13.5) / np.float32(factor)
        for index, image in enumerate(images):
            total[index] += _remap(image, _grid(place[None, :]), _grid(place[:, None]))
    return to_bytes(total / (8 * 255))


def ghost(images: Images, rng: np.random.Generator) -> Images:
    """Reflection: add half of the picture, shifted by 4 pixels in one of four directions."""
    out = as_floats(images).copy()
    steps = np.array([[4, 0], [-4, 0], [0, 4], [0, -4]])[rng.integers(0, 4, len(images))]
    for index, (down, right) in enumerate(steps):
        # MNIST's border is black, so what np.roll wraps around carries no ink.
        out[index] += 0.5 * as_floats(np.roll(images[index], (down, right), (0, 1)))
    return to_bytes(out)


def block_shuffle(images: Images, rng: np.random.Generator) -> Images:
    """Shuffle the four pixels of every 2x2 block."""
    count = len(images)
    blocks = images.reshape(count, 14, 2, 14, 2).swapaxes(2, 3).reshape(count, 14, 14, 4)
    mixed = rng.permuted(blocks, axis=3)
    return np.ascontiguousarray(mixed.reshape(count, 14, 14, 2, 2).swapaxes(2, 3).reshape(images.shape))


def watercolour(images: Images, rng: np.random.Generator) -> Images:
    """Fine strokes merge or vanish: a 3x3 median, twice."""
    out = np.empty_like(images)
    for index, image in enumerate(images):
        out[index] = cv2.medianBlur(cv2.medianBlur(image, 3), 3)
    return out


def _grid(places: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.broadcast_to(places, (28, 28))


def _remap(image: Images, x: npt.NDArray[np.floating[Any]], y: npt.NDArray[np.floating[Any]]) -> Images:
    """Sample output pixel p at (x, y)[p] of the input: bilinear, black outside."""
    maps = (np.ascontiguousarray(x, np.float32), np.ascontiguousarray(y, np.float32))
    return np.asarray(cv2.remap(image, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8)
