"""The picture of the live view: boxes on the frame, the text above it, the figures below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits import draw
from edgedigits.results import Box, Digit, Reading
from edgedigits.webcam.tracking import Steady

_DARK: Final[draw.Colour] = (40, 40, 40)
_REGION: Final[draw.Colour] = (255, 160, 60)
_LEAST_WIDTH: Final = 600
"""Narrower frames are enlarged; otherwise the text would be wider than the picture."""
LARGEST: Final = (1280, 900)
"""Largest width and height of a window when it opens; a larger picture is shown smaller."""
_TEXT_BAND: Final = 44
_FIGURE_BAND: Final = 20
"""Heights of the bands in pixels on the screen; on a picture that is shown smaller they are scaled up."""


@dataclass(frozen=True)
class Status:
    """What is shown around the picture."""

    fps: float = 0
    age_ms: float = 0
    stages_ms: dict[str, float] = field(default_factory=dict)
    overtaken: int = 0
    message: str = ""
    trouble: str = ""
    """What is wrong with the source; shown instead of the message, in the warning colour."""
    frozen: bool = False
    smoothing: bool = True


def waiting(name: str, trouble: str) -> npt.NDArray[Any]:
    """Return what is shown before the first picture: uint8 BGR, of the size that a 640x480 frame will take.

    An empty window would look as if the program hung.
    """
    card = np.full((480 + around(640, 480), 640, 3), _DARK, np.uint8)
    _write(card, f"waiting for {name}", 4, _TEXT_BAND // 2, _DARK)
    low = 480 + _TEXT_BAND
    _write(card, trouble, low, _FIGURE_BAND, draw.DOUBTFUL)
    _write(card, "q quit", low + _FIGURE_BAND, _FIGURE_BAND, _DARK)
    return card


def enlargement(width: int) -> int:
    """Return the whole factor by which a frame of this width is enlarged before it is shown."""
    return max(1, -(-_LEAST_WIDTH // max(1, width)))


def compose(
    image: npt.NDArray[np.uint8],
    steady: Steady,
    status: Status,
    *,
    region: Box | None = None,
    selected: Digit | None = None,
    rejected: Sequence[Digit] = (),
) -> npt.NDArray[Any]:
    """Return a uint8 BGR picture: the text, the annotated frame, a line of figures and one for messages.

    `image` is uint8 BGR [H, W, 3]; `region`, `selected` and the digits' boxes are in its pixels. The text
    takes `top_band` rows.
    """
    factor = enlargement(image.shape[1])
    if factor > 1:
        image = _enlarged(image, factor)
    digits = tuple(_scaled(digit, factor) for digit in steady.digits)
    shapes = tuple(_scaled(shape, factor) for shape in rejected)
    canvas = draw.annotate(image, Reading(steady.text, digits, rejected=shapes), rejected=True)
    if selected is not None:
        draw.box(canvas, _scaled(selected, factor).box, _REGION, 3)
    if region is not None:
        _dim_outside(canvas, tuple(factor * value for value in region))
    height, width = canvas.shape[:2]
    top, line = _bands(width, height)
    framed = np.empty((height + top + 2 * line, width, 3), np.uint8)
    framed[top : top + height] = canvas
    framed[:top] = _DARK
    framed[top + height :] = _DARK
    words = steady.text.replace("\n", " / ") or "-"
    _write(framed, words, top // 11, top * 9 // 11, _DARK)
    _write(framed, figures(status), top + height, line, _DARK)
    low = top + height + line
    if status.trouble:
        _write(framed, status.trouble, low, line, draw.DOUBTFUL)
    else:
        _write(framed, status.message, low, line, _DARK)
    return framed


def top_band(width: int, height: int) -> int:
    """Return the rows above a frame, whose size is the one after enlargement."""
    return _bands(width, height)[0]


def around(width: int, height: int) -> int:
    """Return the rows above and below a frame of that size together."""
    top, line = _bands(width, height)
    return top + 2 * line


def _bands(width: int, height: int) -> tuple[int, int]:
    shown_smaller = max(1.0, width / LARGEST[0], height / (LARGEST[1] - _TEXT_BAND - 2 * _FIGURE_BAND))
    return round(_TEXT_BAND * shown_smaller), round(_FIGURE_BAND * shown_smaller)


def figures(status: Status) -> str:
    """Return rate, age and stages in one line."""
    stages = "  ".join(f"{name} {value:.1f}" for name, value in status.stages_ms.items())
    parts = [f"{status.fps:.0f} fps", f"age {status.age_ms:.0f} ms", f"{stages} ms"]
    if status.overtaken:
        parts.append(f"{status.overtaken} dropped")
    if not status.smoothing:
        parts.append("not smoothed")
    if status.frozen:
        parts.append("FROZEN")
    return "  ".join(parts)


def _write(canvas: npt.NDArray[Any], words: str, top: int, height: int, colour: draw.Colour) -> None:
    """Write one line, which ends in dots if it is wider than the picture."""
    if not words:
        return
    room = canvas.shape[1] - 8
    if draw.width_of(words, height) > room:
        while words and draw.width_of(words + "...", height) > room:
            words = words[:-1]
        words += "..."
    draw.text(canvas, words, (4, top), height, colour)


def _enlarged(image: npt.NDArray[np.uint8], factor: int) -> npt.NDArray[Any]:
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)


def _scaled(digit: Digit, factor: int) -> Digit:
    if factor == 1:
        return digit
    x, y, width, height = digit.box
    return replace(digit, box=(x * factor, y * factor, width * factor, height * factor))


def _dim_outside(canvas: npt.NDArray[Any], region: Sequence[int]) -> None:
    x, y, width, height = region
    inside = canvas[y : y + height, x : x + width].copy()
    canvas >>= 1
    canvas[y : y + height, x : x + width] = inside
    cv2.rectangle(canvas, (x, y), (x + width, y + height), _REGION, 1)
