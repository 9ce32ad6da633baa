"""Draw clips of a camera over a page, with a timeline of what is in view. Seeded; no photographs needed.

The digits are MNIST's, given by the caller as uint8 [N, 28, 28] with their labels. Paper, light and camera
are simulated: sensor noise, shake, exposure steps, a page pushed in and pulled out, fast pans with motion
blur, a hand passing by, a page swapped for another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
SIZE: Final = (640, 480)
"""Width and height of a frame in pixels."""
FPS: Final = 30
_PAPER: Final = 205
_NOISE: Final = 4.0
"""Standard deviation of the sensor noise in grey levels, as in a webcam in a lit room."""


@dataclass(frozen=True)
class Interval:
    """A span of the clip during which one text is readable."""

    start: float
    """Seconds; both ends are inclusive."""
    end: float
    text: str


@dataclass(frozen=True)
class Clip:
    """A clip whose frames are made on demand, and what is in view when."""

    name: str
    seconds: float
    timeline: tuple[Interval, ...]
    frame_at: Callable[[int], Picture]
    """Return frame i, uint8 BGR [480, 640, 3], for i in 0 .. seconds * FPS - 1."""

    def frames(self) -> Iterator[Picture]:
        """Yield all frames in order."""
        return (self.frame_at(index) for index in range(round(self.seconds * FPS)))


class Pen:
    """Writes MNIST digits onto sheets, choosing another sample for each digit."""

    def __init__(self, images: Picture, labels: npt.NDArray[Any], rng: np.random.Generator) -> None:
        self._images, self._labels, self._rng = images, labels, rng

    def sheet(self, text: str, *, height: int = 56, size: tuple[int, int] = SIZE) -> Picture:
        """Return a page of this size (width, height) with the lines of the text in its middle: uint8 grey."""
        lines = text.split("\n")
        page = np.full((size[1], size[0]), _PAPER, np.float32)
        top = (size[1] - len(lines) * height * 2) / 2 + height / 2
        for row, line in enumerate(lines):
            left = (size[0] - len(line) * height * 1.1) / 2
            for column, character in enumerate(line):
                x = round(left + column * height * 1.1)
                self._write(page, int(character), x, round(top + 2 * row * height), height)
        return page.astype(np.uint8)

    def _write(self, page: npt.NDArray[np.float32], digit: int, x: int, y: int, height: int) -> None:
        choices = np.flatnonzero(self._labels == digit)
        side = round(height * 28 / 20)
        ink = cv2.resize(self._images[self._rng.choice(choices)], (side, side), interpolation=cv2.INTER_CUBIC)
        page[y : y + side, x : x + side] -= 150 * ink.astype(np.float32) / 255


def drawn(images: Picture, labels: npt.NDArray[Any], seed: int) -> list[Clip]:
    """Return one clip of each kind."""
    kinds = (_still, _shaken, _exposed, _in_and_out, _panned, _hand, _swapped)
    return [
        kind(np.random.default_rng([seed, number]), images, labels, seed) for number, kind in enumerate(kinds)
    ]


def text_of(rng: np.random.Generator, *lengths: int) -> str:
    """Return random digits, one line of each length."""
    return "\n".join("".join(map(str, rng.integers(0, 10, length))) for length in lengths)


def shoot(
    page: Picture,
    rng: np.random.Generator,
    *,
    shift: tuple[float, float] = (0, 0),
    angle: float = 0,
    gain: float = 1,
    blur: tuple[float, float] = (0, 0),
) -> Picture:
    """Return one BGR frame: the page shifted by `shift` pixels and turned by `angle` degrees, on a dark desk.

    `gain` is the exposure; `blur` the motion in pixels while the shutter is open.
    """
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    matrix[:, 2] += np.asarray(shift)
    view = cv2.warpAffine(page, matrix, SIZE, flags=cv2.INTER_LINEAR, borderValue=70)
    steps = int(max(abs(blur[0]), abs(blur[1])))
    if steps > 1:
        kernel = np.zeros((2 * steps + 1, 2 * steps + 1), np.float32)
        half_x, half_y = round(blur[0] / 2), round(blur[1] / 2)
        cv2.line(kernel, (steps - half_x, steps - half_y), (steps + half_x, steps + half_y), 1.0)
        view = cv2.filter2D(view, -1, kernel / kernel.sum())
    grey = np.asarray(view, np.float32) * gain + rng.normal(0, _NOISE, np.shape(view))
    frame: Picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    return frame


def _frame_rng(seed: int, index: int) -> np.random.Generator:
    return np.random.default_rng([seed, 1 << 20, index])


def _still(rng: np.random.Generator, images: Picture, labels: npt.NDArray[Any], seed: int) -> Clip:
    text = text_of(rng, 4, 3)
    page = Pen(images, labels, rng).sheet(text)
    return Clip("still", 4, (Interval(0, 4, text),), lambda i: shoot(page, _frame_rng(seed, i)))


def _shaken(rng: np.random.Generator, images: Picture, labels: npt.NDArray[Any], seed: int) -> Clip:
    text = text_of(rng, 5, 5)
    page = Pen(images, labels, rng).sheet(text)
    # A hand trembles at about 8 Hz and drifts below 1 Hz; amplitudes in pixels for a page at arm's length.
    times = np.arange(8 * FPS) / FPS
    phase = rng.uniform(0, 6.28, (3, 2))
    wave = [4 * np.sin(50 * times + p) + 12 * np.sin(4 * times + q) for p, q in phase]

    def frame(i: int) -> Picture:
        blur = (wave[0][i] - wave[0][i - 1], wave[1][i] - wave[1][i - 1]) if i else (0, 0)
        shift = (wave[0][i], wave[1][i])
        return shoot(page, _frame_rng(seed, i), shift=shift, angle=wave[2][i] / 6, blur=blur)

    return Clip("shaken", 8, (Interval(0, 8, text),), frame)


def _exposed(rng: np.random.Generator, images: Picture, labels: npt.NDArray[Any], seed: int) -> Clip:
    text = text_of(rng, 4)
    page = Pen(images, labels, rng).sheet(text)
    gains = (1.0, 0.45, 1.2, 0.7, 0.3, 1.0)
    return Clip(
        "exposure steps", 6, (Interval(0, 6, text),),
        lambda i: shoot(page, _frame_rng(seed, i), gain=gains[i // FPS]),
    )  # fmt: skip


def _in_and_out(rng: np.random.Generator, images: Picture, labels: npt.NDArray[Any], seed: int) -> Clip:
    texts = [text_of(rng, 3) for _ in range(3)]
    pages = [Pen(images, labels, rng).sheet(text) for text in texts]
    timeline = tuple(Interval(4 * n + 1, 4 * n + 3, text) for n, text in enumerate(texts))

    def frame(i: int) -> Picture:
        number, within = divmod(i / FPS, 4)
        away = max(0.0, 1 - within) + max(0.0, within - 3)  # a second in, two to read, a second out
        shift = 700 * away * away * (1 if within < 2 else -1)
        speed = 1400 * away / FPS / 2  # the shutter is open for half the frame
        return shoot(pages[int(number)], _frame_rng(seed, i), shift=(shift, 0), blur=(speed, 0))

    return Clip("in and out", 12, timeline, frame)


def _panned(rng: np.random.Generator, images: Picture, labels: npt.NDArray[Any], seed: int) -> Clip:
    text = text_of(rng, 6)
    pen = Pen(images, labels, rng)
    # One digit fills the view at a time, like a region of interest panned over a sheet.
    pages = [pen.sheet(character, height=150, size=(700, 480)) for character in text]
    strip = np.hstack(pages)
    timeline = tuple(Interval(1.5 * n, 1.5 * n + 1, text[n]) for n in range(6))

    def place(second: float) -> float:
        number, within = divmod(second, 1.5)
        ease = max(0.0, (within - 1) / 0.5)
        return 700 * (min(number, 5) + (ease * ease * (3 - 2 * ease) if number < 5 else 0)) + 30

    def frame(i: int) -> Picture:
        x = place(i / FPS)
        speed = (place((i + 0.5) / FPS) - x) / 2
        view = np.ascontiguousarray(strip[:, round(x) : round(x) + 640])
        return shoot(view, _frame_rng(seed, i), blur=(speed, 0))

    return Clip("panned", 9, timeline, frame)


def _hand(rng: np.random.Generator, images: Picture, labels: npt.NDArray[Any], seed: int) -> Clip:
    text = text_of(rng, 4, 4)
    page = Pen(images, labels, rng).sheet(text)

    def frame(i: int) -> Picture:
        picture = shoot(page, _frame_rng(seed, i))
        for start in (2.0, 4.5):
            x = round(-150 + 1600 * (i / FPS - start))  # across the view in half a second
            if -150 < x < 790:
                skin = (110, 140, 190)
                cv2.ellipse(picture, (x, 300), (60, 220), 20, 0, 360, skin, cv2.FILLED, cv2.LINE_AA)
        return picture

    return Clip("hand passing", 7, (Interval(0, 7, text),), frame)


def _swapped(rng: np.random.Generator, images: Picture, labels: npt.NDArray[Any], seed: int) -> Clip:
    texts = [text_of(rng, 3) for _ in range(4)]
    pages = [Pen(images, labels, rng).sheet(text) for text in texts]
    timeline = tuple(Interval(1.5 * n, 1.5 * (n + 1), text) for n, text in enumerate(texts))
    return Clip(
        "swapped", 6, timeline, lambda i: shoot(pages[min(3, int(i / FPS / 1.5))], _frame_rng(seed, i))
    )
