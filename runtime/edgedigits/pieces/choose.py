"""From pieces of ink to digits: classify single pieces, joins and splits, and keep the best."""

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
"""Prior odds of a digit behind a digit score: those of the training data (`outliers = 0.335` in `hands`)."""


def choose(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> list[Candidate]:
    """Turn the pieces of a page into candidates, digits and non-digits, using each piece once.

    Small pieces away from the rest are judged by a typical height of their own, if that makes them mostly
    digits.
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
    """Do the same for writing of one size."""
    found = together(page, pieces, typical, classifier)
    # Cut on trial, a number and the line below it fall into parts that still have the line.
    found = split(page, without_lines(page, found, classifier, least=2), classifier)
    return without_lines(page, found, classifier)


def together(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> list[Candidate]:
    """Classify the pieces of writing of one size, alone or joined, without cutting any."""
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
    """Choose between single pieces and groups, using each piece once.

    `alone` holds the candidates of whole pieces by index, `joined` those of groups.
    """
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
    """Return the groups that are doubtful although one of their pieces is surely a digit.

    Only on a page of digits, so that no digit there is lost to a sign beside it or a line below it.
    """
    if not mostly_digits(list(alone.values())):
        return set()
    digits = {index for index, one in alone.items() if one.quality > SURE}
    return {group for group in doubtful if not digits.isdisjoint(group)}


def _holds_digits(group: joins.Group, alone: Mapping[int, Candidate]) -> bool:
    """Return whether two of a group's pieces, side by side, are surely digits, and neither is a 1.

    A 5 joined with its exponent still looks like a 5. The two rings of an 8 are stacked, not side by side.
    """
    sure = [alone[index] for index in group if index in alone and alone[index].quality > SURE]
    boxes = [one.blob.box for one in sure if one.label != STROKE]
    return not all(joins.are_stacked(one, other) for one, other in combinations(boxes, 2))


def _strokes_of_letters(
    none: Sequence[joins.Group], pieces: Sequence[Blob], labels: Mapping[int, int]
) -> set[int]:
    """Return the pieces within the bounding box of a non-digit that make no digit together with it either.

    An example is a leg below the bar of a pi. `none` are the groups that are no digit; `labels` holds the
    label of each whole piece. On a page of digits `in_company` may still name them.
    """
    return {
        inner
        for group in none
        if len(group) == 2
        for inner, outer in (group, group[::-1])
        if labels.get(outer) == NOT_A_DIGIT and union([pieces[inner], pieces[outer]]).box == pieces[outer].box
    }


def in_company(candidates: list[Candidate], threshold: float) -> list[Candidate]:
    """Label narrowly rejected candidates as digits on a page that is mostly digits.

    `threshold` is the digit score below which the classifier rejects. By Bayes' rule, the odds required of
    a digit are divided by the ratio of the prior odds on this page to those in training. The page's odds are
    estimated with Laplace's rule of succession.
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
