"""The sheet of a drawn page on a surface, or held in front of a background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.results import Box
from edgedigits_bench.drawn.paper import Floats, Shape, askew, grain
from edgedigits_bench.drawn.scenery import draw_scenery

Surface = Callable[[Shape, np.random.Generator], Floats]
"""Function that draws what surrounds a sheet: float32 [H, W], as shares of its mean light."""


def bare(shape: Shape, rng: np.random.Generator) -> Floats:
    """Draw a smooth table."""
    return np.ones(shape, np.float32)


def wood(shape: Shape, rng: np.random.Generator) -> Floats:
    """Draw wood grain, horizontal or vertical."""
    long, wide = int(rng.integers(5, 16)), rng.uniform(2, 6)
    down = rng.random() < 0.5
    size = (shape[0] // long, shape[1]) if down else (shape[0], shape[1] // long)
    fibres: Any = cv2.resize(grain(size, wide, rng), shape[1::-1])
    return np.asarray(1 + rng.uniform(0.2, 0.8) * (fibres - 0.5), np.float32)


def cloth(shape: Shape, rng: np.random.Generator) -> Floats:
    """Draw woven cloth with folds."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(5, 25)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    weave = np.sin(2 * np.pi / pitch * along) + np.sin(2 * np.pi / pitch * across)
    return np.asarray((1 + 0.1 * weave) * (0.9 + 0.2 * grain(shape, 20, rng)), np.float32)


def keys(shape: Shape, rng: np.random.Generator) -> Floats:
    """Draw a keyboard, or tiles: squares darker than the gaps between them."""
    pitch = int(rng.uniform(30, 70))
    light = np.ones(shape, np.float32)
    for top in range(-pitch, shape[0], pitch):
        for left in range(-pitch, shape[1], pitch):
            cv2.rectangle(light, (left + 3, top + 3), (left + pitch - 3, top + pitch - 3), 0.5, cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), 1.2), np.float32)


def room(shape: Shape, rng: np.random.Generator) -> Floats:
    """Draw things of all sizes and shades, out of focus."""
    light = np.ones(shape, np.float32)
    for _ in range(int(rng.integers(15, 50))):
        shade = float(rng.uniform(0.1, 1.6))
        x, y, size = int(rng.integers(shape[1])), int(rng.integers(shape[0])), int(rng.uniform(10, 250))
        kind = rng.integers(3)
        if kind == 0:
            cv2.rectangle(light, (x, y), (x + int(size * rng.uniform(0.1, 1)), y + size), shade, cv2.FILLED)
        elif kind == 1:
            axes = (size // 2, max(2, int(size * rng.uniform(0.1, 0.5))))
            cv2.ellipse(
                light, (x, y), axes, float(rng.uniform(0, 180)), 0, 360, shade, cv2.FILLED, cv2.LINE_AA
            )
        else:
            end = (x + int(rng.uniform(-300, 300)), y + int(rng.uniform(-300, 300)))
            cv2.line(light, (x, y), end, shade, int(rng.integers(1, 12)), cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), float(rng.uniform(0.8, 5))), np.float32)


SURFACES: Final[tuple[Surface, ...]] = (bare, wood, cloth, keys, room)


def lay(
    page: Floats, rng: np.random.Generator, part: Box | None = None
) -> tuple[Floats, npt.NDArray[np.float32]]:
    """Lay a page, or the part of it in a box, askew on one of `SURFACES`, with its shadow.

    `page` is float32 [H, W, 3], 0..255. Returns the picture, of the same size, and the perspective that
    maps points of the page to the picture.
    """
    height, width = page.shape[:2]
    surface = SURFACES[int(rng.integers(len(SURFACES)))]
    light = surface((height, width), rng)[:, :, None] * rng.uniform(20, 200) * rng.uniform(0.7, 1, 3)
    warp = askew((width, height), 0.02, 0.14, rng)
    sheet, share = _warped(page, warp, part)
    shadow: Any = cv2.GaussianBlur(np.roll(share, (8, 8), (0, 1)), (0, 0), 6)
    return np.asarray(light * (1 - 0.5 * shadow[:, :, None]) * (1 - share) + sheet * share, np.float32), warp


def hold(page: Floats, rng: np.random.Generator) -> tuple[Floats, npt.NDArray[np.float32]]:
    """Hold a page in front of a camera, at least half as wide as its view; takes and returns as `lay`."""
    height, width = page.shape[:2]
    size = np.array([width, height])
    scenery = draw_scenery((width, height), rng).astype(np.float32)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    angle = np.radians(rng.uniform(-8, 8))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    target = rng.uniform(0.45, 0.85) * (corners - size / 2) @ turn + rng.uniform(-0.04, 0.04, (4, 2)) * size
    least = -target.min(axis=0)
    room = np.maximum(size - target.max(axis=0) - least, 0)
    target += least + rng.uniform(0, 1, 2) * room
    warp = np.asarray(cv2.getPerspectiveTransform(corners, target.astype(np.float32)), np.float32)
    sheet, share = _warped(page, warp)
    light = rng.uniform(0.5, 1)
    return np.asarray(scenery * (1 - share) + light * sheet * share, np.float32), warp


def _warped(page: Floats, warp: npt.NDArray[np.float32], part: Box | None = None) -> tuple[Any, Any]:
    """Warp a page: float32 [H, W, 3], and how much of each pixel it covers, [H, W, 1]."""
    size = page.shape[1::-1]
    x, y, width, height = part or (0, 0, *size)
    covered = np.zeros(page.shape[:2], np.float32)
    covered[max(0, y) : y + height, max(0, x) : x + width] = 1
    own: Any = cv2.warpPerspective(covered, warp, size)
    return cv2.warpPerspective(page, warp, size, flags=cv2.INTER_AREA), own[:, :, None]
