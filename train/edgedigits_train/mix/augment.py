"""The training mix: turn a batch of clean digits into what the network is shown.

Each picture is warped a little. A share stays otherwise clean, so that clean digits keep their weight. The
rest goes through one to three families of `degrade`, in the order in which light travels: a sensor adds noise
to a dark picture, but a lamp does not darken noise. All randomness comes from the given generator, so a batch
depends only on its seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edgedigits.errors import EdgeDigitsError
from edgedigits_train.mix.degrade import FAMILIES
from edgedigits_train.mix.geometry import Warp, warp
from edgedigits_train.settings import within

_RANGES = {"clean": (0, 1), "single": (0, 1), "geometry": (0, 1), "depth": (1, 100)}


@dataclass(frozen=True)
class Mix:
    """What a training picture goes through. Part of the run's configuration."""

    clean: float = 0.3
    """Share of the pictures that are only warped."""
    families: tuple[str, ...] = tuple(FAMILIES)
    """Names in `degrade.FAMILIES`. Leaving one out measures what it contributes."""
    weights: dict[str, float] = field(default_factory=lambda: {"sensor": 3.0, "light": 1.5, "blur": 2.0})
    """How often a family is drawn relative to the others, which have 1: every camera has noise, and few
    hand-held ones are sharp."""
    depth: int = 3
    """Maximum number of families that one picture goes through."""
    single: float = 0.7
    """Share of the degraded pictures that go through a single family, even where `depth` allows more."""
    geometry: float = 1.0
    """Strength of the warp, 0 (none) to 1."""
    warp: Warp = field(default_factory=Warp)

    def __post_init__(self) -> None:
        unknown = [name for name in (*self.families, *self.weights) if name not in FAMILIES]
        if unknown:
            raise EdgeDigitsError(
                "the training mix names unknown families",
                expected=", ".join(FAMILIES),
                received=", ".join(unknown),
            )
        within(self, _RANGES, "the training mix's")
        if bad := [f"{name} {weight}" for name, weight in self.weights.items() if not 0 < weight <= 1e6]:
            raise EdgeDigitsError(
                "the training mix's `weights` are out of range",
                expected="above 0, up to 1000000; to leave a family out use `families`",
                received=", ".join(bad),
            )


def augment(images: npt.NDArray[np.uint8], mix: Mix, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return an augmented copy of uint8 [N, 28, 28]."""
    if mix.geometry:
        # Each picture has its own strength, so small movements are common and the limits are rare.
        out = warp(images, mix.warp, mix.geometry * rng.random(len(images)), rng)
    else:
        out = images.copy()
    if not mix.families:
        return out
    names = [name for name in FAMILIES if name in mix.families]
    odds = np.array([mix.weights.get(name, 1.0) for name in names])
    # Weighted sampling without replacement: sort by exponential waiting times with the weights as rates.
    order = np.argsort(rng.standard_exponential((len(images), len(names))) / odds, axis=1)
    degraded = np.flatnonzero(rng.random(len(images)) >= mix.clean)
    depths = rng.integers(2, mix.depth + 1, len(images)) if mix.depth > 1 else np.ones(len(images), int)
    depths[rng.random(len(images)) < mix.single] = 1
    for index in degraded:
        picture = out[index].astype(np.float32)
        for family in sorted(order[index, : depths[index]]):
            picture = np.clip(FAMILIES[names[family]](picture, rng), 0, 255)
        out[index] = np.rint(picture)
    return out
