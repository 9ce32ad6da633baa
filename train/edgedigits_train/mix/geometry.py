"""Affine, perspective and elastic warps in a single resampling.

All warps are composed into one map and the picture is resampled once: each bilinear pass blurs, and a network
must not learn blur as a sign of rotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits_train.settings import within

SIDE = 28
_AXIS = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
_GRID = np.stack([*np.meshgrid(_AXIS, _AXIS), np.ones((SIDE, SIDE), np.float32)], axis=-1)
"""[28, 28, 3]: x, y, 1 of every pixel, measured from the centre of the picture."""
_BEND = np.asarray(cv2.resize(np.eye(5, dtype=np.float32), (5, SIDE), interpolation=cv2.INTER_CUBIC))
"""[28, 5]: weights that interpolate the values at 5 control points cubically to 28 pixels."""
_RANGES = {
    "rotation": (0, 180),
    "scale": (0, 3),
    "stretch": (0, 3),
    "shear": (0, 3),
    "shift": (0, SIDE),
    "perspective": (0, 0.03),  # beyond this the vanishing line enters the picture
    "elastic": (0, SIDE),
}
_AT_ONCE = 1000
"""Pictures per call: OpenCV's remap takes at most 32,767 rows."""


@dataclass(frozen=True)
class Warp:
    """How far a digit may be warped. Each value bounds a uniform range around "not at all"."""

    rotation: float = 18.0
    """Degrees, in either direction."""
    scale: float = 0.25
    """Natural logarithm of the size ratio, in either direction."""
    stretch: float = 0.125
    """Natural logarithm of the ratio of width to height: people write narrow and wide."""
    shear: float = 0.3
    """Tangent of the slant."""
    shift: float = 4.0
    """Pixels, along each axis."""
    perspective: float = 0.006
    """Change of scale per pixel from the centre."""
    elastic: float = 1.6
    """Pixels at the control points of a 5x5 grid (a cheap form of Simard, Steinkraus and Platt 2003)."""

    def __post_init__(self) -> None:
        within(self, _RANGES, "the warp's")


def warp(
    images: npt.NDArray[np.uint8],
    limits: Warp,
    strengths: npt.NDArray[np.floating[Any]],
    rng: np.random.Generator,
) -> npt.NDArray[np.uint8]:
    """Warp uint8 [N, 28, 28]; `strengths` [N] in 0..1 scale all limits; black comes in from outside.

    Warping all pictures at once takes a fifth of the time of one after another.
    """
    count = len(images)
    draw = rng.uniform(-1, 1, (count, 8)).T * strengths
    angle = np.deg2rad(draw[0] * limits.rotation)
    size = draw[1] * limits.scale
    stretch = draw[2] * limits.stretch / 2
    cosine, sine, shear = np.cos(angle), np.sin(angle), draw[3] * limits.shear
    # The map leads from output to input pixels, so it holds the inverse of the movement.
    matrix = np.zeros((count, 3, 3), np.float32)
    wide, high = np.exp(-size - stretch), np.exp(-size + stretch)
    matrix[:, 0, 0], matrix[:, 0, 1] = cosine * wide, (cosine * shear + sine) * high
    matrix[:, 1, 0], matrix[:, 1, 1] = -sine * wide, (cosine - sine * shear) * high
    matrix[:, :2, 2] = draw[4:6].T * limits.shift
    matrix[:, 2, :2] = draw[6:8].T * limits.perspective
    matrix[:, 2, 2] = 1
    x, y, depth = (_GRID.reshape(-1, 3) @ matrix.transpose(0, 2, 1)).transpose(2, 0, 1)
    x, y = x / depth, y / depth
    if limits.elastic:
        control = rng.uniform(-1, 1, (2, count, 5, 5)) * (limits.elastic * strengths)[:, None, None]
        bend = _BEND @ control.astype(np.float32) @ _BEND.T
        x += bend[0].reshape(count, -1)
        y += bend[1].reshape(count, -1)
    return _resample(images, x + np.float32((SIDE - 1) / 2), y + np.float32((SIDE - 1) / 2))


def _resample(
    images: npt.NDArray[np.uint8], x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]
) -> npt.NDArray[np.uint8]:
    """Return bilinear samples of [N, 28, 28] at x, y [N, 784]; black outside.

    One call samples many pictures: they are stacked vertically, each in a black frame to which coordinates
    outside the picture are clamped.
    """
    out = np.empty_like(images)
    side = SIDE + 2
    for at in range(0, len(images), _AT_ONCE):
        part = images[at : at + _AT_ONCE]
        stack = np.pad(part, ((0, 0), (1, 1), (1, 1))).reshape(-1, side)
        across = np.clip(x[at : at + _AT_ONCE] + 1, 0, side - 1)
        down = np.clip(y[at : at + _AT_ONCE] + 1, 0, side - 1)
        down += side * np.arange(len(part), dtype=np.float32)[:, None]
        places = across.reshape(-1, SIDE), down.reshape(-1, SIDE)
        out[at : at + _AT_ONCE] = cv2.remap(stack, *places, cv2.INTER_LINEAR).reshape(part.shape)
    return out
