"""Pieces of ink with what the classifier says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.results import Predictions
from edgedigits.segment import Frames, frame_blobs

COMPANY: Final = 4
SURE: Final = 0.9
"""So many pieces of at least this quality make a page of digits."""
STROKE: Final = 1
"""The digit that any edge, a slice of a letter and a shadow's grain look like."""


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
    cut: bool = False
    """True for a part of a piece that was cut, whether that is certain or not."""

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


def mostly_digits(candidates: Sequence[Candidate]) -> bool:
    """Whether most of a page's pieces, and no fewer than `COMPANY`, are surely digits."""
    return sure(candidates) >= max(COMPANY, len(candidates) / 2)


def sure(candidates: Sequence[Candidate]) -> int:
    """How many are surely digits."""
    return sum([candidate.quality > SURE for candidate in candidates])
