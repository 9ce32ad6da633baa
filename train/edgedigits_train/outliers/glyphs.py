"""Letters of many scripts as if written by hand: skeletons of printed fonts, bent and thickened.

A stroke font has one shape for each letter. The skeletons of outline fonts add hundreds, and a smooth random
bend varies each as handwriting does.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits_train.outliers.letters import SIDE, catalogue, printed

Image = npt.NDArray[np.uint8]


def thin(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Thin a mask whose border is empty to its skeleton, one pixel wide.

    Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", CACM 27 (1984).
    """
    ink = ink.copy()
    while True:
        changed = False
        for corner in (0, 1):
            around = [
                np.roll(ink, shift, (0, 1))
                for shift in ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
            ]  # clockwise from north, P2..P9 in the paper
            count = np.sum(around, 0)
            crossings = np.sum([~a & b for a, b in zip(around, [*around[1:], around[0]], strict=True)], 0)
            north, east, south, west = around[0], around[2], around[4], around[6]
            if corner == 0:
                open_side = ~(north & east & south) & ~(east & south & west)
            else:
                open_side = ~(north & east & west) & ~(north & south & west)
            gone = ink & (count >= 2) & (count <= 6) & (crossings == 1) & open_side
            ink &= ~gone
            changed |= bool(gone.any())
        if not changed:
            return ink


@functools.cache
def skeletons() -> npt.NDArray[np.uint8]:
    """Return uint8 [N, 96, 96], one for each letter of `catalogue`, 255 on 0, lines three pixels wide.

    Computed once per process.
    """
    pen = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    lines = [thin(printed(letter) > 0).astype(np.uint8) * 255 for letter in catalogue()]
    return np.stack([np.asarray(cv2.dilate(line, pen), np.uint8) for line in lines])


def bent(skeleton: Image, rng: np.random.Generator) -> Image:
    """Slant, stretch and bend a letter, uint8 [96, 96], and draw it with a pen of 3 to 12 pixels."""
    control = rng.uniform(-1, 1, (4, 4, 2)).astype(np.float32) * np.float32(rng.uniform(3, 15))
    places = cv2.resize(control, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    angle = rng.uniform(-0.25, 0.25)
    linear = np.array([[1.0, rng.uniform(-0.4, 0.4) - angle], [angle, 1.0]])
    # The map leads from output to input pixels, so a factor above 1 makes the letter smaller.
    linear *= np.exp(rng.uniform(-0.25, 0.15, (2, 1)))
    axis = np.arange(SIDE, dtype=np.float32) - SIDE / 2
    middle = np.float32(SIDE / 2)
    across = (
        places[..., 0] + np.float32(linear[0, 0]) * axis + (np.float32(linear[0, 1]) * axis + middle)[:, None]
    )
    down = (
        places[..., 1] + np.float32(linear[1, 0]) * axis + (np.float32(linear[1, 1]) * axis + middle)[:, None]
    )
    out = cv2.remap(skeleton, across, down, cv2.INTER_LINEAR)
    width = int(rng.integers(1, 10))
    if width > 1:
        out = cv2.dilate(out, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)))
    return np.asarray(out, np.uint8)


def draw(rng: np.random.Generator) -> Image:
    """Return a random letter, bent: uint8 [96, 96], bright on black."""
    known = skeletons()
    return bent(known[rng.integers(len(known))], rng)
