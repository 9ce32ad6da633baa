"""Where the ink lies: affine, perspective and elastic warps, in one resampling.

One map is composed of all of them and the picture is resampled once, because every bilinear pass
blurs, and a network must not learn blur as a sign of a rotated digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 28
_AXIS = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
_GRID = np.stack([*np.meshgrid(_AXIS, _AXIS), np.ones((SIDE, SIDE), np.float32)], axis=-1)
"""[28, 28, 3]: x, y, 1 of every pixel, measured from the middle of the picture."""


@dataclass(frozen=True)
class Warp:
    """How far a digit may be moved; each value is the end of a uniform range around "not at all"."""

    rotation: float = 18.0
    """Degrees, either way."""
    scale: float = 0.25
    """Natural logarithm of the size ratio; the two axes differ by a quarter of it more."""
    shear: float = 0.3
    """Tangent of the slant."""
    shift: float = 4.0
    """Pixels, in each axis."""
    perspective: float = 0.006
    """Change of scale per pixel from the middle."""
    elastic: float = 1.6
    """Pixels at the control points of a 5x5 grid (Simard, Steinkraus and Platt 2003, made cheap)."""


def warp(
    image: npt.NDArray[np.uint8], limits: Warp, strength: float, rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Resample one uint8 [28, 28] picture; `strength` 0..1 scales all limits; black comes in from outside."""
    draw = rng.uniform(-strength, strength, 9)
    angle = np.deg2rad(draw[0] * limits.rotation)
    size = draw[1] * limits.scale
    stretch = draw[2] * limits.scale / 4
    cosine, sine = np.cos(angle), np.sin(angle)
    # The map goes from the new picture to the old one, so it carries the inverse of the movement.
    rotation = np.array([[cosine, sine], [-sine, cosine]])
    shape = np.array([[1.0, draw[3] * limits.shear], [0.0, 1.0]])
    linear = rotation @ shape @ np.diag([np.exp(-size - stretch), np.exp(-size + stretch)])
    matrix = np.eye(3, dtype=np.float32)
    matrix[:2, :2] = linear
    matrix[:2, 2] = draw[4:6] * limits.shift
    matrix[2, :2] = draw[6:8] * limits.perspective
    places = _GRID @ matrix.T
    places = places[..., :2] / places[..., 2:]
    if limits.elastic and strength:
        control = rng.uniform(-1, 1, (5, 5, 2)).astype(np.float32) * np.float32(limits.elastic * strength)
        places += cv2.resize(control, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    places += np.float32((SIDE - 1) / 2)
    across, down = cv2.split(places.astype(np.float32))
    return np.asarray(cv2.remap(image, across, down, cv2.INTER_LINEAR), np.uint8)
