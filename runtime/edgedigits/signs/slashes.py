"""The slashes of dates and fractions that are hardly higher than the digits beside them: good 1s each.

Nothing alone tells them: 1s lean as far, and some reach as far beyond their line. Together most do, where
a date or a fraction may have one, unless the page's 1s that stand where no slash can are like them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from edgedigits.pieces.candidates import STROKE, Candidate
from edgedigits.quantiles import median
from edgedigits.results import Box
from edgedigits.signs.stems import stem_of

LIKELY: Final = 0.5
"""Quality from which what is no stroke tells where its line is, and how high its digits are."""
LOW: Final = 0.7
"""Height, as a share of their median, below which they may be signs or exponents, which tell neither."""
LEVEL: Final = 3
"""Such digits from which they tell how a line slopes."""
REACH: Final = 0.55
"""How far beyond the middle of its line a slash reaches at either end at least, as a share of the height of
its digits: what keeps to the line reaches 0.5."""
LEAN: Final = 0.14
"""How far it leans to the right at least, as a share of its height: eight degrees."""
STEEPEST: Final = 0.7
"""Beyond this, 35 degrees, a stroke that leans further is no more a slash for it."""
PER_LEAN: Final = 0.9
PER_WAVER: Final = 60.0
LEAST: Final = 0.62
"""A slash's reach, with 0.9 of its lean and less 60 times its waver, is more than this. The weights are those
of a logistic regression on drawn pages of training digits, with slashes of 1 to 1.5 times the digits' height,
at 8 to 45 degrees, straight and bent. The sum takes 8 of 11,699 1s for slashes: of all difficulties, of rows
of nothing but 1s, of hands that lean or write them higher, and straight ones. Of 1,147 such slashes 72 % are
told with it, 46 % by their height alone."""
PARTS: Final = frozenset((1, 2, 4))
"""How many digits days, months, years and small numbers have: so many stand on either side of a slash."""
NEAR: Final = 1.0
"""And how far from it, in heights of its line's digits, the next one is at most: not a table's columns."""
LEANS_LESS: Final = 0.22
REACHES_LESS: Final = 0.08
"""Strokes at the ends of lines are 1s. If one of them leans, and reaches, less than a stroke by no more than
this, the hand writes its 1s like that, and it is one."""


class _Stroke(NamedTuple):
    """How far one reaches, leans and wavers."""

    reach: float
    lean: float
    waver: float


class _Line(NamedTuple):
    """A place in the middle of a line, its slope, in rows per column, and how high its digits are."""

    x: float
    y: float
    slope: float
    height: float


def slashes_of(
    candidates: Sequence[Candidate], lines: Sequence[Sequence[int]], signs: Collection[int]
) -> set[int]:
    """Indices of the strokes that are slashes; `lines` holds indices of candidates, left to right.

    `signs` are those of what is known to be no digit already: it parts the digits of a line as well.
    """
    boxes = [one.blob.box for one in candidates]
    strokes = {index for index, one in enumerate(candidates) if one.label == STROKE}
    told = {
        index
        for index, one in enumerate(candidates)
        if index not in strokes and index not in signs and one.quality > LIKELY
    }
    if not strokes or not told:
        return set()
    typical = median([boxes[index][3] for index in told])
    high = {index for index in strokes if boxes[index][3] > 2 * REACH * typical}
    if high.isdisjoint([index for line in lines for index in line[1:-1]]):
        return set()  # most pages
    slashes = dict[int, _Stroke]()
    for line in lines:
        inside = [place for place in range(1, len(line) - 1) if line[place] in high]
        digits = [boxes[index] for index in line if index in told] if inside else []
        if not digits:
            continue
        level = _level(digits, typical)
        inside = [place for place in inside if _reach(boxes[line[place]], level) > REACH]
        reaching = {place: _stroke(candidates[line[place]], level) for place in inside}
        leaning = {place: stroke for place, stroke in reaching.items() if stroke.lean > LEAN}
        between = {place for place, index in enumerate(line) if index in signs}
        cuts = [-1, *sorted(between | leaning.keys()), len(line)]
        for before, place, after in zip(cuts, cuts[1:], cuts[2:], strict=False):
            if place in between or not {place - before - 1, after - place - 1} <= PARTS:
                continue
            near = _are_near([boxes[index] for index in line[place - 1 : place + 2]], level.height)
            if near and _is_slash(leaning[place]):
                slashes[line[place]] = leaning[place]
    if not slashes:
        return set()
    ends: list[_Stroke] = []
    for line in lines:
        for index in strokes & {*line[:1], *line[-1:]}:
            digits = [boxes[other] for other in line if other in told]
            level = _level(digits, typical) if digits else _level_at(boxes[index], typical)
            ends.append(_stroke(candidates[index], level))
    return {index for index, slash in slashes.items() if not any(_is_like(end, slash) for end in ends)}


def _level(digits: Sequence[Box], typical: float) -> _Line:
    """That of a line with digits that have these boxes, on a page of digits that are so high."""
    height = median([box[3] for box in digits])
    centres = [(x + across / 2, y + down / 2) for x, y, across, down in digits if down >= LOW * height]
    count = len(centres)
    x, y = sum([one for one, _ in centres]) / count, sum([one for _, one in centres]) / count
    slope = 0.0
    if count >= LEVEL:
        spread = sum([(one - x) ** 2 for one, _ in centres])
        slope = sum([(one - x) * (other - y) for one, other in centres]) / max(1.0, spread)
    return _Line(x, y, slope, max(height, typical))


def _level_at(box: Box, typical: float) -> _Line:
    """That of a line without digits at one of its strokes, which tells nothing of how high they would be."""
    x, top, _, height = box
    return _Line(x, top + height / 2, 0.0, typical)


def _reach(box: Box, level: _Line) -> float:
    """How far a box reaches beyond the middle of its line, above and below."""
    x, top, width, height = box
    middle = level.y + level.slope * (x + width / 2 - level.x)
    return min(middle - top, top + height - middle) / level.height


def _stroke(candidate: Candidate, level: _Line) -> _Stroke:
    lean, _, waver = stem_of(candidate.frame)
    # A page that is turned leans its strokes.
    return _Stroke(_reach(candidate.blob.box, level), lean - level.slope, waver)


def _are_near(boxes: Sequence[Box], height: float) -> bool:
    """Whether boxes, left to right, are hardly further from each other than a line's digits are high."""
    return all(after[0] - before[0] - before[2] < NEAR * height for before, after in pairwise(boxes))


def _is_slash(stroke: _Stroke) -> bool:
    return stroke.reach + PER_LEAN * min(stroke.lean, STEEPEST) - PER_WAVER * stroke.waver > LEAST


def _is_like(stroke: _Stroke, slash: _Stroke) -> bool:
    """Whether one leans and reaches about as far as a slash, or further."""
    return stroke.lean > slash.lean - LEANS_LESS and stroke.reach > slash.reach - REACHES_LESS
