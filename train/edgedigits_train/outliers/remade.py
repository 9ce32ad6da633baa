"""Make outliers from real digits: mirror, rotate, cross out, cut or merge them.

Computer-drawn strokes are smooth, and a network could learn to tell them from a pen's. These outliers have
MNIST's own strokes, so that only the arrangement shows that they are no digits. What a person would take for
a digit is left out where that is known beforehand.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.canonical import canonical
from edgedigits_train.mix import pens
from edgedigits_train.mix.pens import INK, MARGIN, SIDE

Image = npt.NDArray[np.uint8]
Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]

_TRIES = 20
"""Digits to try until the ink and the added stroke do not hide each other."""

_TURNS: dict[str, tuple[Callable[[Image], Image], tuple[int, ...]]] = {
    "left to right": (lambda digit: digit[:, ::-1], (3, 4, 6, 7, 9)),
    "upside down": (lambda digit: digit[::-1], (4, 6, 7, 9)),
    "half a turn": (lambda digit: digit[::-1, ::-1], (3, 4, 7)),
    "a quarter turn": (lambda digit: digit.T[:, ::-1], (2, 3, 4, 5, 6, 7, 9)),
    "a quarter turn back": (lambda digit: digit.T[::-1], (2, 3, 4, 5, 6, 7, 9)),
    "rows for columns": (lambda digit: digit.T, (3, 5, 6, 7, 9)),
    "rows for columns, from the end": (lambda digit: digit.T[::-1, ::-1], (2, 3, 4, 5, 6, 9)),
}
"""The symmetries of a square, each with the digits that it turns into something else. Left out, for example:
a mirrored 2 is a 5, a 3 upside down is a 3, a 6 after half a turn is a 9, a 4 flipped along its diagonal is
often a 2, and 0, 1 and 8 stay what they are."""
_WIDE = 8
"""Minimum width in pixels of half a digit: with a narrower one the stroke through it is just a thick 1."""


def _pick(digits: Images, labels: Labels, rng: np.random.Generator, among: tuple[int, ...] = ()) -> Image:
    while True:
        index = rng.integers(len(digits))
        if not among or int(labels[index]) in among:
            return np.asarray(digits[index], np.uint8)


def mirrored(digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Return a digit mirrored, rotated, or both: real strokes in the wrong arrangement."""
    turn, among = list(_TURNS.values())[rng.integers(len(_TURNS))]
    return np.ascontiguousarray(turn(_pick(digits, labels, rng, among)))


def _apart(first: Image, second: Image) -> bool:
    """Whether more than half of the ink of each lies outside the other; otherwise one hides the other."""
    a, b = first > INK, second > INK
    return 2 * int((a & b).sum()) < min(int(a.sum()), int(b.sum()))


def crossed(digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Draw one more stroke, as wide as the digit's own, through its middle: crossed out, or a letter.

    A barred 7, a barred 2 and a slashed 0 are still digits, and a 1, 4 or 9 with a bar may be a 4. The others
    are crossed out from edge to edge and beyond, but not along their slant, which would only make them
    thicker. In a 0 a level bar makes a letter even if it does not reach the ring.
    """
    zero = rng.random() < 0.4
    for _ in range(_TRIES):
        digit = _pick(digits, labels, rng, (0,) if zero else (3, 5, 6, 8))
        level = zero and rng.random() < 0.6
        angle = rng.uniform(-0.4, 0.4) if level else rng.uniform(-0.4, 1.8)
        way = np.array([np.cos(angle), np.sin(angle)])
        x, y, wide, high = _box(digit)
        # To the edge of the bounding box; beyond it for bars that are in no letter.
        reach = min(side / 2 / max(abs(part), 1e-6) for side, part in zip((wide, high), way, strict=True))
        reach *= rng.uniform(0.3, 1.35) if level else rng.uniform(1.1, 1.6)
        middle = np.array([x + wide / 2, y + high / 2]) + rng.uniform(-0.12, 0.12, 2) * (wide, high)
        steps = np.linspace(-1, 1, 9)[:, None]
        sag = rng.uniform(-0.15, 0.15) * reach * (1 - steps**2) * way[::-1] * (-1, 1)
        sheet = np.pad(digit, MARGIN)
        line = pens.stroke(middle + steps * way * reach + sag, digit, rng)
        if _apart(sheet, line):
            break
    return canonical(np.maximum(sheet, line))


def _box(ink: Image) -> tuple[int, int, int, int]:
    """Return the bounding box of the clear ink in pixels: left, top, width, height."""
    x, y, wide, high = cv2.boundingRect((ink > INK).astype(np.uint8))
    return x, y, wide, high


def flagged(digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Give a 0 a long level flag at its top or a tail across its lower edge, as letters have.

    Not at its sides, where a stroke makes it a 6 or a 9, and longer than the tails of real zeros.
    """
    for _ in range(_TRIES):
        digit = _pick(digits, labels, rng, (0,))
        x, y, wide, high = _box(digit)
        middle, size = np.array([x + wide / 2, y + high / 2]), np.array([wide, high])
        if rng.random() < 0.6:
            start = middle + size * (0, -0.5) + (0, 1)
            end = start + wide * rng.uniform((0.55, -0.25), (1.3, 0.15)) * (int(rng.choice((-1, 1))), 1)
        else:
            # To the lower right: along the other diagonal it would be the slash that some hands give a 0.
            start = middle + size * rng.uniform((0, 0.05), (0.2, 0.25))
            end = middle + size * rng.uniform((0.5, 0.5), (0.8, 0.75))
        steps = np.linspace(0, 1, 9)[:, None]
        sag = rng.uniform(-0.15, 0.15) * wide * np.sin(np.pi * steps) * (0, 1)
        line = pens.stroke(start + steps * (end - start) + sag, digit, rng)
        sheet = np.pad(digit, MARGIN)
        if _apart(sheet, line):
            break
    return canonical(np.maximum(sheet, line))


def compound(digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Draw a straight stroke through the middle of the upper or lower half of a digit, as in many letters.

    Through the middle, because half a 0 with a stroke at its side is a 6, a 9 or a 4. The halves that are
    left out make a 2, 4, 7 or 9 with the stroke.
    """
    for _ in range(_TRIES):
        upper = bool(rng.integers(2))
        digit = _pick(digits, labels, rng, (0, 5, 8) if upper else (3, 5))
        half = _half(digit, upper, rng.uniform(0.4, 0.6))
        x, y, wide, high = _box(half)
        # Mostly across the slant of handwriting, seldom along it.
        stroke = _turned_one(digits, labels, rng, float(rng.choice((0, 45, 45, -45)) + rng.normal(0, 8)))
        aside, down = rng.uniform(-0.1, 0.1), rng.uniform(-0.5, 0.5)
        across = _moved(stroke, np.array([x + wide * (0.5 + aside), y + high * (0.5 + down)]))
        sheet = np.pad(half, MARGIN)
        if wide >= _WIDE and _apart(sheet, across):
            break
    return canonical(np.maximum(sheet, across))


def _turned_one(digits: Images, labels: Labels, rng: np.random.Generator, degrees: float) -> Image:
    """Return a 1, rotated and scaled, in the middle of a frame with a margin."""
    turn = np.asarray(cv2.getRotationMatrix2D((13.5, 13.5), degrees, rng.uniform(0.6, 1.2)), np.float64)
    turn[:, 2] += MARGIN
    sheet = cv2.warpAffine(_pick(digits, labels, rng, (1,)), turn, (SIDE + 2 * MARGIN, SIDE + 2 * MARGIN))
    return np.asarray(sheet, np.uint8)


def _moved(sheet: Image, to: npt.NDArray[np.float64]) -> Image:
    """Move what is at the centre of a frame with a margin to `to`, in pixels of the frame."""
    shift = np.eye(2, 3)
    shift[:, 2] = to - 13.5
    return np.asarray(cv2.warpAffine(sheet, shift, sheet.shape[::-1]), np.uint8)


def _half(digit: Image, upper: bool, share: float) -> Image:
    """Keep this share of a digit's height, from the top or from the bottom, in place."""
    half = digit.copy()
    rows = np.flatnonzero(half.max(1))
    cut = int(rows[0] + (rows[-1] - rows[0]) * (share if upper else 1 - share))
    half[cut:] *= not upper
    half[:cut] *= upper
    return half


def part(digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Cut off the upper or lower third of a digit, or a little more, and frame it as if it were whole.

    Only where the part is no digit: the upper part of a 6 is a 1, the lower part of an 8 is a 0. Not half
    of a digit, since half a 2 can be a 7.
    """
    upper = bool(rng.integers(2))
    digit = _pick(digits, labels, rng, (0, 2, 3, 5, 7, 8, 9) if upper else (0, 2, 3, 5))
    return canonical(_half(digit, upper, rng.uniform(0.3, 0.42)))


def strokes(digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Draw two straight strokes that cross, or that meet away from their ends, as in X, T, y and lambda.

    Two strokes that meet at their ends are a 7 or a 1 as often as a letter.
    """
    for _ in range(_TRIES):
        steep = rng.uniform(-60, 20)
        first = _turned_one(digits, labels, rng, steep)
        second = _turned_one(digits, labels, rng, steep + float(rng.choice((-1, 1))) * rng.uniform(40, 110))
        across = _moved(second, 13.5 + rng.uniform(-5, 5, 2))
        if _apart(first, across):
            break
    return canonical(np.maximum(first, across))


def touching(digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Return two digits side by side that run into each other, framed as one."""
    left, right = _pick(digits, labels, rng), _pick(digits, labels, rng)
    if rng.random() < 0.3:
        # Beside a 1 the other digit fills most of the picture, and the network is most sure of it.
        left, right = (left, _pick(digits, labels, rng, (1,)))[:: rng.choice((-1, 1))]
    widths = [np.flatnonzero(digit.max(0)) for digit in (left, right)]
    gap = int(rng.integers(-4, 2))
    canvas = np.zeros((SIDE, 3 * SIDE), np.uint8)
    a = left[:, widths[0][0] : widths[0][-1] + 1]
    b = right[:, widths[1][0] : widths[1][-1] + 1]
    canvas[:, SIDE - a.shape[1] : SIDE] = a
    start = SIDE + gap
    lift = int(rng.integers(-3, 4))
    region = canvas[:, start : start + b.shape[1]]
    np.maximum(region, np.roll(b, lift, 0), out=region)
    return canonical(canvas)
