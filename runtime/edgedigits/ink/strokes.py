"""Measure stroke widths, and bring faint or thin ink to what the classifier was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]
Shades = tuple[float, float]
"""Two levels of a piece's ink, 0 to 255: the one taken as full black, and the one that is pale in it."""

TAUGHT_STROKE: Final = 0.11
"""Stroke width in MNIST's pictures, as a share of the longer side of the box (2.2 of 20 pixels)."""
HAIRS: Final = 0.5
"""Share of runs one pixel long from which a page has hairlines; on other pages it is below 0.43."""
FULL_INK: Final = 85
"""Percentile of a digit's ink that is taken as full black; the rest is edges and dry spots."""
PALE_INK: Final = 40
"""Percentile of a digit's ink that is just darker than its soft edges: a third of a digit is edge."""
LARGEST: Final = 320
"""Longer side, in pixels, to which larger pieces are reduced: a frame has 20, and to widen hairlines of
thousands of pixels by hundreds takes minutes."""
FAINTEST: Final = 0.25
"""Ink below this share of a digit's full ink is the blur around it."""


def stroke_width(ink: Grey, threshold: int) -> float:
    """Return the typical stroke width in pixels: the median length of runs of ink, 0.0 if there is none.

    The median is robust against blots and shadows. It is that of horizontal or of vertical runs, whichever is
    less, since rules and table lines are long in one direction only. Runs of one pixel are noise and do not
    count. If most are of one pixel in both directions, they are the lines of squared paper, which are
    removed, or all that can be seen of the pen.
    """
    width, hairs = _typical_run(ink, threshold)
    if hairs < HAIRS and (width or not (ink > threshold).any()):
        return width
    binary = cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)[1]
    return _typical_run(cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), 0)[0] or 1.0


def _typical_run(ink: Any, threshold: int) -> tuple[float, float]:
    """Return the lower of both ways' median runs in uint8 [h, w], and of their shares of one-pixel runs."""
    # OpenCV transposes all of it in half the time that numpy takes for a quarter.
    level, upright = _median_run(ink[::4], threshold), _median_run(cv2.transpose(ink)[::4], threshold)
    return min(level[0], upright[0]), min(level[1], upright[1])


def _median_run(rows: Any, threshold: int) -> tuple[float, float]:
    """Return the median run of ink of 2 pixels or more in uint8 [h, w], and the share of one-pixel runs.

    The median is 0.0 if there is no such run. Rows are joined: a run that ends one goes on in the next if
    that begins with ink.
    """
    row = cv2.threshold(rows, threshold, 255, cv2.THRESH_BINARY)[1].ravel()
    changes = (row[1:] != row[:-1]).nonzero()[0]
    # Every other stretch between two changes is ink; subtracting slices costs half of `numpy.diff`.
    first = 1 if row[0] else 0
    ends = changes[first + 1 :: 2]
    runs = ends - changes[first::2][: len(ends)]
    runs.sort()
    single = int(runs.searchsorted(2))
    share = single / len(runs) if single else 0.0
    runs = runs[single:]
    count = len(runs)
    return (float(runs[count // 2] + runs[(count - 1) // 2]) / 2 if count else 0.0), share


def reduced(crop: Any) -> Any:
    """Return a piece of ink, uint8 [h, w], reduced to at most `LARGEST` pixels on the longer side.

    Each pixel is the darkest of its square, so that hairlines stay as dark as they are.
    """
    factor = -(-max(crop.shape) // LARGEST)
    if factor < 2:
        return crop
    # The anchor is the square's first pixel; each way, one pixel in `factor` is kept.
    darkest = cv2.dilate(crop, np.ones((factor, factor), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(darkest[::factor, ::factor])


def strengthen(crops: Sequence[Any], threshold: int) -> tuple[list[Grey], list[Shades]]:
    """Scale each digit's ink, uint8 [h, w], to full black, and widen thin strokes to the width of MNIST's.

    Averaged down to 20 pixels, a thin pen's stroke is a pale line such as MNIST does not have. Also returns
    the shades of each digit's ink before. The digits are processed side by side in one strip, because an
    OpenCV call on one digit of 20x35 pixels takes as long as on ten.
    """
    # An empty column after each digit, and an empty row above and below, keep them apart and off the edges.
    starts = [0, *accumulate([crop.shape[1] + 1 for crop in crops])]
    strip = np.zeros((max([len(crop) for crop in crops]) + 2, starts[-1]), np.uint8)
    least, dark = np.uint8(threshold), []
    for crop, left in zip(crops, starts, strict=False):
        shades = shades_of(crop, least)
        dark.append(shades)
        full, _ = shades
        if full > 0:
            if threshold > FAINTEST * full:
                _, crop = cv2.threshold(crop, threshold, 255, cv2.THRESH_TOZERO)
            height, width = crop.shape
            cv2.convertScaleAbs(crop, dst=strip[1 : height + 1, left : left + width], alpha=255 / full)
    _, ink = cv2.threshold(strip, round(255 * FAINTEST), 255, cv2.THRESH_TOZERO)
    _, solid = cv2.threshold(ink, 127, 255, cv2.THRESH_BINARY)
    inner = _inner(as_bytes(solid))
    strong = []
    for crop, left, area, core in zip(
        crops, starts, _areas(solid, starts), _areas(inner, starts), strict=False
    ):
        height, width = crop.shape
        digit: Any = ink[1 : height + 1, left : left + width]
        missing = round(TAUGHT_STROKE * max(height, width) - 2 * area / max(1, area - core))
        if missing > 0 and area:
            pad = missing
            wider = cv2.copyMakeBorder(digit, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
            digit = cv2.dilate(wider, _pen(missing + 1))
        strong.append(digit)
    return strong, dark


def _inner(strip: Grey) -> Grey:
    """Return which pixels are set with all four neighbours: uint8 [h - 2, w], without the outer two rows.

    The last column must be black, since it is taken for the left neighbours of the first.
    """
    wide = strip.shape[1]
    values = strip.ravel()
    end = len(values) - wide
    inner = np.minimum(values[: -2 * wide], values[2 * wide :])
    for start in (wide - 1, wide, wide + 1):
        np.minimum(inner, values[start : end + start - wide], out=inner)
    return inner.reshape(-1, wide)


def _areas(strip: Any, starts: Sequence[int]) -> list[int]:
    """Return how many pixels of a strip, 255 on 0, each digit has set; the last start is the strip's end."""
    columns = cv2.reduce(strip, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0]
    sums: list[int] = np.add.reduceat(columns, starts[:-1], dtype=np.int64).tolist()
    return [total // 255 for total in sums]


def shades_of(crop: Any, least: np.uint8) -> Shades:
    """Return the shades of a digit's ink, uint8 [h, w]; 0.0 if none is above `least`."""
    # Bytes are sorted by counting, which is faster than to select the ink and partition it at the rank.
    values = crop.flatten()
    values.sort(kind="stable")
    first = int(values.searchsorted(least, "right"))
    count = len(values) - first
    if not count:
        return 0.0, 0.0
    return float(values[first + count * FULL_INK // 100]), float(values[first + count * PALE_INK // 100])


@lru_cache(maxsize=64)
def _pen(width: int) -> Grey:
    """Return a round structuring element, uint8 [width, width]; one size serves most digits of a page."""
    return as_bytes(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)))
