"""Candidates: pieces of ink with the classifier's answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.results import Predictions
from edgedigits.segment import Frames, frame_blobs

COMPANY: Final = 4
SURE: Final = 0.9
"""A page of digits has at least `COMPANY` pieces of a quality above `SURE`."""
STROKE: Final = 1
"""The digit that any edge, any slice of a letter and the grain in a shadow look like."""


class Predictor(Protocol):
    """The part of `Classifier` that is needed here."""

    def predict(self, images: Frames) -> Predictions:
        """Classify uint8 [N, 28, 28] frames."""


class Candidate(NamedTuple):
    """A blob with the classifier's answer."""

    blob: Blob
    frame: Frames
    darkness: float
    """0..255, how much of the paper's light its full ink takes away (`ink.strokes.FULL_INK`)."""
    pale: float
    """0..255, the same for the darkest of its palest two fifths; a third of a digit are soft edges."""
    label: int
    confidence: float
    probabilities: tuple[float, ...]
    digit_score: float
    uncertain_split: bool = False
    cut: bool = False
    """True for a part of a piece that was cut, whether or not the cut is certain."""

    @property
    def quality(self) -> float:
        """The probability, 0..1, that it is a digit and that the label is right."""
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


def mostly_digits(candidates: Sequence[Candidate]) -> bool:
    """Return whether at least half of a page's pieces, and at least `COMPANY`, are surely digits."""
    return sure(candidates) >= max(COMPANY, len(candidates) / 2)


def sure(candidates: Sequence[Candidate]) -> int:
    """Return how many candidates are surely digits (of a quality above `SURE`)."""
    return sum([candidate.quality > SURE for candidate in candidates])
