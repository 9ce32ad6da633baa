"""Bars around a picture: a screenshot's and a viewer's, a film's, the margins of a slide or a scan.

They hold nothing, but against them a page is what is bright or dark, and its ink is neither. A camera's
noise leaves no line of pixels as even as they are, so that most pictures are done with after four lines.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import cv2
import numpy as np

from edgedigits.ink.afar import LEAST_STEP
from edgedigits.pictures import Picture, as_bytes, to_grey

EVEN: Final = 3
"""Grey levels that a bar's pixels differ by at most: JPEG leaves one or two."""
SOFT: Final = 16
"""Pixels within which a bar ends: JPEG's blocks, seen twice as large, blur its edge."""
FULL: Final = 0.9
"""Share of its length along which a picture differs from the bar beside it: strokes may cross its edge.
Digits on an even ground end nowhere along a straight line, but for the bar of a 7 or a stroke that is a 1."""
LEAST: Final = 0.05
"""Share of all pixels that is a picture at least: a strip that was cut out of a page, shown on a phone."""
BAND: Final = 0.2
"""The same where something stands in its bars: a photograph of 16:9 takes a quarter of a phone's screen, and
buttons in a row, with the hour in it, a tenth of what is written below them."""
MOSTLY: Final = 0.5
"""Share of a picture that is of another colour than its bars: around a drawn frame is the paper in it."""
SOME: Final = 4
"""Every fourth row tells that."""
FRAMES: Final = 4
"""How many bars may lie within each other: a desktop's, a window's title, a film's, a scan's."""


class Shown(NamedTuple):
    """A picture without the bars around it."""

    picture: Picture
    """As it was given: uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA."""
    grey: Picture
    corner: tuple[int, int] = (0, 0)
    """Its upper left corner in what was given, x and y."""


def shown(picture: Picture) -> list[Shown]:
    """A picture and the same in grey, cut out of the bars that lie around it, if any do.

    Two where something stands in such bars, as the hour does on a phone: without them, and with them.
    """
    found = Shown(picture, to_grey(picture))
    for _ in range(FRAMES):
        cut = _picture_in(found)
        if cut is None:
            break  # at once for nearly all
        found = _part(found, *cut)
    band = _band_of(found)
    return [found] if band is None else [_part(found, *band), found]


def _part(whole: Shown, rows: slice, columns: slice) -> Shown:
    left, top = whole.corner
    return Shown(
        np.ascontiguousarray(whole.picture[rows, columns]),
        np.ascontiguousarray(whole.grey[rows, columns]),
        (left + columns.start, top + rows.start),
    )


def _pixels(whole: Shown) -> Any:
    """A picture in colour, uint8 [H, W, 3], or as [H, W, 1]: what is transparent has none."""
    coloured = whole.picture.ndim == 3 and whole.picture.shape[2] == 3
    return whole.picture if coloured else whole.grey[:, :, None]


def _band_of(whole: Shown) -> tuple[slice, slice] | None:
    """The rows and columns of a picture from rim to rim, where something stands in the bars beside it."""
    grey = whole.grey
    rims = (grey[:1], 1), (grey[-1:], 1), (grey[:, :1], 0), (grey[:, -1:], 0)
    for place, (rim, along) in enumerate(rims):
        if not _is_even(rim):
            continue
        pixels = _pixels(whole)
        level = pixels[-(place % 2), -(place % 2)]
        least, most = (np.clip(level.astype(int) + step, 0, 255) for step in (-LEAST_STEP, LEAST_STEP))
        like = cv2.inRange(pixels, least, most)
        shares = cv2.reduce(like, along, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
        full = np.flatnonzero(shares <= 255 * (1 - FULL))
        if full.size:
            band, all_of_it = slice(int(full[0]), int(full[-1]) + 1), slice(0, grey.shape[along])
            rows, columns = (band, all_of_it) if along else (all_of_it, band)
            inner = pixels[rows, columns]
            if len(full) >= BAND * len(shares) and _is_picture(inner, [level], grey.size):
                return rows, columns
    return None


def _picture_in(whole: Shown) -> tuple[slice, slice] | None:
    """The rows and columns of a picture that lie within bars; None where none do.

    Each of its sides that has a bar meets it along a straight line; what is drawn on even paper does not.
    """
    grey = whole.grey
    top, bottom = _bars(grey, 1)
    if top == len(grey):
        return None  # nothing there at all
    middle = grey[top : len(grey) - bottom]
    left, right = _bars(middle, 0)
    if not (top or bottom or left or right):
        return None  # nearly all pictures
    if left == middle.shape[1]:
        return None  # one bar, as a rule is
    pixels = _pixels(whole)  # a blue page may be as bright as its surroundings
    # Within bars above and below there may be others, which do not reach as far as these.
    return _within(pixels, (top, bottom, 0, 0)) or _within(pixels, (top, bottom, left, right))


def _within(picture: Any, bars: tuple[int, int, int, int]) -> tuple[slice, slice] | None:
    """The same of uint8 [H, W, C], by bars so wide: above, below, and left and right of what is between."""
    if not any(bars):
        return None
    top, bottom, left, right = bars
    middle = picture[top : len(picture) - bottom]
    inner = middle[:, left : middle.shape[1] - right]
    levels, ends = list[Any](), list[int]()
    for bar, lines, outermost in (
        (top, inner, picture[0, 0]),
        (bottom, inner[::-1], picture[-1, 0]),
        (left, inner.swapaxes(0, 1), middle[0, 0]),
        (right, inner.swapaxes(0, 1)[::-1], middle[0, -1]),
    ):
        end = _end(lines, outermost) if bar else 0
        if end is None:
            return None
        levels += [outermost] if bar else []
        ends.append(end)
    rows = slice(top + ends[0], len(picture) - bottom - ends[1])
    columns = slice(left + ends[2], picture.shape[1] - right - ends[3])
    area = picture.shape[0] * picture.shape[1]
    return (rows, columns) if _is_picture(picture[rows, columns], levels, area) else None


def _bars(grey: Picture, along: int) -> tuple[int, int]:
    """How many rows, `along` 1, or columns, 0, of uint8 [h, w] are bars, at the beginning and at the end."""
    ends = (grey[:1], grey[-1:]) if along else (grey[:, :1], grey[:, -1:])
    found = list[int]()
    for end, step in zip(ends, (1, -1), strict=True):
        if not _is_even(end):
            found.append(0)  # nearly all
            continue
        least, most = cv2.minMaxLoc(as_bytes(end))[:2]
        even = cv2.inRange(grey, most - EVEN, least + EVEN)
        lines: Any = cv2.reduce(even, along, cv2.REDUCE_MIN).ravel()[::step]
        found.append(len(lines) if lines.all() else int(lines.argmin()))
    return found[0], found[1]


def _is_even(line: Any) -> bool:
    least, most = cv2.minMaxLoc(line)[:2]
    return most - least <= EVEN


def _end(lines: Any, level: Any) -> int | None:
    """Which of the first lines of uint8 [h, w, c] is of another colour than the bar before it, if one is."""
    full = np.count_nonzero(_unlike(lines[:SOFT], level), axis=1) >= FULL * lines.shape[1]
    return int(full.argmax()) if full.any() else None


def _unlike(pixels: Any, level: Any) -> Any:
    """Which of uint8 [h, w, c] are of another colour, bool [h, w]."""
    differs = cv2.absdiff(pixels, np.broadcast_to(level, pixels.shape)).reshape(pixels.shape) > LEAST_STEP
    return differs.any(axis=2)


def _is_picture(inner: Any, levels: list[Any], area: int) -> bool:
    """Whether most of what lies within bars differs from their levels, and not all of it is as even as they.

    A straight stroke has nothing in it.
    """
    height, width = inner.shape[:2]
    if height * width < LEAST * area or min(height, width) <= 2 * SOFT:
        return False
    if np.ptp(inner[SOFT:-SOFT:SOME, SOFT:-SOFT], axis=(0, 1)).max() <= LEAST_STEP:
        return False
    some = inner[::SOME]
    return all(_unlike(some, level).mean() >= MOSTLY for level in levels)
