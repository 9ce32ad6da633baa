"""Draw handwritten pages from MNIST digits, with exact boxes: a test of the reader without photographs.

The kind of page is its difficulty (`difficulties`). Everything is seeded. Digits of MNIST's test set are for
reporting only; constants of the reader are fitted on pages of training digits. `scenes_command` scores a
reader on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.results import Box
from edgedigits_bench.drawn import camera, cuttings, forms, paper, screens
from edgedigits_bench.drawn.colours import tinted
from edgedigits_bench.drawn.corrections import corrections, surrounding
from edgedigits_bench.drawn.difficulties import DIFFICULTIES, Style
from edgedigits_bench.drawn.figures import figures
from edgedigits_bench.drawn.mixture import mixed
from edgedigits_bench.drawn.printing import FACES, print_word, word
from edgedigits_bench.drawn.symbols import DIGIT, WORD, draw
from edgedigits_bench.drawn.table import hold, lay
from edgedigits_bench.scoring import Truth

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LAID: Final = ("size", "height", "rows", "headline")
"""The settings of a style that make a close-up."""


class Scene(NamedTuple):
    """A picture, uint8 [H, W, 3] BGR, and the truth about what is written in it."""

    picture: Bytes
    truth: Truth


def draw_scene(images: Bytes, labels: npt.NDArray[Any], style: Style, rng: np.random.Generator) -> Scene:
    """Draw one page with digits from pictures, uint8 [N, 28, 28], and their labels [N]."""
    if style.tiles:
        return Scene(*cuttings.tiles(images, labels, rng))
    if style.several[1]:
        chosen = mixed(style.several, rng)
        # A close-up stays a close-up.
        style = replace(
            style, **{name: chosen[name] for name in chosen if not (style.close and name in LAID)}
        )
    if style.drill:
        same = labels == rng.choice(labels)
        images, labels = images[same], labels[same]
    width, height = style.size
    digit_height = float(rng.uniform(*style.height))
    if style.headline[1]:
        ink, boxes, lines = _with_headline(images, labels, style, digit_height, rng)
    else:
        ink, boxes, lines = _write(images, labels, style, digit_height, rng)
    if style.dry:
        ink *= (paper.grain(ink.shape, 0.06 * digit_height, rng) > style.dry).astype(np.float32)
    digits = len(boxes)
    darkness = rng.uniform(*style.darkness)
    # Rules continue beyond the camera's view.
    beyond = max(style.size) // 2 if style.turned[1] else 0
    if beyond:
        ink = np.pad(ink, beyond)
        boxes = [(x + beyond, y + beyond, w, h) for x, y, w, h in boxes]
    page: Any = ink * darkness
    for mark in style.marks:
        page = np.maximum(page, mark(ink, rng, digit_height))
    if style.framed:
        page = np.maximum(page, paper.frames(ink.shape, boxes, rng, digit_height))
    if style.blanks:
        page = np.maximum(page, forms.blanks(ink.shape, boxes, rng, digit_height))
    if style.barred:
        page = np.maximum(page, forms.bars(ink.shape, boxes, rng, digit_height))
    if style.corrected:
        page = np.maximum(page, corrections(ink.shape, boxes, rng, digit_height))
    if style.figures:
        page = np.maximum(page, figures(ink.shape, boxes, rng, digit_height))
    if style.shaded_rows:
        page = np.maximum(page, forms.shaded_rows(ink.shape, boxes, rng, digit_height))
    if style.signs:
        page = np.maximum(page, paper.signs(ink.shape, boxes, rng, digit_height))
    for most, left_of in ((style.ghost, paper.bleed), (style.wiped, paper.wiped)):
        if most:
            under = _write(images, labels, style, digit_height, rng)[0]
            page = paper.over(page, left_of(under, rng, most, digit_height))
    warp = paper.askew(style.size, 0.0, style.perspective, rng)
    if beyond:
        warp = warp @ paper.turned(style.size, beyond, style.turned, rng)
    page = cv2.warpPerspective(page, warp, (width, height), flags=cv2.INTER_LINEAR)
    boxes = [_warped(box, warp) for box in boxes]
    page = cv2.GaussianBlur(page, (0, 0), float(rng.uniform(*style.blur)))
    light = style.light((height, width), rng) * paper.texture((height, width), rng)
    if style.coloured:
        picture: Any = tinted(page, light, rng)
    else:
        grey = light * (0.18 + 0.72 * page if style.bright else 1 - page)
        tint = rng.uniform(0.9, 1.0, 3).astype(np.float32)
        picture = 255 * grey[:, :, None] * tint
    if style.table or style.held:
        part = _around(boxes, rng.uniform(*style.margin) * digit_height) if style.margin[1] else None
        picture, warp = hold(picture, rng) if style.held else lay(picture, rng, part)
        boxes = [_warped(box, warp) for box in boxes]
    if style.cast is not None:
        picture *= style.cast((height, width), rng)[:, :, None]
    if style.exposure != (1.0, 1.0):
        picture *= np.float32(rng.uniform(*style.exposure))
    picture += rng.normal(0, rng.uniform(*style.noise), picture.shape).astype(np.float32)
    if style.sharpened[1]:
        picture = camera.sharpened(picture, float(rng.uniform(*style.sharpened)), rng)
    assert len(boxes) == digits
    scene = Scene(np.clip(picture + 0.5, 0, 255).astype(np.uint8), Truth(tuple(lines), tuple(boxes)))
    if style.cut is not None:
        scene = Scene(*cuttings.one_line(*scene, rng.uniform(*style.cut), rng))
    return Scene(*screens.on_screen(*scene, rng)) if style.screen else scene


def scenes_of(
    images: Bytes, labels: npt.NDArray[Any], difficulty: str, pages: int, seed: int
) -> Iterator[Scene]:
    """Yield `pages` pages of the difficulty with this name; the same seed draws the same pages."""
    for page in range(pages):
        rng = np.random.default_rng([seed, page, *difficulty.encode()])
        yield draw_scene(images, labels, DIFFICULTIES[difficulty], rng)


def _with_headline(
    images: Bytes, labels: npt.NDArray[Any], style: Style, height: float, rng: np.random.Generator
) -> tuple[Floats, list[Box], list[str]]:
    """Write one line of large digits in the upper half of a page, small ones below; returns as `_write`."""
    across, down = style.size
    upper, lower = down // 2, down - down // 2
    large = replace(style, size=(across, upper), rows=(1, 1))
    ink, boxes, lines = _write(images, labels, large, rng.uniform(*style.headline) * height, rng)
    below, others, rows = _write(images, labels, replace(style, size=(across, lower)), height, rng)
    moved = [(x, y + upper, w, h) for x, y, w, h in others]
    return np.vstack([ink, below]), boxes + moved, lines + rows


def _write(
    images: Bytes, labels: npt.NDArray[Any], style: Style, height: float, rng: np.random.Generator
) -> tuple[Floats, list[Box], list[str]]:
    """Write digits in rows within a margin; return ink, 0..1, boxes in reading order, and a text per row."""
    across, down = style.size
    ink = np.zeros((down, across), np.float32)
    boxes: list[Box] = []
    lines: list[str] = []
    pitch = height * rng.uniform(*style.pitch)
    margin = 0.04 * across if style.close else 0.08 * across + height / 2
    slope = np.tan(np.radians(rng.uniform(-style.slope, style.slope)))
    room = int((down - 2 * margin - height - abs(slope) * across) // pitch) + 1
    rows = max(1, min(int(rng.integers(style.rows[0], style.rows[1] + 1)), room))
    lists = any(WORD in pattern for pattern in style.patterns)
    face = str(rng.choice(FACES)) if style.words or lists else ""
    top = rng.uniform(
        margin, max(margin + 1, down - margin - (1.2 * height if style.close else rows * pitch))
    )
    if slope < 0:
        top += abs(slope) * 0.8 * across
    for row in range(rows):
        x, text = margin + rng.uniform(0, 0.4 if style.close else 0.1) * across, ""
        pattern = iter(str(rng.choice(style.patterns))) if style.patterns else repeat(DIGIT)
        while len(text) < 12:
            sign = next(pattern, "")
            if not sign:
                break
            before_digit = sign == DIGIT and face and x < across and rng.random() < style.words
            if sign == WORD or before_digit:
                name = word(face, height * rng.uniform(*style.capital), rng)
                x = print_word(ink, name, x, top + row * pitch + slope * x + height, height, rng)
                continue
            if sign != DIGIT:
                x += draw(ink, sign, x, top + row * pitch + slope * x, height, rng)
                x += height * rng.uniform(*style.gap)
                continue
            which = int(rng.integers(len(images)))
            digit = _pen(images[which], height * rng.uniform(0.85, 1.1), style, rng)
            digit *= paper.pressed(digit.shape, style.pressure, rng) if style.pressure else 1
            y = top + row * pitch + slope * x + rng.uniform(-0.05, 0.05) * height + (height - len(digit)) / 2
            left, upper = round(x), round(y)
            if left + digit.shape[1] > across - margin / 2:
                break
            if upper < 2 or upper + len(digit) > down - 2:
                break
            boxes.append(_put(ink, digit, left, upper))
            text += str(labels[which])
            x += digit.shape[1]
            if style.raised and rng.random() < style.raised:
                which = int(rng.integers(len(images)))
                small = _pen(images[which], height * rng.uniform(0.45, 0.6), style, rng)
                left, upper = round(x + height * rng.uniform(0.08, 0.2)), round(y - 0.25 * height)
                if upper >= 2 and left + small.shape[1] <= across - margin / 2:
                    boxes.append(_put(ink, small, left, upper))
                    text += str(labels[which])
                    x = left + small.shape[1]
            x += height * rng.uniform(*style.gap)
        if text:
            lines.append(text)
    return ink, boxes, lines


def _put(ink: Floats, digit: Floats, left: int, upper: int) -> Box:
    """Write a digit into a page's ink and return its box."""
    area = ink[upper : upper + len(digit), left : left + digit.shape[1]]
    np.maximum(area, digit, out=area)
    return left, upper, digit.shape[1], len(digit)


def _pen(image: Bytes, height: float, style: Style, rng: np.random.Generator) -> Floats:
    """Return one digit's ink at its height, float32 [h, w], 0..1, cropped, with another stroke width."""
    # Enlarging sixteen times, smoothing and thresholding at one half gives a pen's outline, not pixels.
    x, y, w, h = cv2.boundingRect(image)
    scale = height / 20
    padded = cv2.copyMakeBorder(image[y : y + h, x : x + w], 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=0)
    fine = max(1.0, np.ceil(4 / scale)) * scale
    large = cv2.resize(padded, None, fx=fine, fy=fine, interpolation=cv2.INTER_CUBIC)
    large = cv2.GaussianBlur(large, (0, 0), 0.35 * fine)
    shape: Any = (large > 110).astype(np.uint8) * 255
    change = round(float(rng.uniform(*style.pen)) * fine / 2)
    if change:
        size = abs(change) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        thin = cv2.erode(shape, kernel)
        # A stroke that would vanish keeps its width.
        keeps = change > 0 or cv2.countNonZero(thin) > 0.2 * cv2.countNonZero(shape)
        shape = (cv2.dilate(shape, kernel) if change > 0 else thin) if keeps else shape
    smaller = cv2.resize(shape, None, fx=scale / fine, fy=scale / fine, interpolation=cv2.INTER_AREA)
    x, y, w, h = cv2.boundingRect((smaller > 127).astype(np.uint8))
    ink: Floats = np.asarray(smaller[y : y + h, x : x + w], np.float32)
    ink /= 255
    return ink


def _around(boxes: Sequence[Box], margin: float) -> Box:
    """Return the bounding box of boxes with a margin, in pixels."""
    left, top, width, height = surrounding(boxes)
    room = round(margin)
    return left - room, top - room, width + 2 * room, height + 2 * room


def _warped(box: Box, warp: npt.NDArray[np.float32]) -> Box:
    """Return the bounding box of a box's corners after the warp."""
    x, y, w, h = box
    corners = np.array([[[x, y], [x + w, y], [x + w, y + h], [x, y + h]]], np.float32)
    moved = cv2.perspectiveTransform(corners, warp)[0]
    (left, top), (right, bottom) = moved.min(axis=0), moved.max(axis=0)
    return round(float(left)), round(float(top)), round(float(right - left)), round(float(bottom - top))
