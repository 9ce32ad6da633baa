"""Noise with physical parameters, as pure functions on uint8 batches [N, H, W].

Every function takes pictures in 0..255 and leaves its argument unchanged. The same seed gives the same result
however the batch is split, because the generator is used picture by picture. Formulas are for
x = value / 255; results are clipped to 0..1 and rounded to 255 steps, as a camera's converter does. Needs
only numpy and OpenCV.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.errors import EdgeDigitsError

Images = npt.NDArray[np.uint8]
Strength = float | npt.NDArray[np.floating[Any]]
"""One value for the whole batch, or an array [N] with one per picture."""
Noise = Callable[[Images, np.random.Generator], Images]

_CHUNK = 2048
"""Pictures processed at a time, so that the float copies stay in the CPU's cache."""


def gaussian(images: Images, sigma: Strength, rng: np.random.Generator) -> Images:
    """Additive white Gaussian noise: y = clip(x + sigma n), n ~ N(0, 1), sigma as a share of full range."""
    out = np.empty_like(_checked(images))
    scale = _per_picture(sigma, len(images)) * np.float32(255)
    for part in _chunks(len(images)):
        noise = rng.standard_normal(out[part].shape, np.float32)
        noise *= scale[part]
        noise += images[part]
        _store(noise, out[part])
    return out


def salt_and_pepper(images: Images, share: Strength, rng: np.random.Generator) -> Images:
    """Dead and stuck pixels: y = 0 with probability share / 2, 1 with share / 2, else x."""
    out = _checked(images).copy()
    odds = _per_picture(share, len(images))
    for part in _chunks(len(images)):
        draw = rng.random(out[part].shape, np.float32)
        out[part][draw < odds[part]] = 255
        out[part][draw < odds[part] / 2] = 0
    return out


def gaussian_blur(images: Images, sigma: float) -> Images:
    """Defocus: y = x * g, g(r) ~ exp(-r^2 / (2 sigma^2)) cut at 4 sigma, sigma in pixels; black outside."""
    if sigma <= 0:
        return _checked(images).copy()
    size = 2 * math.ceil(4 * sigma) + 1
    line = np.exp(-((np.arange(size, dtype=np.float64) - size // 2) ** 2) / (2 * sigma**2))
    line /= line.sum()
    return _each(images, lambda x: cv2.sepFilter2D(x, cv2.CV_8U, line, line, borderType=cv2.BORDER_CONSTANT))


def motion_blur(images: Images, length: float, angle: float) -> Images:
    """Steady shake: y = x * k, with `motion_kernel`; length in pixels, angle in degrees; black outside."""
    kernel = motion_kernel(length, angle)
    return _each(images, lambda x: cv2.filter2D(x, cv2.CV_8U, kernel, borderType=cv2.BORDER_CONSTANT))


def motion_kernel(length: float, angle: float) -> npt.NDArray[np.float32]:
    """Return the kernel k(p) ~ max(0, 1 - distance of p from the path), with sum 1 and shape [k, k], k odd.

    The path is a straight segment through the centre, length - 1 pixels long (between the centres of the
    first and the last pixel), at `angle` degrees anticlockwise from the right. This is Matlab's
    `fspecial('motion', length, angle)`, with which n-MNIST was made.
    """
    half = max(length - 1, 0) / 2
    reach = math.ceil(half)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    cos, sin = math.cos(math.radians(angle)), -math.sin(math.radians(angle))  # rows count downwards
    along = x * cos + y * sin
    across = y * cos - x * sin
    beyond = np.maximum(np.abs(along) - half, 0)
    kernel = np.maximum(0, 1 - np.hypot(across, beyond))
    return np.asarray(kernel / kernel.sum(), np.float32)


def contrast(images: Images, factor: Strength) -> Images:
    """Less light: y = factor x, factor 0..1; black stays black."""
    out = np.empty_like(_checked(images))
    scale = _per_picture(factor, len(images))
    for part in _chunks(len(images)):
        _store(images[part] * scale[part], out[part])
    return out


def measured_gaussian(images: Images, snr_db: float, rng: np.random.Generator) -> Images:
    """White noise at a ratio to the power of each picture: sigma^2 = mean(x^2) / 10^(snr_db / 10)."""
    power = np.mean((images / np.float32(255)) ** 2, axis=(1, 2), dtype=np.float32)
    return gaussian(images, np.sqrt(power / np.float32(10 ** (snr_db / 10))), rng)


def compose(*noises: Noise) -> Noise:
    """Apply noises one after another, sharing the generator."""

    def composed(images: Images, rng: np.random.Generator) -> Images:
        for noise in noises:
            images = noise(images, rng)
        return images

    return composed


N_MNIST: dict[str, Noise] = {
    "awgn": lambda images, rng: gaussian(images, 0.335, rng),
    "motion blur": lambda images, rng: motion_blur(images, 5, 15),
    "contrast + awgn": compose(
        lambda images, rng: contrast(images, 0.5), lambda images, rng: gaussian(images, 0.25, rng)
    ),
}
"""n-MNIST (Basu et al. 2015) in the harder reading of its recipe: signal-to-noise ratios of 9.5 and
12 dB relative to unit power, the default of the `awgn` function, so sigma = 10^(-9.5/20) and 10^(-12/20)."""

N_MNIST_SOFT: dict[str, Noise] = {
    "awgn": lambda images, rng: measured_gaussian(images, 9.5, rng),
    "contrast + awgn": lambda images, rng: measured_gaussian(contrast(images, 0.5), 12, rng),
}
"""The softer reading: the same ratios relative to the measured power of each picture (sigma about 0.1).

Motion blur adds no noise, so it has only one reading."""


@dataclass(frozen=True)
class Family:
    """A kind of noise with one parameter, for sheets and curves."""

    dial: str
    """Name of the parameter, followed by a comma and its unit if it has one."""
    apply: Callable[[Images, float, np.random.Generator], Images]
    strengths: tuple[float, ...]
    """From none to far beyond what a person can read."""
    example: float
    """A strength at which a person can still read nearly every digit."""


FAMILIES: dict[str, Family] = {
    "Gaussian noise": Family(
        "sigma, share of full range", gaussian, (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), 0.3
    ),
    "salt and pepper": Family(
        "share of pixels", salt_and_pepper, (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), 0.2
    ),
    "Gaussian blur": Family(
        "sigma, px", lambda x, s, rng: gaussian_blur(x, s), (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4), 1.5
    ),
    "motion blur": Family(
        "length at 15°, px", lambda x, s, rng: motion_blur(x, s, 15), (1, 3, 5, 7, 9, 11, 13, 15, 17), 5
    ),
    "reduced contrast": Family(
        "share of range lost",
        lambda x, s, rng: contrast(x, 1 - s),
        (0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
        0.7,
    ),
    "half contrast + noise": Family(
        "sigma after halving, share of full range",
        lambda x, s, rng: gaussian(contrast(x, 0.5), s, rng),
        (0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4),
        0.25,
    ),
}


def at(family: Family, strength: float, images: Images, rng: np.random.Generator) -> Images:
    """Apply a family's noise; `family` and `strength` come first, for `functools.partial`."""
    return family.apply(images, strength, rng)


def _checked(images: Images) -> Images:
    if images.dtype != np.uint8 or images.ndim != 3:
        raise EdgeDigitsError(
            "noise cannot be added to this batch",
            expected="uint8 [N, H, W]",
            received=f"{images.dtype} {list(images.shape)}",
        )
    return images


def _per_picture(strength: Strength, count: int) -> npt.NDArray[np.float32]:
    return np.broadcast_to(np.asarray(strength, np.float32), (count,))[:, None, None]


def _chunks(count: int) -> Iterator[slice]:
    return (slice(start, start + _CHUNK) for start in range(0, count, _CHUNK))


def _store(values: npt.NDArray[np.float32], out: Images) -> None:
    np.rint(values, out=values)
    np.clip(values, 0, 255, out=values)
    out[...] = values


def _each(images: Images, blur: Callable[[Images], Any]) -> Images:
    out = np.empty_like(_checked(images))
    for index, image in enumerate(images):
        out[index] = blur(image)
    return out
