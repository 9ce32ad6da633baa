"""Digits that touch: which pieces to cut on trial, and which cuts explain them better than one digit does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces import splits
from edgedigits.pieces.candidates import STROKE, Candidate, Predictor, judge, mostly_digits
from edgedigits.results import NOT_A_DIGIT

DOUBTFUL: Final = 0.6
"""A blob of lower quality is cut on trial if it is wide enough for two digits."""
TWO_WIDE: Final = 0.7
TWO_NARROW: Final = 0.5
SURELY_WIDE: Final = 1.2
"""Widths, as shares of the height, above which a blob may be several digits (`TWO_WIDE`; `TWO_NARROW` if it
was rejected on a page of digits), and above which it probably is (`SURELY_WIDE`)."""
ROOM: Final = (0.3, 2.0)
"""Least value of the parts of a blob that may be one letter, and how much its width, as a share of its
height, adds to that value: two digits have more room than the halves of an n or a &."""
BOTH_WIDE: Final = 0.85
"""Least width, as a share of the height, of two digits neither of which is a 1: nearly all drawn pairs are so
wide, but half of the signs # and % that fall into two digits are not."""
PERCENT: Final = (9, 6)
PERCENT_WIDE: Final = 0.98
"""The digits that a % in one piece falls into, and its greatest width, as a share of its height: hardly any
drawn pair of a 9 and a 6 is so narrow."""
SEVEN: Final = 7
"""What an m falls into, together with 1s: three or more that touch, of 1s and 7s only, are a letter."""
PROMISING: Final = 0.3
CLEAR: Final = 0.95
"""If the worst digit's quality lies between these, more cuts are tried, which halves the errors. Blobs below
are seldom a row of digits, and a page in the shade of leaves is full of them."""
HIGHEST: Final = 400
"""Greatest height of a blob that is cut, in pixels of the working picture: strokes are six wide there, and no
digit is sixty stroke widths high. Connected noise is, and takes seconds to cut."""
MOST_SPLITS: Final = 24
"""Greatest number of blobs per page that are cut on trial."""
TRIED: Final = 4
"""How many are cut at first if the page is not known to show digits. If none of them falls into digits, the
others will not either: a room has many wide things, and most of its time would go into cutting them."""


def split(page: Page, candidates: list[Candidate], classifier: Predictor) -> list[Candidate]:
    """Cut candidates that look like several digits, if that explains them better.

    On a page of digits every rejected candidate that falls into good digits is cut: touching digits are
    likelier there than a letter, and uncut it would be lost.
    """
    digits = mostly_digits(candidates)
    wide = [index for index, one in enumerate(candidates) if _may_be_several(one, digits)][:MOST_SPLITS]
    first = MOST_SPLITS if digits else TRIED
    replaced = _parted(page, candidates, wide[:first], classifier, digits)
    if replaced:
        replaced |= _parted(page, candidates, wide[first:], classifier, digits)
    return [part for index, candidate in enumerate(candidates) for part in replaced.get(index, [candidate])]


def _parted(
    page: Page, candidates: Sequence[Candidate], wide: Sequence[int], classifier: Predictor, digits: bool
) -> dict[int, list[Candidate]]:
    """Return the parts, by candidate index, of the candidates that several digits explain better than one.

    `wide` are the indices to try.
    """
    if not wide:
        return {}
    chains = _cut(page, [candidates[index].blob for index in wide], classifier)
    vague = [place for place, chain in enumerate(chains) if PROMISING < chain.least < CLEAR]
    if vague:
        blobs = [candidates[wide[place]].blob for place in vague]
        for place, chain in zip(vague, _cut(page, blobs, classifier, again=True), strict=True):
            chains[place] = max(chain, chains[place], key=lambda one: one.value)
    replaced = dict[int, list[Candidate]]()
    for index, chain in zip(wide, chains, strict=True):
        whole = candidates[index]
        lost = digits and whole.label == NOT_A_DIGIT
        better = lost or chain.value > math.log(max(whole.quality, 1e-6))
        if better and _convincing(chain, whole.blob, digits):
            doubt = chain.least < splits.SURE
            replaced[index] = [
                part._replace(blob=splits.with_contours(part.blob), uncertain_split=doubt, cut=True)
                for part in chain.parts
            ]
    return replaced


class _Chain(NamedTuple):
    """The best way to cut a blob."""

    value: float
    """The log of its probability; -inf if there is no way."""
    parts: list[Candidate]
    """The parts, left to right; their blobs have no contours yet."""

    @property
    def least(self) -> float:
        """The quality of its worst part."""
        return min([part.quality for part in self.parts], default=0.0)


def _cut(page: Page, blobs: Sequence[Blob], classifier: Predictor, *, again: bool = False) -> list[_Chain]:
    """Return the best way to cut each blob, classifying all parts in one batch; `again` tries more cuts."""
    proposals = [splits.propose(page.ink, blob, page.threshold, again=again) for blob in blobs]
    judged = judge(page, [part.blob for proposal in proposals for part in proposal.parts], classifier)
    chains, start = [], 0
    for proposal in proposals:
        parts = judged[start : start + len(proposal.parts)]
        start += len(parts)
        value, chain = splits.best_chain(proposal, [part.quality for part in parts])
        chains.append(_Chain(value, [parts[place] for place in chain]))
    return chains


def _convincing(chain: _Chain, blob: Blob, digits: bool) -> bool:
    """Return whether a blob may be cut this way; `digits` tells that it stands on a page of digits.

    If not, the product of its parts' qualities must be high enough, else the quality of each.
    """
    labels = tuple([part.label for part in chain.parts])
    # A piece is never cut into 1s alone; `all` also refuses a chain without parts.
    letter = len(labels) > 2 and set(labels) == {STROKE, SEVEN}
    if letter or all(label == STROKE for label in labels):
        return False
    wide = _surely_several(blob)
    if not wide and not has_room(labels, chain.value, blob.box[2] / blob.box[3]):
        return False
    needed = (splits.WORST if digits else splits.WORST_ALONE) if wide else splits.WORST_NARROW
    return (chain.least if digits else math.prod([part.quality for part in chain.parts])) > needed


def has_room(labels: tuple[int, ...], value: float, width: float) -> bool:
    """Return whether a blob that may be one letter has room for the digits `labels`.

    `value` is the log of their probability, and `width` the blob's width as a share of its height.
    """
    least, gain = ROOM
    if value + gain * width < least:
        return False
    return STROKE in labels or width >= (PERCENT_WIDE if labels == PERCENT else BOTH_WIDE)


def _may_be_several(candidate: Candidate, digits: bool) -> bool:
    """Return whether to cut a candidate on trial; `digits` tells that it stands on a page of digits."""
    _, _, width, height = candidate.blob.box
    least = TWO_NARROW if digits and candidate.label == NOT_A_DIGIT else TWO_WIDE
    if height > HIGHEST:
        return False
    return width > least * height and (candidate.quality < DOUBTFUL or _surely_several(candidate.blob))


def _surely_several(blob: Blob) -> bool:
    _, _, width, height = blob.box
    return width > SURELY_WIDE * height
