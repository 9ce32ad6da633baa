"""The binding of a notebook: a row of holes along one side, and the wire through them."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np

from edgedigits_bench.drawn.paper import Floats

SIDES: Final = 4
"""Left, top, right, bottom, depending on how the camera is held."""


def binding(ink: Floats, rng: np.random.Generator, height: float) -> Floats:
    """Draw a binding: ink in 0..1, float32 [H, W], the size of the page `ink` with digits of this height.

    There are three to nine holes, round or square, per ten digit heights. From each of them one wire, two
    or none lead to the edge of the picture.
    """
    side = int(rng.integers(SIDES))
    page = np.zeros(ink.shape if side % 2 == 0 else ink.shape[::-1], np.float32)
    pitch = height * rng.uniform(0.3, 0.9)
    size = pitch * rng.uniform(0.3, 0.5)
    away, lean = size * rng.uniform(1.2, 3), pitch * rng.uniform(-0.3, 0.3)
    is_round, wires = rng.random() < 0.5, int(rng.integers(3))
    darkness, metal = rng.uniform(0.5, 0.9), float(rng.uniform(0.3, 0.9))
    thickness = max(1, round(pitch * rng.uniform(0.06, 0.15)))
    for place in np.arange(rng.uniform(0, pitch), len(page), pitch):
        y = place + rng.normal(0, 0.01 * pitch)
        dark = float(darkness * rng.uniform(0.9, 1.1))
        if is_round:
            cv2.circle(page, _fine(away, y), round(8 * size), dark, cv2.FILLED, cv2.LINE_AA, 4)
        else:
            corners = _fine(away - size / 2, y - size / 2), _fine(away + size / 2, y + size / 2)
            cv2.rectangle(page, *corners, dark, cv2.FILLED, cv2.LINE_AA, 4)
        for wire in range(wires):
            down = y + (wire - (wires - 1) / 2) * size / 2
            way = [_fine(away, down), _fine(0.6 * away, down - 0.35 * size + lean / 2), _fine(0, down + lean)]
            cv2.polylines(page, [np.array(way)], False, metal, thickness, cv2.LINE_AA, 4)
    return np.ascontiguousarray(np.rot90(page, -side))


def _fine(x: float, y: float) -> Any:
    """Return a position in sixteenths of a pixel, as OpenCV takes it."""
    return round(16 * x), round(16 * y)
