"""The pictures that a model's robustness is measured on, each drawn once from its own seed.

There are three suites: named noises with physical parameters; the guard suite, which is MNIST-C and guards
against regressions; and the reserve suite of kinds that the training mix never shows. Needs only numpy and
OpenCV.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from edgedigits_train import noise
from edgedigits_train.measures import corruptions, marks, reserve

Images = npt.NDArray[np.uint8]
Corruption = noise.Noise

NOISES: dict[str, Corruption] = {
    "n-MNIST white noise": noise.N_MNIST["awgn"],
    "n-MNIST motion blur": noise.N_MNIST["motion blur"],
    "n-MNIST contrast + noise": noise.N_MNIST["contrast + awgn"],
    "Gaussian noise, sigma 0.3": lambda x, rng: noise.gaussian(x, 0.3, rng),
    "Gaussian noise, sigma 0.5": lambda x, rng: noise.gaussian(x, 0.5, rng),
    "salt and pepper, 20 %": lambda x, rng: noise.salt_and_pepper(x, 0.2, rng),
    "Gaussian blur, 1.5 px": lambda x, rng: noise.gaussian_blur(x, 1.5),
}
"""The noises that have targets of their own; together they are "the noise mix"."""

SOFT: dict[str, Corruption] = {
    "n-MNIST white noise, soft": noise.N_MNIST_SOFT["awgn"],
    "n-MNIST contrast + noise, soft": noise.N_MNIST_SOFT["contrast + awgn"],
}
"""n-MNIST with noise relative to the measured power of each picture (its motion blur has no noise)."""

GUARD: dict[str, Corruption] = {
    "shot noise": corruptions.shot_noise,
    "impulse noise": lambda x, rng: noise.salt_and_pepper(x, 0.17, rng),
    "glass blur": corruptions.glass_blur,
    "motion trail": corruptions.motion_trail,
    "shear": corruptions.shear,
    "scale": corruptions.scale,
    "rotate": corruptions.rotate,
    "brightness": corruptions.brightness,
    "translate": corruptions.translate,
    "stripe": marks.stripe,
    "fog": corruptions.fog,
    "spatter": corruptions.spatter,
    "dotted line": marks.dotted_line,
    "zigzag": marks.zigzag,
    "canny edges": corruptions.canny_edges,
}
"""The fifteen corruptions of MNIST-C at its severities."""

RESERVE: dict[str, Corruption] = {
    "ripple": reserve.ripple,
    "swirl": reserve.swirl,
    "row jitter": reserve.row_jitter,
    "dead rows": reserve.dead_rows,
    "halftone": reserve.halftone,
    "grating": reserve.grating,
    "zoom blur": reserve.zoom_blur,
    "ghost": reserve.ghost,
    "block shuffle": reserve.block_shuffle,
    "watercolour": reserve.watercolour,
}
"""Corruptions of kinds that the training mix never shows."""


def draw(name: str, corruption: Corruption, images: Images, seed: int = 0) -> Images:
    """Return the corrupted pictures; they depend only on name and seed, not on what was drawn before."""
    return corruption(images, np.random.default_rng([seed, zlib.crc32(name.encode())]))
