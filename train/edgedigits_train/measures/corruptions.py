"""The corruptions of MNIST-C that change light, sharpness and position.

Reimplemented from their published definitions (Mu and Gilmer, 2019; github.com/google-research/mnist-c)
with the severities of that data set, as seeded functions on uint8 batches [N, 28, 28]. The results are not
bit-identical to the published files, which were made with other libraries and without a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_CENTRE = 13.5
"""Centre of a 28x28 frame in pixels: the fixed point of shearing, scaling and rotation."""
_FOG_MAPS = 128
"""Number of fog maps. They are 256x256 and periodic; each picture gets a window of one."""


def shot_noise(images: Images, rng: np.random.Generator, photons: float = 3) -> Images:
    """Few photons: y = Poisson(photons x) / photons."""
    return to_bytes(rng.poisson(as_floats(images) * photons) / np.float32(photons))


def glass_blur(images: Images, rng: np.random.Generator, sigma: float = 0.7, sweeps: int = 2) -> Images:
    """Frosted glass: blur, swap every second pixel with a neighbour up or left of it, blur again.

    The sweeps run from the lower right to the upper left, so a pixel can travel far.
    """
    soft = _each(images, lambda x: cv2.GaussianBlur(x, (0, 0), sigma))
    everyone = np.arange(len(soft))
    for _ in range(sweeps):
        for row in range(27, 1, -1):
            for column in range(27, 1, -1):
                up, left = rng.integers(0, 2, (2, len(soft)))
                chosen = everyone[rng.random(len(soft)) < 0.5]
                there = (chosen, row - up[chosen], column - left[chosen])
                soft[chosen, row, column], soft[there] = soft[there], soft[chosen, row, column]
    return _each(soft, lambda x: cv2.GaussianBlur(x, (0, 0), sigma))


def motion_trail(images: Images, rng: np.random.Generator, sigma: float = 3) -> Images:
    """Motion with a fading trail: weights exp(-i^2 / 2 sigma^2) to one side, at +45 or -45 degrees."""
    reach = round(4 * sigma)
    steps = np.arange(reach + 1)
    weights = np.exp(-(steps**2) / (2 * sigma**2))
    out = np.empty_like(images)
    for index, angle in enumerate(np.radians(rng.uniform(-45, 45, len(images)))):
        kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
        rows = reach + np.rint(steps * np.sin(angle)).astype(int)
        columns = reach + np.rint(steps * np.cos(angle)).astype(int)
        np.add.at(kernel, (rows, columns), weights)
        kernel /= kernel.sum()
        out[index] = cv2.filter2D(images[index], -1, kernel, borderType=cv2.BORDER_CONSTANT)
    return out


def shear(images: Images, rng: np.random.Generator, radians: float = 0.4) -> Images:
    """Slant by this angle to either side."""
    angles = _either_sign(radians, len(images), rng)
    return _warp(images, [np.array([[1, -np.sin(a)], [0, np.cos(a)]]) for a in angles])


def scale(images: Images, rng: np.random.Generator, factor: float = 0.7) -> Images:
    """Scale to `factor`, smaller than any MNIST digit."""
    return _warp(images, [np.eye(2) / factor] * len(images))


def rotate(images: Images, rng: np.random.Generator, radians: float = 0.4) -> Images:
    """Rotate by this angle in either direction."""
    angles = _either_sign(radians, len(images), rng)
    return _warp(images, [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in angles])


def translate(images: Images, rng: np.random.Generator, pixels: int = 3) -> Images:
    """Shift along one of the four diagonal directions."""
    shifts = _either_sign(pixels, 2 * len(images), rng).reshape(-1, 2)
    return _warp(images, [np.eye(2)] * len(images), shifts)


def brightness(images: Images, rng: np.random.Generator, light: float = 0.5) -> Images:
    """Glare: y = x + light."""
    return to_bytes(as_floats(images) + np.float32(light))


def fog(images: Images, rng: np.random.Generator, density: float = 3, decay: float = 1.4) -> Images:
    """Fog: y = (x + density f) m / (m + density), m the maximum of x, f a plasma fractal in 0..1."""
    maps = _plasma(min(_FOG_MAPS, len(images)), decay, rng)
    size = maps.shape[1]
    maps = np.pad(maps, ((0, 0), (0, 27), (0, 27)), mode="wrap")
    corners = rng.integers(0, size, (len(images), 2))
    windows = (
        np.stack([maps[i % len(maps), r : r + 28, c : c + 28] for i, (r, c) in enumerate(corners)])
        if len(images)
        else np.zeros((0, 28, 28), np.float32)
    )
    x = as_floats(images)
    peak = x.max(axis=(1, 2), keepdims=True, initial=0)
    return to_bytes((x + density * windows) * peak / (peak + density))


def spatter(images: Images, rng: np.random.Generator) -> Images:
    """Mud: where blurred noise (0.65 +- 0.3, sigma 1 px) exceeds 0.65, a soft dark grey patch covers x."""
    out = np.empty_like(images)
    for index, x in enumerate(as_floats(images)):
        liquid = rng.normal(0.65, 0.3, x.shape).astype(np.float32)
        wet = (cv2.GaussianBlur(liquid, (0, 0), 1) > 0.65).astype(np.float32)
        patch = np.asarray(cv2.GaussianBlur(wet, (0, 0), 1.5))
        patch[patch < 0.8] = 0
        out[index] = to_bytes(x * (1 - patch) + patch * np.float32(63 / 255))
    return out


def canny_edges(images: Images, rng: np.random.Generator) -> Images:
    """Outline only: Canny edges after a blur of 1 px, thresholds 0.1 and 0.2."""
    return _each(
        images,
        lambda x: cv2.Canny(cv2.GaussianBlur(x, (0, 0), 1), 0.1 * 255, 0.2 * 255, L2gradient=True),
    )


def as_floats(images: Images) -> Floats:
    """Map 0..255 to 0..1."""
    return np.asarray(images / np.float32(255), np.float32)


def to_bytes(values: npt.NDArray[np.floating[Any]]) -> Images:
    """Map 0..1 to 0..255, clipped."""
    return np.asarray(np.rint(np.clip(values, 0, 1) * 255), np.uint8)


def _each(images: Images, change: Callable[[Images], Any]) -> Images:
    out = np.empty_like(images)
    for index, image in enumerate(images):
        out[index] = change(image)
    return out


def _either_sign(value: float, count: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    return np.asarray(value * rng.choice([-1.0, 1.0], count), np.float64)


def _warp(
    images: Images,
    matrices: Sequence[npt.NDArray[np.float64]],
    shifts: npt.NDArray[np.float64] | None = None,
) -> Images:
    """Sample output pixel p at centre + M (p - centre) + shift of the input: bilinear, black outside."""
    out = np.empty_like(images)
    centre = np.array([_CENTRE, _CENTRE])
    for index, matrix in enumerate(matrices):
        offset = centre - matrix @ centre + (0 if shifts is None else shifts[index])
        whole = np.column_stack([matrix, offset])
        out[index] = cv2.warpAffine(
            images[index], whole, (28, 28), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
    return out


def _plasma(count: int, decay: float, rng: np.random.Generator, size: int = 256) -> Floats:
    """Return `count` fractals by the diamond-square algorithm on a torus, each scaled to 0..1.

    Every new point is the mean of its four neighbours plus a uniform draw, whose spread shrinks by
    decay squared each time the grid is halved (squared because MNIST-C multiplies its wobble by itself).
    """
    maps = np.zeros((count, size, size), np.float32)
    step, wobble = size, 100.0

    def wobbled(total: Floats) -> Floats:
        spread = wobble * wobble
        return total / np.float32(4) + rng.uniform(-spread, spread, total.shape).astype(np.float32)

    while step >= 2:
        half = step // 2
        corners = maps[:, ::step, ::step]
        square = corners + np.roll(corners, -1, 1)
        maps[:, half::step, half::step] = wobbled(square + np.roll(square, -1, 2))
        middles = maps[:, half::step, half::step]
        upright = middles + np.roll(middles, 1, 1) + corners + np.roll(corners, -1, 2)
        maps[:, ::step, half::step] = wobbled(upright)
        level = middles + np.roll(middles, 1, 2) + corners + np.roll(corners, -1, 1)
        maps[:, half::step, ::step] = wobbled(level)
        step, wobble = half, wobble / decay
    maps -= maps.min(axis=(1, 2), keepdims=True)
    maps /= maps.max(axis=(1, 2), keepdims=True)
    return maps
