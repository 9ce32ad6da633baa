"""The pictures that an export is fitted and checked on, all from the validation split."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edgedigits_train.noise import FAMILIES

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]

CALIBRATION = 1000
"""Number of pictures that set the ranges of the activations; twice as many did not change the accuracy."""
_STREAM = 0x6578706F
"""Keeps the noise drawn here independent of what training drew with the same seed."""


class Pictures(NamedTuple):
    """Clean and noisy pictures [N, 28, 28] of the same digits, with their labels [N]."""

    clean: Images
    noisy: Images
    labels: Labels


def held_out(images: Images, labels: Labels, seed: int) -> Pictures:
    """Add noise to validation pictures: each gets one family of `noise.FAMILIES`, at the strength at
    which a person still reads nearly every digit. Families are equally frequent and drawn with `seed`."""
    rng = np.random.default_rng([seed, _STREAM])
    families = list(FAMILIES.values())
    turn = rng.permutation(len(images)) % len(families)
    noisy = np.empty_like(images)
    for number, family in enumerate(families):
        chosen = turn == number
        noisy[chosen] = family.apply(images[chosen], family.example, rng)
    return Pictures(images, noisy, labels)


def calibration(pictures: Pictures, seed: int) -> Images:
    """Return `CALIBRATION` of the pictures, or all if there are fewer, half of them clean."""
    rng = np.random.default_rng([seed, _STREAM, 1])
    count = min(CALIBRATION, len(pictures.clean))
    chosen = rng.permutation(len(pictures.clean))[:count]
    half = count // 2
    return np.concatenate([pictures.clean[chosen[:half]], pictures.noisy[chosen[half:]]])
