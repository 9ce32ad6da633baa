"""From pieces of ink to digits: the classifier judges pieces, joins and splits; the best are kept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from edgedigits import joins, splits
from edgedigits.blob import Blob, union
from edgedigits.pieces import is_whole, typical_height
from edgedigits.results import NOT_A_DIGIT, Predictions
from edgedigits.segment import Page, frame_blobs
from edgedigits.sizes import small_writing

Frames = npt.NDArray[np.uint8]

DOUBTFUL: Final = 0.6
"""A blob whose quality is below this is cut on trial, if it is wide enough for two digits."""
TWO_WIDE: Final = 0.7
TWO_NARROW: Final = 0.5
SURELY_WIDE: Final = 1.2
"""Widths, as shares of the height, from which a blob may be and is probably more than one digit; on a page of
digits that refuses it, it may be from the second on."""
STROKE: Final = 1
"""What any slice of a letter, of a drawing or of a shadow's grain may look like: no row of these alone is
cut out of one piece."""
MOST_SPLITS: Final = 24
"""How many blobs of a page are cut on trial."""
COMPANY: Final = 4
SURE: Final = 0.9
"""So many pieces of at least this quality make a page of digits."""
TRAINING_ODDS: Final = 7 / 3
"""Digits to one that is none, in training (`outliers = 0.3` in `finish`): the prior behind a digit score."""


class Predictor(Protocol):
    """What is needed of a classifier; `Classifier` has it."""

    def predict(self, images: Frames) -> Predictions:
        """Classify uint8 [N, 28, 28] frames."""


class Candidate(NamedTuple):
    """A blob with what the classifier says of it."""

    blob: Blob
    frame: Frames
    darkness: float
    """0..255, the share of light that its ink takes away."""
    pale: float
    """0..255, the same for the palest two fifths of it: a third of a digit are its soft edges."""
    label: int
    confidence: float
    probabilities: tuple[float, ...]
    digit_score: float
    uncertain_split: bool = False

    @property
    def quality(self) -> float:
        """How probably it is a digit and rightly named, 0..1."""
        return self.confidence * self.digit_score


def judge(page: Page, blobs: Sequence[Blob], classifier: Predictor) -> list[Candidate]:
    """Frame and classify blobs in one batch."""
    frames, darkness = frame_blobs(page, blobs)
    predictions = classifier.predict(frames)
    probabilities = predictions.probabilities.tolist()
    return [
        Candidate(blob, frame, dark, pale, label, confidence, tuple(row), score)
        for blob, frame, (dark, pale), label, confidence, row, score in zip(
            blobs,
            frames,
            darkness,
            predictions.labels.tolist(),
            predictions.confidence.tolist(),
            probabilities,
            predictions.digit_score.tolist(),
            strict=True,
        )
    ]


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
    if not _mostly_digits(found):
        return _choose(page, pieces, typical, classifier)
    return _choose(page, [pieces[index] for index in left], typical, classifier) + found


def _choose(page: Page, pieces: Sequence[Blob], typical: float, classifier: Predictor) -> list[Candidate]:
    """The same for pieces of one size of writing."""
    groups = joins.groups_of(pieces, typical)
    whole = [index for index, piece in enumerate(pieces) if is_whole(piece, typical)]
    blobs = [pieces[index] for index in whole]
    blobs += [union([pieces[index] for index in group]) for group in groups]
    judged = judge(page, blobs, classifier)
    alone, joined = judged[: len(whole)], judged[len(whole) :]
    if groups:
        qualities: list[float | None] = [None] * len(pieces)
        for index, candidate in zip(whole, alone, strict=True):
            qualities[index] = candidate.quality
        boxes = [piece.box for piece in pieces]
        chosen = joins.settle(groups, [candidate.quality for candidate in joined], qualities, boxes)
        used = {index for group in chosen for index in groups[group]}
        labels = {index: candidate.label for index, candidate in zip(whole, alone, strict=True)}
        none = [group for group, one in zip(groups, joined, strict=True) if one.label == NOT_A_DIGIT]
        parts = _strokes_of_letters(none, pieces, labels)
        alone = [
            candidate._replace(label=NOT_A_DIGIT) if index in parts else candidate
            for index, candidate in zip(whole, alone, strict=True)
            if index not in used
        ]
        alone += [joined[group] for group in chosen]
    return _split(page, alone, classifier)


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
    if not refused or not _mostly_digits(candidates):
        return candidates
    likelier = max(1.0, (_sure(candidates) + 1) / (refused + 1) / TRAINING_ODDS)
    least = threshold / (threshold + likelier * (1 - threshold))
    return [
        candidate._replace(label=int(np.argmax(candidate.probabilities)))
        if candidate.label == NOT_A_DIGIT and candidate.digit_score > least
        else candidate
        for candidate in candidates
    ]


def _split(page: Page, candidates: list[Candidate], classifier: Predictor) -> list[Candidate]:
    """Cut what looks like several digits, where that explains it better.

    On a page of digits that is so for all that is refused as one and falls into good ones: two that
    touch are a likelier sight there than a letter, and as a whole it would be lost.
    """
    digits = _mostly_digits(candidates)
    wide = [index for index, one in enumerate(candidates) if _may_be_several(one, digits)][:MOST_SPLITS]
    if not wide:
        return candidates
    proposals = [splits.propose(page.ink, candidates[index].blob, page.threshold) for index in wide]
    judged = judge(page, [part.blob for proposal in proposals for part in proposal.parts], classifier)
    start, replaced = 0, dict[int, list[Candidate]]()
    for index, proposal in zip(wide, proposals, strict=True):
        parts = judged[start : start + len(proposal.parts)]
        start += len(parts)
        value, chain = splits.best_chain(proposal, [part.quality for part in parts])
        qualities = [parts[place].quality for place in chain]
        lost = digits and candidates[index].label == NOT_A_DIGIT
        better = lost or value > math.log(max(candidates[index].quality, 1e-6))
        strokes = all(parts[place].label == STROKE for place in chain)
        if better and not strokes and _convincing(qualities, _surely_several(candidates[index].blob), digits):
            doubt = min(qualities) < splits.SURE
            replaced[index] = [parts[place]._replace(uncertain_split=doubt) for place in chain]
    return [part for index, candidate in enumerate(candidates) for part in replaced.get(index, [candidate])]


def _convincing(qualities: Sequence[float], several: bool, digits: bool) -> bool:
    """Whether a blob may be cut into parts of these qualities.

    `several`: by its width it is surely more than one digit; `digits`: it stands on a page of digits.
    Where nothing else speaks for digits its parts have to, all together.
    """
    if not qualities:
        return False
    wide = splits.WORST if digits else splits.WORST_ALONE
    needed = wide if several else splits.WORST_NARROW
    return (min(qualities) if digits else math.prod(qualities)) > needed


def _mostly_digits(candidates: Sequence[Candidate]) -> bool:
    """Whether most of a page's pieces, and no fewer than `COMPANY`, are surely digits."""
    return _sure(candidates) >= max(COMPANY, len(candidates) / 2)


def _sure(candidates: Sequence[Candidate]) -> int:
    """How many are surely digits."""
    return sum([candidate.quality > SURE for candidate in candidates])


def _may_be_several(candidate: Candidate, digits: bool) -> bool:
    """Whether a candidate is to be cut on trial; `digits`: it stands on a page of digits."""
    _, _, width, height = candidate.blob.box
    least = TWO_NARROW if digits and candidate.label == NOT_A_DIGIT else TWO_WIDE
    return width > least * height and (candidate.quality < DOUBTFUL or _surely_several(candidate.blob))


def _surely_several(blob: Blob) -> bool:
    _, _, width, height = blob.box
    return width > SURELY_WIDE * height
