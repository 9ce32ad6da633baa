"""From pieces of ink to digits: the classifier judges pieces, joins and splits; the best are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from edgedigits.ink.blob import Blob, union
from edgedigits.ink.page import Page
from edgedigits.pieces import joins
from edgedigits.pieces.candidates import STROKE, SURE, Candidate, Predictor, judge, mostly_digits, sure
from edgedigits.pieces.connected import is_whole
from edgedigits.pieces.heights import typical_height
from edgedigits.pieces.sizes import small_writing
from edgedigits.pieces.touching import DOUBTFUL, split
from edgedigits.pieces.underlined import without_lines
from edgedigits.results import NOT_A_DIGIT

TRAINING_ODDS: Final = 133 / 67
"""Digits to one that is none, in training (`outliers = 0.335` in `hands`): the prior behind a digit score."""


def choose(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> list[Candidate]:
    """What the pieces of a page are, each piece used once: digits and things that are none.

    Small pieces apart from the rest are judged by their own height; if they are mostly digits they stay.
    """
    small = small_writing(pieces, typical)
    if not small:
        return _choose(page, pieces, typical, classifier)
    apart = [pieces[index] for index in small]
    left = sorted(set(range(len(pieces))).difference(small))
    found = _choose(page, apart, typical_height(apart, page.stroke), classifier)
    if not mostly_digits(found):
        return _choose(page, pieces, typical, classifier)
    return _choose(page, [pieces[index] for index in left], typical, classifier) + found


def _choose(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> list[Candidate]:
    """The same for pieces of one size of writing."""
    found = split(page, together(page, pieces, typical, classifier), classifier)
    return without_lines(page, found, classifier)


def together(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> list[Candidate]:
    """What pieces of one size of writing are, alone or joined; none is cut."""
    groups = joins.groups_of(pieces, typical)
    whole = [index for index, piece in enumerate(pieces) if is_whole(piece, typical)]
    blobs = [pieces[index] for index in whole]
    blobs += [union([pieces[index] for index in group]) for group in groups]
    judged = judge(page, blobs, classifier)
    if not groups:
        return judged
    alone = dict(zip(whole, judged, strict=False))
    return _settled(pieces, alone, dict(zip(groups, judged[len(whole) :], strict=True)))


def _settled(
    pieces: Sequence[Blob], alone: Mapping[int, Candidate], joined: Mapping[joins.Group, Candidate]
) -> list[Candidate]:
    """Each piece once, by what `alone` says of whole ones and `joined` of groups."""
    boxes = [piece.box for piece in pieces]
    refused = [group for group, one in joined.items() if one.label == NOT_A_DIGIT]
    doubtful = [group for group, one in joined.items() if one.quality < DOUBTFUL]
    lost = _losing(doubtful, alone)
    groups = [group for group in joined if group not in lost and not _holds_digits(group, alone)]
    chosen = joins.settle(
        groups,
        [joined[group].quality for group in groups],
        [alone[index].quality if index in alone else None for index in range(len(pieces))],
        boxes,
    )
    used = set[int]().union(*[groups[place] for place in chosen])
    parts = _strokes_of_letters(refused, pieces, {index: one.label for index, one in alone.items()})
    found = [
        one._replace(label=NOT_A_DIGIT) if index in parts else one
        for index, one in alone.items()
        if index not in used
    ]
    return found + [joined[groups[place]] for place in chosen]


def _losing(doubtful: Sequence[joins.Group], alone: Mapping[int, Candidate]) -> set[joins.Group]:
    """The groups that are hardly a digit although one of their pieces surely is, on a page of digits.

    None is lost there to a sign beside it, or to a line below it.
    """
    if not mostly_digits(list(alone.values())):
        return set()
    digits = {index for index, one in alone.items() if one.quality > SURE}
    return {group for group in doubtful if not digits.isdisjoint(group)}


def _holds_digits(group: joins.Group, alone: Mapping[int, Candidate]) -> bool:
    """Whether two of a group's pieces are surely digits, side by side, and neither is a mere stroke.

    With an exponent beside it a 5 is as good a 5. The two rings of an 8 stand one above the other.
    """
    sure = [alone[index] for index in group if index in alone and alone[index].quality > SURE]
    boxes = [one.blob.box for one in sure if one.label != STROKE]
    return not all(joins.are_stacked(one, other) for one, other in combinations(boxes, 2))


def _strokes_of_letters(
    none: Sequence[joins.Group], pieces: Sequence[Blob], labels: Mapping[int, int]
) -> set[int]:
    """The pieces that stand within the box of one that is no digit, and make none together with it.

    `none` are the groups that are no digit; `labels` tells what each whole piece is alone. So a leg stands
    below the bar of a pi. On a page of digits `in_company` names them all the same.
    """
    return {
        inner
        for group in none
        if len(group) == 2
        for inner, outer in (group, group[::-1])
        if labels.get(outer) == NOT_A_DIGIT and union([pieces[inner], pieces[outer]]).box == pieces[outer].box
    }


def in_company(candidates: list[Candidate], threshold: float) -> list[Candidate]:
    """Name what was refused by little, where nearly all of the page are digits.

    `threshold` is the digit score below which the classifier refuses. Bayes's rule: the odds that it
    asks for are lower by as much as those of a digit are higher on this page than in training, by
    Laplace's rule of succession.
    """
    refused = sum([candidate.label == NOT_A_DIGIT for candidate in candidates])
    if not refused or not mostly_digits(candidates):
        return candidates
    likelier = max(1.0, (sure(candidates) + 1) / (refused + 1) / TRAINING_ODDS)
    least = threshold / (threshold + likelier * (1 - threshold))
    return [
        candidate._replace(label=int(np.argmax(candidate.probabilities)))
        if candidate.label == NOT_A_DIGIT and candidate.digit_score > least
        else candidate
        for candidate in candidates
    ]
