"""Find slashes of dates and fractions that are hardly higher than the digits beside them and look like 1s.

No single measure is enough: some 1s lean as far, and some reach as far beyond their line. Together the
measures find most slashes where a date or fraction may have one. If 1s that cannot be slashes look the same,
the stroke stays a 1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from itertools import pairwise
from typing import Final, NamedTuple

from edgedigits.pieces.candidates import STROKE, Candidate
from edgedigits.quantiles import median
from edgedigits.results import Box
from edgedigits.signs.stems import stem_of

LIKELY: Final = 0.5
"""Digits other than 1s of a quality above this tell where their line is and how high its digits are."""
LOW: Final = 0.7
"""Below this share of their median height they may be signs or exponents, which do not tell where it is."""
LEVEL: Final = 3
"""Least number of such digits that tell the slope of a line."""
REACH: Final = 0.55
"""Least distance that a slash reaches from the middle of its line at both ends, as a share of the digit
height: what keeps to the line reaches 0.5."""
LEAN: Final = 0.14
"""Least lean to the right, as a share of its height: eight degrees."""
STEEPEST: Final = 0.7
"""A lean beyond this, 35 degrees, counts no more."""
PER_LEAN: Final = 0.9
PER_WAVER: Final = 60.0
LEAST: Final = 0.62
"""In a slash, reach plus 0.9 times the lean less 60 times the waver exceeds `LEAST`. The weights are those of
a logistic regression on drawn pages of training digits, with slashes of 1 to 1.5 times the digits' height, at
8 to 45 degrees, straight and bent. The sum takes 8 of 11,699 1s for slashes: from all difficulties, rows of
nothing but 1s, hands that lean them or write them higher, and straight 1s. Of 1,147 such slashes it finds
72 %; height alone finds 46 %."""
PARTS: Final = frozenset((1, 2, 4))
"""Numbers of digits that may stand on either side of a slash: those of days, months, years, small numbers."""
NEAR: Final = 1.0
"""Greatest gap between a slash and the digits beside it, in digit heights of its line; the columns of a table
are further apart."""
LEANS_LESS: Final = 0.22
REACHES_LESS: Final = 0.08
"""Strokes at the ends of lines are 1s. If one of them falls short of a slash by no more than this in lean and
in reach, the hand writes its 1s like that, and the slash is a 1, too."""


class _Stroke(NamedTuple):
    """The measures of a stroke: reach in digit heights, lean and waver as in `stems.Stem`."""

    reach: float
    lean: float
    waver: float


class _Line(NamedTuple):
    """A point in the middle of a line, its slope in rows per column, and the height of its digits."""

    x: float
    y: float
    slope: float
    height: float


def slashes_of(
    candidates: Sequence[Candidate], lines: Sequence[Sequence[int]], signs: Collection[int]
) -> set[int]:
    """Return the indices of the 1s that are slashes; `lines` holds indices of candidates, left to right.

    `signs` are the indices of what is already known to be no digit; these also separate the digits of a line.
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
        for place in _between_numbers(line, leaning.keys(), signs):
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


def _between_numbers(line: Sequence[int], leaning: Set[int], signs: Collection[int]) -> list[int]:
    """Return those of the places of leaning strokes in a line on both sides of which `PARTS` digits stand."""
    between = {place for place, index in enumerate(line) if index in signs}
    cuts = [-1, *sorted(between | leaning), len(line)]
    return [
        place
        for before, place, after in zip(cuts, cuts[1:], cuts[2:], strict=False)
        if place not in between and {place - before - 1, after - place - 1} <= PARTS
    ]


def _level(digits: Sequence[Box], typical: float) -> _Line:
    """Return the level of a line from the boxes of its digits; `typical` is the digit height of the page."""
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
    """Return the level of a line without digits at one of its strokes; the height is the page's."""
    x, top, _, height = box
    return _Line(x, top + height / 2, 0.0, typical)


def _reach(box: Box, level: _Line) -> float:
    """Return how far a box reaches both above and below the middle of its line, in digit heights."""
    x, top, width, height = box
    middle = level.y + level.slope * (x + width / 2 - level.x)
    return min(middle - top, top + height - middle) / level.height


def _stroke(candidate: Candidate, level: _Line) -> _Stroke:
    lean, _, waver = stem_of(candidate.frame)
    # On a tilted page all strokes lean.
    return _Stroke(_reach(candidate.blob.box, level), lean - level.slope, waver)


def _are_near(boxes: Sequence[Box], height: float) -> bool:
    """Return whether the gaps between boxes, left to right, are less than `NEAR` times a digit height."""
    return all(after[0] - before[0] - before[2] < NEAR * height for before, after in pairwise(boxes))


def _is_slash(stroke: _Stroke) -> bool:
    return stroke.reach + PER_LEAN * min(stroke.lean, STEEPEST) - PER_WAVER * stroke.waver > LEAST


def _is_like(stroke: _Stroke, slash: _Stroke) -> bool:
    """Return whether a stroke leans and reaches about as far as a slash, or further."""
    return stroke.lean > slash.lean - LEANS_LESS and stroke.reach > slash.reach - REACHES_LESS
