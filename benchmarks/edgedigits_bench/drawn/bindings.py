"""How a notebook is bound: holes in a row along one of its sides, and the wire that goes through them."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np

from edgedigits_bench.drawn.paper import Floats

SIDES: Final = 4
"""Left, top, right, bottom: however the camera is held."""


def binding(ink: Floats, rng: np.random.Generator, height: float) -> Floats:
    """Its ink, 0..1, float32 [H, W], as large as the page's `ink`, whose digits are so high.

    Holes are round or square, three to nine in ten digit heights; one wire, two or none go from each of them
    to the rim.
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
    """A place in sixteenths of a pixel, as OpenCV takes it."""
    return round(16 * x), round(16 * y)
