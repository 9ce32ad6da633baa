"""Digits that touch: which pieces are cut on trial, and which cuts explain them better than one digit."""

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
"""A blob whose quality is below this is cut on trial, if it is wide enough for two digits."""
TWO_WIDE: Final = 0.7
TWO_NARROW: Final = 0.5
SURELY_WIDE: Final = 1.2
"""Widths, as shares of the height, from which a blob may be and is probably more than one digit; on a page of
digits that refuses it, it may be from the second on."""
ROOM: Final = (0.3, 2.0)
"""What the parts' value must be at least where a blob may be one letter, and by how much its width, as a
share of its height, makes up for that: two digits have more room than the halves of an n or a &."""
BOTH_WIDE: Final = 0.85
"""Least width, as a share of the height, of two digits neither of which is a 1: nearly all drawn pairs have
it, and half of the signs # and % that fall into two digits have not."""
PERCENT: Final = (9, 6)
PERCENT_WIDE: Final = 0.98
"""What a % that is one piece falls into, and how wide it is at most: hardly any drawn pair is these two and
so narrow."""
SEVEN: Final = 7
"""What an m falls into beside 1s: three and more that touch, of both and of no other digit, are a letter."""
PROMISING: Final = 0.3
CLEAR: Final = 0.95
"""Cuts that give digits of a quality between these are sought again among more: half as many are wrong then.
What is worse is seldom a row of digits, and a page in the shade of leaves is full of it."""
HIGHEST: Final = 400
"""Height, in pixels of the working picture, of what is cut at most: strokes are six wide there, and no digit
is sixty of them high. Noise that hangs together is, and takes seconds to cut."""
MOST_SPLITS: Final = 24
"""How many blobs of a page are cut on trial."""
TRIED: Final = 4
"""How many at first, where nothing says that a page shows digits. If none of them falls into digits, the
others do not either: a room has many wide things, and cutting them is most of the time that it takes."""


def split(page: Page, candidates: list[Candidate], classifier: Predictor) -> list[Candidate]:
    """Cut what looks like several digits, where that explains it better.

    On a page of digits that is so for all that is refused as one and falls into good ones: two that
    touch are a likelier sight there than a letter, and as a whole it would be lost.
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
    """The parts of those candidates, by their indices, that several digits explain better than one."""
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
    """The logarithm of its probability; -inf where there is no way."""
    parts: list[Candidate]
    """Their blobs have no contours yet."""

    @property
    def least(self) -> float:
        """The quality of its worst part."""
        return min([part.quality for part in self.parts], default=0.0)


def _cut(page: Page, blobs: Sequence[Blob], classifier: Predictor, *, again: bool = False) -> list[_Chain]:
    """Cut blobs, all in one batch; `again`: in more ways."""
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
    """Whether a blob may be cut so; `digits`: it stands on a page of digits.

    Where nothing else speaks for digits its parts have to, all together.
    """
    labels = tuple([part.label for part in chain.parts])
    # No row of 1s alone is cut out of one piece, and there may be no way to cut it.
    letter = len(labels) > 2 and set(labels) == {STROKE, SEVEN}
    if letter or all(label == STROKE for label in labels):
        return False
    wide = _surely_several(blob)
    if not wide and not has_room(labels, chain.value, blob.box[2] / blob.box[3]):
        return False
    needed = (splits.WORST if digits else splits.WORST_ALONE) if wide else splits.WORST_NARROW
    return (chain.least if digits else math.prod([part.quality for part in chain.parts])) > needed


def has_room(labels: tuple[int, ...], value: float, width: float) -> bool:
    """Whether a blob that may be one letter has room for these digits: its `width` is a share of its height.

    `value` is the logarithm of how probable they are.
    """
    least, gain = ROOM
    if value + gain * width < least:
        return False
    return STROKE in labels or width >= (PERCENT_WIDE if labels == PERCENT else BOTH_WIDE)


def _may_be_several(candidate: Candidate, digits: bool) -> bool:
    """Whether a candidate is to be cut on trial; `digits`: it stands on a page of digits."""
    _, _, width, height = candidate.blob.box
    least = TWO_NARROW if digits and candidate.label == NOT_A_DIGIT else TWO_WIDE
    if height > HIGHEST:
        return False
    return width > least * height and (candidate.quality < DOUBTFUL or _surely_several(candidate.blob))


def _surely_several(blob: Blob) -> bool:
    _, _, width, height = blob.box
    return width > SURELY_WIDE * height
