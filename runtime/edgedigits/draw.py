"""Draw boxes and labels on a picture."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.results import Box, Digit, Reading

Colour = tuple[int, int, int]
Plate = tuple[int, int, int, int]
"""Left, top, right, bottom."""
SURE: Final[Colour] = (80, 175, 30)
DOUBTFUL: Final[Colour] = (0, 140, 255)
REJECTED: Final[Colour] = (150, 150, 150)
_DOUBT: Final = 0.9
"""A digit below this confidence is drawn in the colour for doubtful digits."""
_DESCENDING: Final = frozenset("gjpqy,;()")
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def annotate(picture: npt.NDArray[np.uint8], reading: Reading, *, rejected: bool = False) -> npt.NDArray[Any]:
    """Return a uint8 BGR [H, W, 3] copy of the picture with a box, label and confidence for each digit.

    `picture` is uint8, grey [H, W], BGR or BGRA, and is not changed. A box is green, or orange if the
    confidence is below 90 % or the cut from a touching neighbour is doubtful. With `rejected`, the shapes
    that were judged not to be digits get a thin grey box.
    """
    canvas = to_bgr(picture)
    width = stroke(canvas)
    if rejected:
        for shape in reading.rejected:
            box(canvas, shape.box, REJECTED, max(1, width // 2))
    plates = [_name_plate(canvas, digit) for digit in reading.digits]
    taken = [(x, y, x + w, y + h) for x, y, w, h in (digit.box for digit in reading.digits)] + plates
    for digit, plate in zip(reading.digits, plates, strict=True):
        doubtful = digit.confidence < _DOUBT or digit.uncertain_split
        colour = DOUBTFUL if doubtful else SURE
        box(canvas, digit.box, colour, width)
        left, top, _, bottom = plate
        text(canvas, _name(digit), (left, top), bottom - top, colour)
        _share(canvas, digit, plate, taken, colour)
    return canvas


def to_bgr(picture: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
    """Return a uint8 BGR copy of a grey, BGR or BGRA picture."""
    if picture.ndim == 2:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    if picture.shape[2] == 4:
        return cv2.cvtColor(picture, cv2.COLOR_BGRA2BGR)
    return picture.copy()


def stroke(canvas: npt.NDArray[Any]) -> int:
    """Return the line width in pixels that looks the same on a webcam frame and on a photograph."""
    return int(max(1, round(min(canvas.shape[:2]) / 320)))


def box(canvas: npt.NDArray[Any], where: Box, colour: Colour, width: int) -> None:
    """Draw a rectangle just around the box, so that the ink stays visible."""
    x, y, w, h = where
    cv2.rectangle(canvas, (x - width, y - width), (x + w + width, y + h + width), colour, width)


def _name(digit: Digit) -> str:
    return "?" if digit.label < 0 else str(digit.label)


def _name_plate(canvas: npt.NDArray[Any], digit: Digit) -> Plate:
    """Return where the digit's label goes: above its box or, where the picture ends there, below it."""
    x, y, _, h = digit.box
    scale = stroke(canvas)
    height = max(9 * scale, min(round(h * 0.35), 14 * scale))
    gap = 3 * scale
    top = y - height - gap
    if top < 0:
        top = min(y + h + gap, canvas.shape[0] - height)
    left = max(0, x - scale)
    return left, top, left + width_of(_name(digit), height), top + height


def _share(canvas: npt.NDArray[Any], digit: Digit, plate: Plate, taken: list[Plate], colour: Colour) -> None:
    """Write the confidence where it covers neither a digit nor other text.

    Tries the right of the label, below the box, the left of the label and above it; writes nothing if there
    is no room.
    """
    scale = stroke(canvas)
    words, height = f"{int(100 * digit.confidence)}%", 7 * scale
    width = width_of(words, height)
    left, top, right, bottom = plate
    _, y, _, h = digit.box
    below = max(y + h + 3 * scale, bottom + 1 if top > y else 0)
    aside = bottom - height
    for corner in ((right, aside), (left, below), (left - width, aside), (left, top - height - 1)):
        found = (*corner, corner[0] + width, corner[1] + height)
        inside = min(corner) >= 0 and found[2] <= canvas.shape[1] and found[3] <= canvas.shape[0]
        if inside and not any(_overlap(found, other) for other in taken):
            text(canvas, words, corner, height, colour)
            taken.append(found)
            return


def _overlap(one: Plate, other: Plate) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def text(canvas: npt.NDArray[Any], words: str, corner: tuple[int, int], height: int, colour: Colour) -> int:
    """Write white text on a filled plate, whose upper left corner is `corner`; return its right edge.

    The plate is `height` pixels high. OpenCV's baseline is not used, because OpenCV 5 draws other letters
    than 4 and measures their depth differently.
    """
    x, y = corner
    size, thick, pad = _font(height)
    (width, tall), _ = cv2.getTextSize(words, _FONT, size, thick)
    right = int(x + width + 2 * pad)
    cv2.rectangle(canvas, (x, y), (right, y + height), colour, cv2.FILLED)
    depth = round(height * 0.16) if _DESCENDING.intersection(words) else 0
    baseline = y + (height + tall) // 2 - depth
    cv2.putText(canvas, words, (x + pad, baseline), _FONT, size, (255, 255, 255), thick, cv2.LINE_AA)
    return right


def width_of(words: str, height: int) -> int:
    """Return the width in pixels of the plate that `text` draws."""
    size, thick, pad = _font(height)
    return int(cv2.getTextSize(words, _FONT, size, thick)[0][0] + 2 * pad)


def _font(height: int) -> tuple[float, int, int]:
    """Return the font scale, line thickness and padding for a plate of that height."""
    size = height / 30
    return size, max(1, round(size * 1.6)), max(1, round(height * 0.12))
