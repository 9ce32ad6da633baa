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

Grey = npt.NDArray[np.uint8]

LONG: Final = 0.25
"""A rule is at least this share of the picture's longer side; the largest digits are shorter or thicker."""
SLENDER: Final = 25
"""And at least this many times as long as thick."""
SMOOTH: Final = 1.5
"""Its middle stays within this many thicknesses of a parabola: paper bends, but gently."""


def without_rules(ink: Grey, threshold: int, stroke: float) -> Grey | None:
    """Find the ink of uint8 [H, W] without horizontal and vertical rules; None where there are none.

    Returns 0 and 255 with the rules removed. `stroke` is the typical stroke width in pixels. Rules
    are found and removed at half of their darkness, where their edges are smooth; what the lower
    `threshold` adds next to them goes too, unless it hangs on a stroke that stays.
    """
    low = as_bytes(cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)[1])
    firm = max(threshold, int(np.median(ink[low > 0])) // 2)
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
    shortest = round(LONG * max(binary.shape))
    runs = _short_runs(binary, thickest)
    # Slopes up to about 15 degrees still have level runs of three thicknesses.
    pieces = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, 2 * thickest), np.uint8))
    linked = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((3, 6 * thickest), np.uint8))
    found = None
    for contour in cv2.findContours(linked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, width, height = cv2.boundingRect(contour)
        if width < shortest or width < 2 * height:
            continue
        area = (slice(y, y + height), slice(x, x + width))
        mask = np.zeros((height, width), np.uint8)
        cv2.drawContours(mask, [contour], -1, 255, cv2.FILLED, offset=(-x, -y))
        band = _band(as_bytes(cv2.bitwise_and(mask, pieces[area])))
        if band is None or width < SLENDER * band[1]:
            continue
        drawn, thickness = band
        rule = cv2.bitwise_and(_short_runs(binary[area], round(2 * thickness + 1)), drawn)
        if found is None:
            found = np.zeros_like(binary)
        found[area] |= as_bytes(rule)
    return found


def _short_runs(binary: Any, longest: int) -> Grey:
    """The ink whose vertical run is at most `longest` pixels."""
    kernel = np.ones((longest + 1, 1), np.uint8)
    return as_bytes(cv2.subtract(binary, cv2.morphologyEx(binary, cv2.MORPH_OPEN, kernel)))


def _band(pieces: Grey) -> tuple[Grey, float] | None:
    """A band around the parabola through a rule's pieces, and the rule's thickness in pixels.

    None where the pieces do not follow one, or cover less than half of the way.
    """
    counts = np.count_nonzero(pieces, axis=0)
    columns = np.flatnonzero(counts)
    if 2 * len(columns) < pieces.shape[1]:
        return None
    thickness = float(np.median(counts[columns]))
    places = np.arange(len(pieces), dtype=np.float64)
    middles = (places @ (pieces[:, columns] > 0)) / counts[columns]
    near = np.ones(len(columns), bool)
    for _ in range(3):
        curve = np.polyfit(columns[near], middles[near], 2)
        away = np.abs(np.polyval(curve, columns) - middles)
        near = away <= SMOOTH * max(1.0, thickness)
        if near.mean() < 0.7:
            return None
    line = np.polyval(curve, np.arange(pieces.shape[1]))
    reach = SMOOTH * max(1.0, thickness) + 1
    return (np.abs(places[:, None] - line[None]) <= reach).astype(np.uint8) * 255, thickness
