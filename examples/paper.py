"""Paper, handwriting, light and lens: turn strokes into something like a photograph.

All arrays are float32 in 0..1, [H, W] or [H, W, 3] BGR. Randomness comes from the caller's generator.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from strokes import Points, glyph

Plane = npt.NDArray[Any]
Colour = tuple[float, float, float]


def clouds(shape: tuple[int, int], scale: int, rng: np.random.Generator) -> Plane:
    """Return smooth random values in about -1..1, with features `scale` pixels wide."""
    small = rng.standard_normal((shape[0] // scale + 3, shape[1] // scale + 3)).astype(np.float32)
    return np.clip(cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC), -2, 2) / 2


def sheet(shape: tuple[int, int], colour: Colour, rng: np.random.Generator, grain: float = 0.012) -> Plane:
    """Return a sheet of paper or slate: fibres at two scales and slow waviness."""
    texture = grain * clouds(shape, 2, rng) + grain * clouds(shape, 7, rng) + 0.015 * clouds(shape, 160, rng)
    return np.float32(colour) + texture[:, :, None]


def pen(
    mask: Plane,
    strokes: list[Points],
    at: tuple[float, float],
    size: float,
    width: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Draw strokes into the ink plane, `size` pixels high, with the upper left corner at `at`.

    The stroke width (`width` in pixels) varies along the stroke, thinner where the hand is fast. Returns
    the leftmost and the rightmost x.
    """
    left, right = np.inf, -np.inf
    for stroke in strokes:
        points = stroke * size + at
        along = np.linspace(0, 1, len(points))
        wobble = 1 + 0.14 * np.sin(2 * np.pi * (along * rng.uniform(0.6, 1.6) + rng.uniform()))
        ends = np.clip(8 * np.minimum(along + 0.07, 1.05 - along), 0.6, 1)
        widths = width * wobble * ends
        for (x0, y0), (x1, y1), w in zip(points, points[1:], widths, strict=False):
            steps = max(1, int(np.hypot(x1 - x0, y1 - y0) / max(0.25 * w, 0.5)))
            for share in np.linspace(0, 1, steps, endpoint=False):
                centre = (round((x0 + share * (x1 - x0)) * 16), round((y0 + share * (y1 - y0)) * 16))
                cv2.circle(mask, centre, round(w * 8), 1.0, cv2.FILLED, cv2.LINE_AA, 4)
        left, right = min(left, points[:, 0].min()), max(right, points[:, 0].max())
    return float(left), float(right)


def ballpoint(mask: Plane, rng: np.random.Generator) -> Plane:
    """Return ballpoint ink: darker where it pools, with a slightly soft edge."""
    density = 0.9 + 0.1 * clouds(mask.shape, 9, rng)
    return np.clip(cv2.GaussianBlur(mask, (0, 0), 0.7) * density, 0, 1)


def pencil(mask: Plane, rng: np.random.Generator, strength: float = 0.5) -> Plane:
    """Return graphite, which stays on the peaks of the paper's grain."""
    grain = np.clip(0.75 + 0.55 * rng.standard_normal(mask.shape).astype(np.float32), 0, 1)
    grain = cv2.GaussianBlur(grain, (0, 0), 0.7)
    return np.clip(cv2.GaussianBlur(mask, (0, 0), 0.8) * grain * strength, 0, 1)


def chalk(mask: Plane, rng: np.random.Generator) -> Plane:
    """Return chalk, which skips: dry speckles, and dust around the stroke."""
    speckle = cv2.GaussianBlur(rng.standard_normal(mask.shape).astype(np.float32), (0, 0), 0.9)
    rough = np.clip(0.86 + 0.55 * speckle, 0.35, 1)
    dust = 0.10 * cv2.GaussianBlur(mask, (0, 0), 7)
    return np.clip(cv2.GaussianBlur(mask, (0, 0), 0.8) * rough + dust, 0, 1)


def crayon(mask: Plane, rng: np.random.Generator) -> Plane:
    """Return wax, which stays on the peaks of rough paper: a third of each stroke is missing."""
    tops = cv2.GaussianBlur((clouds(mask.shape, 6, rng) > -0.2).astype(np.float32), (0, 0), 0.7)
    return np.clip(cv2.GaussianBlur(mask, (0, 0), 0.8) * tops * 0.95, 0, 1)


def bound(page: Plane, pitch: int, rng: np.random.Generator) -> Plane:
    """Draw a binding: holes on the left side of a page, `pitch` pixels apart, and the wire through them."""
    holes, wire = np.zeros((2, *page.shape[:2]), np.float32)
    for y in range(pitch // 2, page.shape[0], pitch):
        cv2.circle(holes, (44, y), pitch // 4, 1.0, cv2.FILLED, cv2.LINE_AA)
        pen(wire, [np.array([(44.0, y), (24.0, y - pitch / 4), (0.0, y + pitch / 5)])], (0, 0), 1, 6, rng)
    page = lay(page, cv2.GaussianBlur(holes, (0, 0), 0.8), (0.16, 0.18, 0.20))
    return lay(page, cv2.GaussianBlur(wire, (0, 0), 0.8), (0.45, 0.44, 0.43))


def lay(page: Plane, ink: Plane, colour: Colour) -> Plane:
    """Put ink onto the page; `ink` is how much of the page it covers, 0..1."""
    return page * (1 - ink[:, :, None]) + np.float32(colour) * ink[:, :, None]


def penned(mask: Plane, colour: Colour, ink: Colour, rng: np.random.Generator) -> Plane:
    """Return a sheet of this colour, written on with a ballpoint pen."""
    return lay(sheet(mask.shape, colour, rng), ballpoint(mask, rng), ink)


def rules(page: Plane, gap: int, start: int, colour: Colour, margin: int = 0) -> Plane:
    """Draw printed lines every `gap` pixels, and a red margin line at x = `margin`."""
    printed = page.copy()
    for y in range(start, page.shape[0], gap):
        printed[y : y + 2] = 0.4 * printed[y : y + 2] + 0.6 * np.float32(colour)
    if margin:
        column = printed[:, margin : margin + 2]
        printed[:, margin : margin + 2] = 0.4 * column + 0.6 * np.float32((0.55, 0.55, 0.9))
    return printed


def box(page: Plane, at: tuple[int, int, int, int], colour: Colour) -> Plane:
    """Draw a printed box: x, y, width and height in pixels."""
    x, y, width, height = at
    line = cv2.rectangle(np.zeros(page.shape[:2], np.float32), (x, y), (x + width, y + height), 0.8, 2)
    return lay(page, cv2.GaussianBlur(line, (0, 0), 0.7), colour)


def light(page: Plane, brightest: tuple[float, float], falloff: float) -> Plane:
    """Light the page with a lamp: brightest at a point, in shares of the page, and darker with distance."""
    height, width = page.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = np.hypot(x / width - brightest[0], y / height - brightest[1])
    return page * (1 - falloff * distance**1.4)[:, :, None]


def shadow(page: Plane, corners: list[tuple[float, float]], depth: float, softness: float) -> Plane:
    """Cast the shadow of something with straight edges; corners in shares of the page."""
    height, width = page.shape[:2]
    outline = np.array([[(x * width, y * height) for x, y in corners]], np.int32)
    mask = cv2.fillPoly(np.zeros((height, width), np.float32), outline, 1.0)
    mask = cv2.GaussianBlur(mask, (0, 0), softness)
    # Shadows are bluish, because the sky still lights them.
    return page * (1 - mask[:, :, None] * np.float32((depth * 0.88, depth * 0.96, depth)))


def view(page: Plane, desk: Colour, corners: list[tuple[float, float]], rng: np.random.Generator) -> Plane:
    """Show the sheet to a camera above a wooden desk of this colour; `corners` as in `place`."""
    height, width = page.shape[:2]
    table = sheet((height, width), desk, rng, 0.02) + 0.05 * _wood(height, width, rng)[:, :, None]
    return place(page, table, corners)


def place(page: Plane, table: Plane, corners: list[tuple[float, float]]) -> Plane:
    """Lay the sheet on a table, with its shadow; `corners` are where its four corners go, clockwise from
    the upper left, in shares of the picture."""
    (high, wide), (height, width) = page.shape[:2], table.shape[:2]
    source = np.float32([(0, 0), (wide, 0), (wide, high), (0, high)])
    target = np.float32([(x * width, y * height) for x, y in corners])
    turn = cv2.getPerspectiveTransform(source, target)
    cover = cv2.warpPerspective(np.ones((high, wide), np.float32), turn, (width, height))
    fall = cv2.GaussianBlur(np.roll(cover, (7, 7), (0, 1)), (0, 0), 9)
    table = table * (1 - 0.45 * fall[:, :, None])
    seen = cv2.warpPerspective(page, turn, (width, height), flags=cv2.INTER_AREA)
    return table * (1 - cover[:, :, None]) + seen * cover[:, :, None]


def keys(board: Plane, pitch: int, colour: Colour) -> Plane:
    """Draw rows of keys on a board, `pitch` pixels apart, each row shifted a little to the right."""
    height, width = board.shape[:2]
    mask = np.zeros((height, width), np.float32)
    for row, top in enumerate(range(-pitch // 2, height, pitch)):
        for left in range(-pitch + row * pitch // 3 % pitch, width, pitch):
            cv2.rectangle(mask, (left + 4, top + 4), (left + pitch - 4, top + pitch - 4), 1.0, cv2.FILLED)
    return lay(board, cv2.GaussianBlur(mask, (0, 0), 1.5), colour)


def books(wall: Plane, height: int, rng: np.random.Generator) -> Plane:
    """Draw bookshelves, `height` pixels apart; each book has its own colour, and a label on its spine."""
    down, across = wall.shape[:2]
    scene = wall.copy()
    for bottom in range(height - 15, down + height, height):
        left = 0
        while left < across:
            width, tall = int(rng.uniform(12, 45)), int(height * rng.uniform(0.6, 0.88))
            colour = rng.uniform(0.1, 0.75) * rng.uniform(0.6, 1.0, 3)
            cv2.rectangle(
                scene, (left, bottom - tall), (left + width - 2, bottom), colour.tolist(), cv2.FILLED
            )
            label = bottom - int(tall * rng.uniform(0.3, 0.8))
            paler = (colour + 0.4 * rng.uniform(0, 1)).tolist()
            cv2.rectangle(scene, (left + 3, label), (left + width - 6, label + width // 2), paler, cv2.FILLED)
            left += width + (int(rng.uniform(10, 60)) if rng.random() < 0.1 else 1)
        cv2.rectangle(scene, (0, bottom), (across, bottom + 12), (0.25, 0.35, 0.45), cv2.FILLED)
    return cv2.GaussianBlur(scene, (0, 0), 1.2)


def _wood(height: int, width: int, rng: np.random.Generator) -> Plane:
    lines = cv2.resize(rng.standard_normal((height // 3, 8)).astype(np.float32), (width, height))
    return cv2.GaussianBlur(lines, (0, 0), 1.5)


def camera(
    page: Plane, rng: np.random.Generator, blur: float = 0.7, noise: float = 0.012
) -> npt.NDArray[Any]:
    """Apply lens blur, sensor noise that grows with the light, and quantization: uint8 [H, W, 3] BGR."""
    seen = cv2.GaussianBlur(page.astype(np.float32), (0, 0), blur)
    grain = rng.standard_normal(seen.shape).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 0.6)
    seen = seen + noise * 1.6 * np.sqrt(np.clip(seen, 0.05, 1)) * grain
    return (np.clip(seen, 0, 1) * 255 + 0.5).astype(np.uint8)


def write(
    mask: Plane,
    text: str,
    at: tuple[float, float],
    size: float,
    width: float,
    rng: np.random.Generator,
    *,
    slope: float = 0.0,
    gap: float = 0.26,
    looseness: float = 1.0,
) -> None:
    """Write a line of text from `at`; `slope` is its rise per pixel, `gap` is relative to `size`."""
    x, y = at
    start = x
    for sign in text:
        if sign == " ":
            x += 0.5 * size
            continue
        height = size * rng.normal(1, 0.05)
        drift = rng.normal(0, 0.03) * size
        strokes = glyph(sign, rng, looseness)
        ink_left = min(stroke[:, 0].min() for stroke in strokes) * height
        corner = (x - ink_left, y - slope * (x - start) + drift)
        x = pen(mask, strokes, corner, height, width, rng)[1] + gap * size * rng.uniform(0.8, 1.2)
