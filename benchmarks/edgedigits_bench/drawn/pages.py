"""Draw pages for measuring speed, so that the figures need no data set and are reproducible.

The digits are jittered strokes. They give a reader as much work as a real page, but are not meant to say
anything about accuracy.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.canonical import canonical

Picture = npt.NDArray[np.uint8]

# Points of each digit's pen strokes in a box one wide and one high; Chaikin's algorithm rounds them.
_STROKES: dict[int, list[list[tuple[float, float]]]] = {
    0: [[(0.5, 0), (0.05, 0.1), (0, 0.6), (0.2, 1), (0.75, 1), (1, 0.5), (0.85, 0.05), (0.5, 0)]],
    1: [[(0.25, 0.2), (0.55, 0), (0.55, 1)]],
    2: [[(0.05, 0.25), (0.3, 0), (0.9, 0), (0.9, 0.4), (0, 1), (0.3, 0.95), (1, 1)]],
    3: [[(0.1, 0.05), (0.9, 0), (0.9, 0.4), (0.4, 0.48), (1, 0.5), (0.95, 1), (0.05, 0.95)]],
    4: [[(0.3, 0), (0.02, 0.6), (0.5, 0.6), (1, 0.58)], [(0.72, 0.3), (0.7, 1)]],
    5: [[(0.95, 0.02), (0.2, 0), (0.12, 0.42), (0.7, 0.35), (1, 0.7), (0.8, 1), (0.05, 0.95)]],
    6: [[(0.75, 0), (0.2, 0.25), (0, 0.8), (0.35, 1), (0.95, 0.95), (0.85, 0.5), (0.3, 0.5), (0.08, 0.75)]],
    7: [[(0.05, 0.03), (0.95, 0), (0.6, 0.5), (0.4, 1)]],
    8: [[(0.8, 0.1), (0.4, 0), (0.9, 0.7), (0.6, 1), (0.1, 0.9), (0.2, 0.6), (0.9, 0.2), (0.8, 0)]],
    9: [[(0.9, 0.2), (0.5, 0), (0.1, 0.15), (0.15, 0.5), (0.6, 0.5), (0.9, 0.15), (0.85, 0.6), (0.65, 1)]],
}  # fmt: skip


def page(seed: int, digits: int = 10, size: tuple[int, int] = (640, 480)) -> Picture:
    """Draw a sheet as a camera sees it: uint8 [H, W, 3] BGR, dark ink, uneven light, a little noise.

    `size` is width and height in pixels; the digits stand in lines of five and scale with the page.
    """
    rng = np.random.default_rng(seed)
    width, height = size
    slope = rng.uniform(-25, 25, 2)
    across, down = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
    paper = np.add.outer(195 + slope[1] * down, slope[0] * across).astype(np.float32)
    ink = np.zeros((height, width), np.uint8)
    lines = -(-digits // 5)
    step_x, step_y = width / 5.6, height / (lines + 0.6)
    for index in range(digits):
        line, column = divmod(index, 5)
        tall = min(step_x, step_y) * rng.uniform(0.5, 0.62)
        corner = (step_x * (column + 0.45) + rng.uniform(-4, 4), step_y * (line + 0.5) + rng.uniform(-4, 4))
        _draw(ink, int(rng.integers(10)), corner, tall, max(2, round(tall / 13)), rng)
    paper *= 1 - ink * np.float32(0.6 / 255)
    # Tile the noise from one small piece, which is cheap even at 12 megapixels.
    tile = rng.normal(0, 2.5, (60, 64)).astype(np.float32)
    paper += np.tile(tile, (-(-height // 60), -(-width // 64)))[:height, :width]
    grey = np.clip(paper, 0, 255).astype(np.uint8)
    return np.dstack([grey, grey, grey])


def crops(seed: int, count: int) -> list[Picture]:
    """Draw loosely cropped digits, uint8 [96, 96], bright ink on black, 0 to 9 in turn."""
    rng = np.random.default_rng(seed)
    made = [np.zeros((96, 96), np.uint8) for _ in range(count)]
    for index, ink in enumerate(made):
        _draw(ink, index % 10, (24 + rng.uniform(-4, 4), 12), 72, 7, rng)
    return made


def frames(seed: int, count: int) -> npt.NDArray[np.uint8]:
    """Draw frames, uint8 [count, 28, 28], bright ink on black, framed as the model expects."""
    return np.stack([canonical(crop) for crop in crops(seed, count)])


def _draw(
    ink: Picture, digit: int, corner: tuple[float, float], tall: float, thick: int, rng: np.random.Generator
) -> None:
    slant = rng.uniform(-0.15, 0.15)
    for stroke in _STROKES[digit]:
        points = np.array(stroke) + rng.normal(0, 0.02, (len(stroke), 2))
        for _ in range(3):
            points = _round_corners(points)
        points[:, 0] += slant * (0.5 - points[:, 1])
        pixels = np.round(points * (tall * 0.62, tall) + corner).astype(np.int32)
        cv2.polylines(ink, [pixels.reshape(-1, 1, 2)], False, 255, thick, cv2.LINE_AA)


def _round_corners(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Apply one step of Chaikin's corner cutting, with fixed end points."""
    near = 0.75 * points[:-1] + 0.25 * points[1:]
    far = 0.25 * points[:-1] + 0.75 * points[1:]
    return np.vstack([points[:1], np.stack([near, far], 1).reshape(-1, 2), points[-1:]])
