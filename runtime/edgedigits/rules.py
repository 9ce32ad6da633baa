"""Ruled paper and tables: long thin lines are taken out of the ink, the strokes that cross them stay.

The way of staff-line removal in printed music (Fujinaga, 1988): a line is where the ink's vertical
runs are short over a long way; what is removed there are the short runs alone, so a stroke that
crosses the line, whose runs are longer, is not cut.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median, quantile

Grey = npt.NDArray[np.uint8]

LONG: Final = 0.25
"""A rule is at least this share of the picture's longer side; the largest digits are shorter or thicker."""
SLENDER: Final = 25
"""And at least this many times as long as thick."""
SMOOTH: Final = 1.5
"""Its ink stays within this many thicknesses of a parabola: paper bends, but gently."""
MOST_SEEDS: Final = 120
"""Pieces from which a rule is grown, longest first: two rules for each 12 pixels of a page."""


def without_rules(ink: Grey, threshold: int, stroke: float) -> Grey | None:
    """Find the ink of uint8 [H, W] without horizontal and vertical rules; None where there are none.

    Returns 0 and 255 with the rules removed. `stroke` is the typical stroke width in pixels. Rules
    are found and removed at half of their darkness, where their edges are smooth; what the lower
    `threshold` adds next to them goes too, unless it hangs on a stroke that stays.
    """
    low = as_bytes(cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)[1])
    if not low.any():
        return None
    firm = max(threshold, int(median(ink[low > 0])) // 2)
    high = as_bytes(cv2.threshold(ink, firm, 255, cv2.THRESH_BINARY)[1])
    level = _rules(high, stroke)
    upright = _rules(as_bytes(cv2.transpose(high)), stroke)
    if level is None and upright is None:
        return None
    rules = np.zeros_like(high)
    halo = rules
    reach = max(3, round(stroke)) | 1
    if level is not None:
        rules = rules | level
        halo = halo | as_bytes(cv2.dilate(level, np.ones((2 * reach + 1, 3), np.uint8)))
    if upright is not None:
        rules = rules | upright.T
        halo = halo | as_bytes(cv2.dilate(upright.T, np.ones((3, 2 * reach + 1), np.uint8)))
    kept = as_bytes(cv2.bitwise_and(high, cv2.bitwise_not(rules)))
    return kept | (low & ~halo)


def _rules(binary: Grey, stroke: float) -> Grey | None:
    """The pixels of nearly horizontal rules alone; None where there are none."""
    thickest = max(3, round(2 * stroke))
    shortest = LONG * max(binary.shape)
    # Slopes up to about 15 degrees still have level runs of three thicknesses.
    runs = _short_runs(binary, thickest)
    pieces = as_bytes(cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, 2 * thickest), np.uint8)))
    contours = cv2.findContours(pieces, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    boxes = sorted((cv2.boundingRect(contour) for contour in contours), key=lambda box: -box[2])
    rows, columns = np.nonzero(pieces)
    free = np.ones(len(rows), bool)
    short: dict[int, Grey] = {}
    found: Grey | None = None
    for x, y, width, height in boxes[:MOST_SEEDS]:
        inside = free & (columns >= x) & (columns < x + width) & (rows >= y) & (rows < y + height)
        if 2 * np.count_nonzero(inside) < width:
            continue
        followed = _follow(columns, rows, free, inside)
        if followed is None:
            continue
        curve, taken = followed
        covered = np.bincount(columns[taken], minlength=binary.shape[1])
        thickness = median(covered[covered > 0])
        if np.count_nonzero(covered) < max(shortest, SLENDER * thickness):
            continue
        free &= ~taken
        band = np.zeros_like(binary)
        _draw(band, curve, columns[taken].min(), columns[taken].max(), SMOOTH * thickness + 1)
        # What is thicker than the rule is a stroke that crosses it, and so is what joins its halves.
        thick = round(quantile(covered[covered > 0], 0.9)) + 1
        if thick not in short:
            short[thick] = _short_runs(binary, thick)
        rule = as_bytes(cv2.bitwise_and(band, short[thick]))
        rest = as_bytes(cv2.subtract(binary, rule))
        bridged = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((thick + 2, 1), np.uint8))
        rule = as_bytes(cv2.subtract(rule, bridged))
        found = rule if found is None else found | rule
    return found


def _follow(
    columns: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    free: npt.NDArray[np.bool_],
    seed: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]] | None:
    """Grow a line from the ink of a seed both ways, over ink that is free yet; its curve and its ink."""
    taken, degree = seed, 1
    for _ in range(7):
        left, right = columns[taken].min(), columns[taken].max()
        length = int(right - left) + 1
        curve = np.polyfit(columns[taken], rows[taken], degree)
        thickness = max(1.0, np.count_nonzero(taken) / length)
        near = free & (np.abs(np.polyval(curve, columns) - rows) <= SMOOTH * thickness)
        grown = near & (columns >= left - length // 2) & (columns <= right + length // 2)
        count = np.count_nonzero(grown)
        if count < 8 or count < 0.5 * np.count_nonzero(taken):
            return None
        if degree == 2 and count == np.count_nonzero(taken):
            break
        # A short piece says nothing of its bend.
        taken, degree = grown, 2 if length > 20 * thickness else 1
    return curve, taken


def _draw(page: Grey, curve: npt.NDArray[np.float64], left: int, right: int, reach: float) -> None:
    """Draw a band of `reach` pixels on either side of a curve, a little longer than it is."""
    x = np.arange(max(0, left - 2 * reach), min(page.shape[1], right + 2 * reach + 1)).astype(np.int32)
    middle = np.polyval(curve, x)
    points = np.concatenate(
        [np.column_stack([x, middle - reach]), np.column_stack([x, middle + reach])[::-1]]
    )
    cv2.fillPoly(page, [np.rint(points).astype(np.int32)], 255)


def _short_runs(binary: Any, longest: int) -> Grey:
    """The ink whose vertical run is at most `longest` pixels."""
    kernel = np.ones((longest + 1, 1), np.uint8)
    return as_bytes(cv2.subtract(binary, cv2.morphologyEx(binary, cv2.MORPH_OPEN, kernel)))
