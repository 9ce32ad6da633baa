"""Remove the rules of ruled paper and tables, long thin lines, but keep the strokes that cross them.

The method is that of staff-line removal in printed music (Fujinaga, 1988). A line is where the ink's vertical
runs are short over a long distance. Only these short runs are removed, so a stroke that crosses the line, and
whose runs are longer, is not cut.

Below, level means nearly horizontal, and upright nearly vertical.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.arcs import arcs_of
from edgedigits.ink.blob import above
from edgedigits.ink.crossings import crossings, narrow_gaps
from edgedigits.ink.darker import by_darkness
from edgedigits.ink.shear import askew, levelled, slope_of
from edgedigits.ink.slender import ACROSS, LONG, SLENDER
from edgedigits.ink.smooth import SMOOTH, Curve, follow, heights, outline
from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median, quantile

Grey = npt.NDArray[np.uint8]


class _Rules(NamedTuple):
    """The level rules of a picture."""

    numbered: Grey
    """[H, W]: 0, or the number of the rule that a pixel belongs to, from 1."""
    spans: list[tuple[int, int]]
    """First and last column of each rule, by number."""
    slope: float = 0.0
    """Rows per column, if the rules had to be made level to be found."""


MOST_SEEDS: Final = 120
"""Most pieces from which rules are grown, longest first: two rules for each 12 pixels of a page. On squared
paper a rule has a piece for each square; those that an earlier piece has grown over do not count."""
HAIRLINE: Final = 1.0
"""Width, in pixels, of the lines of finely squared paper."""
SLANTING: Final = 0.12
"""Slope, 7 degrees, from which thin rules have no level runs by which to find them."""
PALE: Final = 0.5
"""Least share of the remaining ink that is too pale for rules if the pen is: of a darker pen's ink, only its
soft edges are, up to 0.27."""
BAR: Final = 1.5
"""A line that stands alone and ends within the picture is the bar of a sign, such as a T or a pi, if it is at
most this many times as long as what hangs on it is high: few digits and letters are broader."""


def without_rules(ink: Grey, threshold: int, stroke: float) -> Grey | None:
    """Return the ink without horizontal and vertical rules: uint8 [H, W], 255 on 0; None if there are none.

    `ink` is uint8 [H, W], `stroke` the typical stroke width in pixels. Rules are found and removed at half
    the darkness of the ink, where their edges are smooth. What the lower `threshold` adds next to them is
    removed, too, unless it hangs on a stroke that stays.
    """
    low = above(ink, threshold)
    if not low.any():
        return None
    firm = max(threshold, int(median(ink[low > 0])) // 2)
    high = above(ink, firm)
    turned = as_bytes(cv2.transpose(high))
    level = _slanting(high, stroke)
    upright = _slanting(turned, stroke, level)
    if not level.spans and not upright.spans:
        # The squares may be too small for lines as thick as the pen.
        level, upright = _rules(high, HAIRLINE), _rules(turned, HAIRLINE)
    if not level.spans and not upright.spans:
        return None
    across, down = _ink(level), as_bytes(cv2.transpose(_ink(upright)))
    reach = max(3, round(stroke)) | 1
    rest = as_bytes(cv2.bitwise_and(high, cv2.bitwise_not(across | down)))
    for bar in _bars(level, rest, down, reach):
        across &= ~bar
    for bar in _bars(upright, as_bytes(cv2.transpose(rest)), as_bytes(cv2.transpose(across)), reach):
        down &= ~bar.T
    rules = across | down
    halo = _halo(across, low, reach) | as_bytes(
        cv2.transpose(_halo(cv2.transpose(down), cv2.transpose(low), reach))
    )
    kept = (high | (low & ~halo)) & ~rules
    pale = kept & ~high
    if cv2.countNonZero(pale) >= PALE * cv2.countNonZero(kept):
        kept |= crossings(pale, across, down, reach)
    else:
        kept |= _gaps(ink, kept, across, level) | _gaps(ink.T, kept.T, down.T, upright).T
    if not rules.any():
        return kept
    if level.spans and upright.spans:
        return by_darkness(ink, kept, rules, stroke, 0)
    return by_darkness(ink, kept, rules, stroke, 1 if level.spans else -1)


def _gaps(ink: Grey, kept: Grey, across: Grey, level: _Rules) -> Grey:
    """Return the ink of level rules in narrow gaps between strokes: of slanting ones, steps remain."""
    if level.slope or not level.spans:
        return np.zeros_like(kept)
    thickness = cv2.countNonZero(level.numbered) / sum(right - left + 1 for left, right in level.spans)
    return narrow_gaps(ink, kept, across, thickness)


def _halo(rules: Any, low: Any, reach: int) -> Grey:
    """Return the short vertical runs of ink around level rules, which are no pale strokes that cross them."""
    around = cv2.dilate(rules, np.ones((2 * reach + 1, 3), np.uint8))
    return as_bytes(cv2.bitwise_and(around, _short_runs(low, 2 * reach)))


def _ink(rules: _Rules) -> Grey:
    """Return the ink of all rules, 255 on 0."""
    return above(rules.numbered, 0)


def _bars(rules: _Rules, rest: Grey, other: Grey, reach: int) -> Iterator[Grey]:
    """Yield the ink, 255 on 0, of each line among the rules that is the bar of a sign.

    `rest` is the ink without any rules, and `other` the ink of the rules in the other direction.
    """
    within = [
        (number, right - left)
        for number, (left, right) in enumerate(rules.spans, 1)
        if reach < left and right < rest.shape[1] - 1 - reach
    ]
    if not within:
        return
    found: Any = cv2.connectedComponentsWithStats(rest)
    labels, stats = found[1:3]
    for number, length in within:
        bar = as_bytes(cv2.inRange(rules.numbered, number, number))
        near = cv2.dilate(bar, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
        # `numpy.unique` would import numpy's masked arrays.
        hanging = np.bincount(labels[near]).nonzero()[0]
        highest = stats[hanging[hanging > 0], cv2.CC_STAT_HEIGHT].max(initial=0)
        if length <= BAR * highest and not other[near].any():
            yield bar


def _slanting(binary: Grey, stroke: float, others: _Rules | None = None) -> _Rules:
    """Find rules up to 24 degrees from the horizontal; `others` are those of the other direction."""
    thin = _short_runs(binary, _thickest(stroke))
    level = _rules(binary, stroke, thin)
    if others is not None and others.spans and not others.slope:
        return level  # squares have right angles
    slope = slope_of(thin)
    if abs(slope) < SLANTING:
        return level
    found = _rules(levelled(binary, slope), stroke)
    slanting = _Rules(askew(found.numbered, slope, len(binary)), found.spans, slope)
    # The one with more ink: a row of strokes that lean alike is no rule.
    return max(level, slanting, key=lambda rules: cv2.countNonZero(rules.numbered))


def _thickest(stroke: float) -> int:
    """Return the height in pixels of the highest run of ink that may be part of a rule."""
    return max(3, round(2 * stroke))


def _rules(binary: Grey, stroke: float, thin: Grey | None = None) -> _Rules:
    """Find nearly horizontal rules; `thin` is the ink with short vertical runs, if known."""
    thickest = _thickest(stroke)
    # Across a strip cut out of its page no line is that long.
    shortest = min(LONG * max(binary.shape), ACROSS * binary.shape[1])
    # A line a third as thick as `thickest` has level runs that long at up to 9 degrees.
    runs = _short_runs(binary, thickest) if thin is None else thin
    pieces = as_bytes(cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((1, 2 * thickest), np.uint8)))
    contours = cv2.findContours(pieces, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    boxes = sorted((cv2.boundingRect(contour) for contour in contours), key=lambda box: -box[2])
    columns, rows = np.nonzero(pieces.T)  # by ascending column, as `follow` needs them
    free = np.ones(len(rows), bool)
    short: dict[int, Grey] = {}
    numbered, spans, curves = np.zeros_like(binary), list[tuple[int, int]](), list[Curve]()
    seeds = 0
    for x, y, width, height in boxes:
        start, end = columns.searchsorted((x, x + width)).tolist()
        across = rows[start:end]
        inside = np.flatnonzero(free[start:end] & (across >= y) & (across < y + height)) + start
        if 2 * len(inside) < width:
            continue  # it belongs to a rule that was found already
        seeds += 1
        if seeds > MOST_SEEDS:
            break
        followed = follow(columns, rows, free, inside, thickest)
        if followed is None:
            continue
        curve, taken = followed
        covered = np.bincount(columns[taken], minlength=binary.shape[1])
        thickness = median(covered[covered > 0])
        length = np.count_nonzero(covered)
        if length >= shortest and covered[0] and covered[-1]:
            length += _crossed(binary, curve, covered)
        if length < max(shortest, SLENDER * thickness):
            continue
        # Bent or slanting strokes have level parts as thin as that, too, but their full runs are higher.
        if length < SLENDER * median(_run_through(binary, columns[taken], rows[taken], thickest)):
            continue
        free &= ~taken
        span = int(columns[taken].min()), int(columns[taken].max())
        corners = outline(curve, *span, SMOOTH * thickness + 1, binary.shape[1])
        # What is thicker than the rule belongs to a stroke that crosses it; so does what joins its halves.
        thick = round(quantile(covered[covered > 0], 0.9)) + 1
        if thick not in short:
            short[thick] = _short_runs(binary, thick)
        # Include as many rows around the band as joining such halves may reach.
        top = max(0, int(corners[:, 1].min()) - 2 * thick - 4)
        around = slice(top, max(0, int(corners[:, 1].max()) + 2 * thick + 5))
        band = np.zeros_like(binary[around])
        cv2.fillPoly(band, [corners], 255, offset=(0, -top))
        rule = as_bytes(cv2.bitwise_and(band, short[thick][around]))
        rest = as_bytes(cv2.subtract(binary[around], rule))
        bridged = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((thick + 2, 1), np.uint8))
        rule = as_bytes(cv2.subtract(rule, bridged))
        spans.append(span)
        curves.append(curve)
        numbered[around][rule > 0] = len(spans)
    for arc in arcs_of(curves, spans, stroke, binary.shape[1]):
        numbered[numbered == arc + 1] = 0
    return _Rules(numbered, spans)


def _run_through(
    binary: Grey, x: npt.NDArray[np.int64], y: npt.NDArray[np.int64], longest: int
) -> npt.NDArray[np.int64]:
    """Return the height of the ink's vertical run at each pixel, up to `longest` above and below it."""
    padded = np.pad(binary > 0, ((longest, longest), (0, 0)))
    above = padded[y[:, None] + np.arange(longest, -1, -1), x[:, None]]
    below = padded[y[:, None] + np.arange(longest, 2 * longest + 1), x[:, None]]
    reached = [np.logical_and.accumulate(part, axis=1).sum(axis=1) for part in (above, below)]
    return np.asarray(reached[0] + reached[1] - 1, np.int64)


def _crossed(binary: Grey, curve: Curve, covered: npt.NDArray[np.int64]) -> int:
    """Return in how many columns a line is hidden by what was written over it."""
    x = np.flatnonzero(covered == 0)
    y = np.rint(heights(curve, x)).astype(np.int64).clip(0, len(binary) - 1)
    return int(np.count_nonzero(binary[y, x]))


def _short_runs(binary: Any, longest: int) -> Grey:
    """Return the ink whose vertical runs are at most `longest` pixels long."""
    kernel = np.ones((longest + 1, 1), np.uint8)
    return as_bytes(cv2.subtract(binary, cv2.morphologyEx(binary, cv2.MORPH_OPEN, kernel)))
