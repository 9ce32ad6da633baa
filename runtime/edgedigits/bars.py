"""Cut off even bars around a picture: those of a screenshot or a film, the margins of a slide or a scan.

Bars are empty, but next to them the whole page counts as bright or dark, and its ink is lost. Because of a
camera's noise no line of pixels in a photograph is as even, so that most pictures are settled after looking
at four lines.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import cv2
import numpy as np

from edgedigits.ink.afar import LEAST_STEP
from edgedigits.pictures import Picture, to_grey

EVEN: Final = 3
"""Greatest difference between the pixels of a bar, in grey levels; JPEG causes one or two. Where something
stands in bars, more than that from their level is the picture: its light may fade through that very level."""
SOFT: Final = 16
"""Width of a bar's edge in pixels: JPEG blocks, enlarged to twice their size, blur it."""
CLEARLY: Final = 0.25
"""Least share of a line near its edge in which the picture clearly differs from the bar."""
FULL: Final = 0.9
"""Least share of an edge along which the picture differs from the bar beside it; strokes may cross the edge.
Digits on an even ground do not end along a straight line, apart from the bar of a 7 or the stroke of a 1."""
LEAST: Final = 0.05
"""Least share of all pixels that the picture takes: a strip cut out of a page, shown on a phone."""
BAND: Final = 0.2
"""Least share of the lines that the picture takes if something stands in its bars. A 16:9 photograph takes a
quarter of a phone's screen; a row of buttons with the clock takes a tenth of what is written below it."""
MOSTLY: Final = 0.5
"""Least share of the picture that differs in colour from its bars; inside a drawn frame there is the same
paper as outside."""
SOME: Final = 4
"""Step between the pixels of a line, and between the rows of a picture, that are looked at."""
FRAMES: Final = 4
"""Greatest number of nested bars: those of a desktop, a window, a film and a scan."""


class Shown(NamedTuple):
    """A picture without the bars around it."""

    picture: Picture
    """In the format in which it was given: uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA."""
    grey: Picture
    corner: tuple[int, int] = (0, 0)
    """Its upper left corner in the given picture, x and y."""


def shown(picture: Picture) -> list[Shown]:
    """Return the picture, in its format and in grey, without the bars around it.

    If something stands in the bars, such as the clock of a phone, return two: without and with these bars.
    """
    found = Shown(picture, to_grey(picture))
    if not any(_is_even(rim) for rim, _ in _rims(found.grey)):
        return [found]  # nearly all photographs
    for _ in range(FRAMES):
        cut = _picture_in(found)
        if cut is None:
            break
        found = _part(found, *cut)
    band = _band_of(found)
    return [found] if band is None else [_part(found, *band), found]


def _rims(grey: Picture) -> list[tuple[Any, int]]:
    """Return the outermost rows and columns of uint8 [h, w], and 1 for rows or 0 for columns."""
    return [(grey[:1], 1), (grey[-1:], 1), (grey[:, :1], 0), (grey[:, -1:], 0)]


def _part(whole: Shown, rows: slice, columns: slice) -> Shown:
    left, top = whole.corner
    return Shown(
        np.ascontiguousarray(whole.picture[rows, columns]),
        np.ascontiguousarray(whole.grey[rows, columns]),
        (left + columns.start, top + rows.start),
    )


def _pixels(whole: Shown) -> Any:
    """Return the pixels, uint8 [H, W, C]: BGR if the picture is in colour and not transparent, else grey."""
    coloured = whole.picture.ndim == 3 and whole.picture.shape[2] == 3
    return whole.picture if coloured else whole.grey[:, :, None]


def _band_of(whole: Shown) -> tuple[slice, slice] | None:
    """Return rows and columns of a picture between bars in which something stands; None without such bars."""
    grey, pixels = whole.grey, _pixels(whole)
    alike = dict[tuple[int, ...], Any]()  # most often all rims are of one colour
    tried = set[tuple[int, ...]]()
    for place, (rim, along) in enumerate(_rims(grey)):
        level = pixels[-(place % 2), -(place % 2)]
        colour = tuple(level.tolist())
        if (along, *colour) in tried or not _is_even(rim):
            continue
        tried.add((along, *colour))
        if colour not in alike:
            alike[colour] = _like(pixels, level, EVEN)
        like = alike[colour][:, ::SOME] if along else alike[colour][::SOME]
        full = np.flatnonzero(like.mean(axis=along) <= 255 * (1 - FULL))
        lines = pixels if along else pixels.swapaxes(0, 1)
        if full.size < BAND * len(lines) or not _end_at_once(lines, level, int(full[0]), int(full[-1])):
            continue
        band, all_of_it = slice(int(full[0]), int(full[-1]) + 1), slice(0, grey.shape[along])
        rows, columns = (band, all_of_it) if along else (all_of_it, band)
        if _is_picture(pixels[rows, columns], [level], grey.size):
            return rows, columns
    return None


def _end_at_once(pixels: Any, level: Any, first: int, last: int) -> bool:
    """Tell whether bars are even up to the first and from the last line of a picture; fading light is not.

    `pixels` are uint8 [h, w, c], lines first.
    """
    ends = [(first, -SOFT)] if first else []
    ends += [(last, SOFT)] if last + 1 < len(pixels) else []
    for end, out in ends:
        lines = pixels[np.clip([end + out, end - out], 0, len(pixels) - 1)]
        beside, within = np.abs(lines.astype(int) - level).max(axis=2)
        if (beside <= EVEN).mean() < MOSTLY or (within > LEAST_STEP).mean() < CLEARLY:
            return False
    return True


def _picture_in(whole: Shown) -> tuple[slice, slice] | None:
    """Return the rows and columns of a picture that lie within empty bars; None if there are no bars.

    The picture meets each bar along a straight line; what is drawn on even paper does not.
    """
    grey = whole.grey
    top, bottom = _bars(grey, 1)
    # Light may fade so slowly that bars from either end meet.
    if top + bottom >= len(grey):
        return None  # an empty picture
    middle = grey[top : len(grey) - bottom]
    left, right = _bars(middle, 0)
    if not (top or bottom or left or right):
        return None
    if left + right >= middle.shape[1]:
        return None  # a single line across the picture, such as a rule
    pixels = _pixels(whole)  # a blue page may be as bright as its surroundings
    # Bars at the sides may belong to another frame, within those above and below.
    return _within(pixels, (top, bottom, 0, 0)) or _within(pixels, (top, bottom, left, right))


def _within(picture: Any, bars: tuple[int, int, int, int]) -> tuple[slice, slice] | None:
    """Return rows and columns of uint8 [H, W, C] within bars; `bars` are the widths at the four sides."""
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
    """Return how many rows (`along` 1) or columns (0) at either end of uint8 [h, w] are bars."""
    if not any(_is_even(rim) for rim, way in _rims(grey) if way == along):
        return 0, 0
    lowest, highest = grey.min(axis=along), grey.max(axis=along)
    found = list[int]()
    for end, step in ((0, 1), (-1, -1)):
        least, most = int(lowest[end]), int(highest[end])
        even = ((lowest >= most - EVEN) & (highest <= least + EVEN))[::step]
        found.append(len(even) if even.all() else int(even.argmin()))
    return found[0], found[1]


def _is_even(line: Any) -> bool:
    least, most = cv2.minMaxLoc(line)[:2]
    return most - least <= EVEN


def _end(lines: Any, level: Any) -> int | None:
    """Return the first line of uint8 [h, w, c] that differs from the bar before it; None if none does."""
    full = (_like(lines[:SOFT], level) == 0).mean(axis=1) >= FULL
    return int(full.argmax()) if full.any() else None


def _like(pixels: Any, level: Any, most: int = LEAST_STEP) -> Any:
    """Return uint8 [h, w], 255 where pixels of uint8 [h, w, c] differ from a level by no more than `most`."""
    darkest, brightest = (np.clip(level.astype(int) + step, 0, 255) for step in (-most, most))
    return cv2.inRange(np.ascontiguousarray(pixels), darkest, brightest)


def _is_picture(inner: Any, levels: list[Any], area: int) -> bool:
    """Tell whether most of what lies within bars differs from their levels, and is not as even as they are.

    A straight broad stroke is even.
    """
    height, width = inner.shape[:2]
    if height * width < LEAST * area or min(height, width) <= 2 * SOFT:
        return False
    if np.ptp(inner[SOFT:-SOFT:SOME, SOFT:-SOFT], axis=(0, 1)).max() <= LEAST_STEP:
        return False
    some = inner[::SOME]
    return all((_like(some, level) == 0).mean() >= MOSTLY for level in levels)
