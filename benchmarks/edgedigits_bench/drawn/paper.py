"""What pages have besides digits: texture, light, shadows, rules, signs, specks; and how they are turned."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.results import Box

Floats = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]
Shape = tuple[int, ...]


def trace(page: Floats, stroke: Points, darkness: float, thickness: int) -> None:
    """Draw a stroke, [n, 2] in pixels, into a page's ink, 0..1, to a sixteenth of a pixel."""
    cv2.polylines(page, [np.rint(16 * stroke).astype(np.int32)], False, darkness, thickness, cv2.LINE_AA, 4)


def grain(shape: Shape, size: float, rng: np.random.Generator) -> Floats:
    """Return smooth noise with features of about `size` pixels, uniformly distributed in 0..1."""
    factor = max(1.0, size)
    small = rng.random((int(shape[0] / factor) + 2, int(shape[1] / factor) + 2), dtype=np.float32)
    noise = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.clip(noise, 0, 1).astype(np.float32)


def texture(shape: Shape, rng: np.random.Generator) -> Floats:
    """Return the texture of paper fibres: a few percent, at two scales."""
    depth = rng.uniform(0.01, 0.04)
    coarse = grain(shape, max(shape) / 40, rng)
    fine = grain(shape, 2, rng)
    return (1 - depth * (coarse + fine)).astype(np.float32)


def gradient(shape: Shape, rng: np.random.Generator) -> Floats:
    """Return light from one side, 60 to 100 % of full."""
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / max(shape)
    along = x * np.cos(angle) + y * np.sin(angle)
    along = (along - along.min()) / (along.max() - along.min())
    return np.asarray(rng.uniform(0.8, 0.98) - rng.uniform(0.05, 0.3) * along, np.float32)


def vignette(shape: Shape, rng: np.random.Generator) -> Floats:
    """Return the light of a lamp in the middle: the corners get a third."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    centre = rng.uniform(0.35, 0.65, 2) * shape[:2]
    away = np.hypot(y - centre[0], x - centre[1]) / max(shape)
    return np.asarray(0.95 / (1 + rng.uniform(2, 5) * away**2), np.float32)


def hard_shadow(shape: Shape, rng: np.random.Generator) -> Floats:
    """Return the shadow of a phone, a dark rounded corner with a sharp outline, over a gradient."""
    light = gradient(shape, rng)
    outline = np.zeros(shape[:2], np.float32)
    left, top = (rng.uniform(0.1, 0.7, 2) * shape[1::-1]).astype(int)
    corners = np.array(
        [[left, top], [2 * shape[1], top + rng.integers(-80, 80)], [2 * shape[1], 2 * shape[0]]]
    )
    corners = np.vstack([corners, [[left + rng.integers(-80, 80), 2 * shape[0]]]]).astype(np.int32)
    cv2.fillPoly(outline, [corners], 1.0)
    if rng.random() < 0.5:
        outline = np.ascontiguousarray(outline[:, ::-1])
    # Thresholding the blurred outline at one half rounds its corners and leaves straight sides in place.
    rounded = cv2.GaussianBlur(outline, (0, 0), float(rng.uniform(0.002, 0.05)) * shape[1]) > 0.5
    soft = cv2.GaussianBlur(rounded.astype(np.float32), (0, 0), float(rng.uniform(0.5, 4)))
    return (light * (1 - rng.uniform(0.3, 0.8) * soft)).astype(np.float32)


def dappled(shape: Shape, rng: np.random.Generator) -> Floats:
    """Return the shade of leaves: patches of digit size and larger, with soft edges, over a gradient."""
    patches = grain(shape, float(rng.uniform(0.06, 0.16)) * max(shape), rng) > 0.5
    soft = cv2.GaussianBlur(patches.astype(np.float32), (0, 0), float(rng.uniform(2, 10)))
    return (gradient(shape, rng) * (1 - rng.uniform(0.3, 0.6) * soft)).astype(np.float32)


def pressed(shape: Shape, most: float, rng: np.random.Generator) -> Floats:
    """Return how much ink uneven pressure leaves, from 1 down to 1 - `most`, on a grid of three by three."""
    force = cv2.resize(rng.random((3, 3), dtype=np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC)
    # The pressure saturates below 0.15 and above 0.85: about a sixth of the digit at either end.
    return np.asarray(1 - most * (1 - np.clip((force - 0.15) / 0.7, 0, 1)), np.float32)


def creases(shape: Shape, rng: np.random.Generator) -> Floats:
    """Return the light on a crumpled sheet: it falls differently on the two sides of each fold."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    light = gradient(shape, rng)
    for _ in range(int(rng.integers(3, 9))):
        angle = rng.uniform(0, np.pi)
        place = rng.uniform(0, 1, 2) * shape[:2]
        away = (x - place[1]) * np.cos(angle) + (y - place[0]) * np.sin(angle)
        sharp, reach = rng.uniform(1, 15), rng.uniform(0.03, 0.2) * max(shape)
        light *= 1 + rng.uniform(0.05, 0.2) * np.tanh(away / sharp) * np.exp(-np.abs(away) / reach)
    return np.asarray(light, np.float32)


def rules(ink: Floats, rng: np.random.Generator, height: float) -> Floats:
    """Draw horizontal rules, a little sloped and bent, 1.3 to 2.5 digit heights apart."""
    page = np.zeros_like(ink)
    _lines(page, rng, height * rng.uniform(1.3, 2.5), rng.uniform(0.25, 0.8), max(1, round(0.05 * height)))
    return page


def grid(ink: Floats, rng: np.random.Generator, height: float) -> Floats:
    """Draw squared paper: fainter lines in both directions."""
    page, other = np.zeros_like(ink), np.zeros(ink.shape[::-1], np.float32)
    pitch, darkness = height * rng.uniform(0.6, 1.2), rng.uniform(0.15, 0.4)
    thickness = max(1, round(0.03 * height))
    _lines(page, rng, pitch, darkness, thickness)
    _lines(other, rng, pitch, darkness, thickness)
    return np.maximum(page, other.T)


def frames(shape: Shape, boxes: Sequence[Box], rng: np.random.Generator, height: float) -> Floats:
    """Draw a form's box, or a hand-drawn ring, around each digit of a page."""
    page = np.zeros(shape, np.float32)
    ring, darkness = rng.random() < 0.3, float(rng.uniform(0.3, 0.8))
    thickness = max(1, round(0.04 * height))
    for x, y, w, h in boxes:
        margin = round(height * rng.uniform(0.15, 0.3))
        if ring:
            middle, reach = (x + w // 2, y + h // 2), (round(0.6 * w) + margin, round(0.6 * h) + margin)
            cv2.ellipse(page, middle, reach, 0, 0, 360, darkness, thickness, cv2.LINE_AA)
        else:
            corner = (x + w + margin, y + h + margin)
            cv2.rectangle(page, (x - margin, y - margin), corner, darkness, thickness, cv2.LINE_AA)
    return page


def over(ink: Floats, other: Floats) -> Floats:
    """Combine two layers of ink, each of which absorbs its share of the light."""
    return (1 - (1 - ink) * (1 - other)).astype(np.float32)


def bleed(ink: Floats, rng: np.random.Generator, most: float, height: float) -> Floats:
    """Return the ink on the back that shines through: up to `most` of it, mirrored and blurred."""
    soft = cv2.GaussianBlur(ink[:, ::-1], (0, 0), float(rng.uniform(0.02, 0.05)) * height)
    uneven = 0.7 + 0.3 * grain(ink.shape, 0.5 * height, rng)
    return (rng.uniform(most / 3, most) * soft * uneven).astype(np.float32)


def wiped(ink: Floats, rng: np.random.Generator, most: float, height: float) -> Floats:
    """Return what a cloth leaves of writing on a board: up to `most` of it, smeared one way, unevenly."""
    reach = max(3, round(height * rng.uniform(0.1, 0.5)))
    smear = np.zeros((reach, reach), np.float32)
    angle = rng.uniform(-0.6, 0.6)
    end = (round(reach / 2 * (1 + np.cos(angle))), round(reach / 2 * (1 + np.sin(angle))))
    cv2.line(smear, (reach - 1 - end[0], reach - 1 - end[1]), end, 1.0)
    smeared = cv2.filter2D(ink, -1, smear / smear.sum(), borderType=cv2.BORDER_REPLICATE)
    left = grain(ink.shape, 1.5 * height, rng)
    both = smeared + rng.uniform(0, 1) * ink
    return np.asarray(rng.uniform(most / 3, most) * left * both, np.float32)


def signs(shape: Shape, boxes: Sequence[Box], rng: np.random.Generator, height: float) -> Floats:
    """Draw the signs of amounts, dates and sums between digits: . , ' : - = + / ( ) where there is room."""
    page = np.zeros(shape, np.float32)
    thickness = max(1, round(0.09 * height))
    darkness = float(rng.uniform(0.6, 0.95))
    drawn = ".,':-=+/()"
    for (x, y, w, h), (left, top, _, down) in pairwise(boxes):
        room = left - x - w
        if not 0.4 * height < room < 2 * height or rng.random() < 0.3:
            continue  # too narrow, the end of a line, or no sign chosen
        middle, half = (y + h / 2 + top + down / 2) / 2, (h + down) / 4
        at = np.array([x + w + room / 2, middle])
        for line in _sign(drawn[int(rng.integers(len(drawn)))], rng):
            points = np.rint(at + half * np.asarray(line)).astype(np.int32)
            cv2.polylines(page, [points], False, darkness, thickness, cv2.LINE_AA)
    return page


def _sign(name: str, rng: np.random.Generator) -> list[list[tuple[float, float]]]:
    """Return the strokes of a sign; x and y from the middle of the line, in halves of its height."""
    size = float(rng.uniform(0.2, 0.35))
    lean = float(rng.uniform(-0.5, 0.1)) * size
    tail = [(0.0, 0.0), (0.0, size), (lean, 2 * size)]
    level = [(-size, 0.0), (size, 0.05)]
    dot = [(0.0, 0.0), (0.03, 0.0)]
    high = float(rng.uniform(1.25, 1.5))
    bow = [(0.25 * size, -high), (-0.5 * size, -0.4 * high), (-0.5 * size, 0.4 * high), (0.25 * size, high)]
    return {
        ".": [_moved(dot, 0.95)],
        ",": [_moved(tail, 1 - size)],
        "'": [_moved(tail, -1)],
        ":": [_moved(dot, -0.4), _moved(dot, 0.4)],
        "-": [level],
        "=": [_moved(level, -0.25), _moved(level, 0.25)],
        "+": [level, [(0.0, -size), (0.03, size)]],
        "/": [[(0.3 * high, -high), (-0.3 * high, high)]],
        "(": [bow],
        ")": [[(-x, y) for x, y in bow]],
    }[name]


def _moved(line: list[tuple[float, float]], down: float) -> list[tuple[float, float]]:
    return [(x, y + down) for x, y in line]


def _lines(page: Floats, rng: np.random.Generator, pitch: float, darkness: float, thickness: int) -> None:
    width = page.shape[1]
    x = np.linspace(0, width, 16)
    slope, bend = rng.uniform(-0.03, 0.03), rng.uniform(-0.01, 0.01)
    for start in np.arange(rng.uniform(-1, 0) * pitch, len(page) + pitch, pitch):
        y = start + slope * x + bend * width * (2 * x / width - 1) ** 2
        points = np.rint(np.column_stack([x, y])).astype(np.int32)
        cv2.polylines(page, [points], False, float(darkness), thickness, cv2.LINE_AA)


def specks(ink: Floats, rng: np.random.Generator, height: float) -> Floats:
    """Draw dirt and a few blots, none larger than a third of a digit."""
    page = np.zeros_like(ink)
    for _ in range(int(rng.integers(20, 80))):
        centre = (int(rng.integers(page.shape[1])), int(rng.integers(page.shape[0])))
        radius = int(max(1, height * rng.uniform(0.01, 0.04)))
        cv2.circle(page, centre, radius, float(rng.uniform(0.2, 0.9)), cv2.FILLED, cv2.LINE_AA)
    clear = cv2.dilate((ink > 0.2).astype(np.uint8), np.ones((15, 15), np.uint8))
    return np.where(clear > 0, 0, page).astype(np.float32)


def turned(
    size: tuple[int, int], around: int, angles: tuple[float, float], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return a rotation, in degrees either way, about the middle of a page; it cuts off the margin `around`.

    The whole page is scaled to fit into `size`.
    """
    width, height = size
    angle = rng.uniform(*angles) * rng.choice((-1, 1))
    sine, cosine = abs(np.sin(np.deg2rad(angle))), np.cos(np.deg2rad(angle))
    fits = min(1 / (cosine + sine * height / width), 1 / (cosine + sine * width / height))
    turn = cv2.getRotationMatrix2D((around + width / 2, around + height / 2), angle, fits)
    turn[:, 2] -= around
    return np.asarray(np.vstack([turn, [0, 0, 1]]), np.float32)


def askew(
    size: tuple[int, int], least: float, most: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return a perspective that moves each corner inwards by `least` to `most` of the width and height."""
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    target = (corners + rng.uniform(least, most, (4, 2)) * size * inwards).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, target), dtype=np.float32)
