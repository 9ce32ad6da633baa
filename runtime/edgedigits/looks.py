"""The classifier as the reader uses it: one look while it searches, and a second look at what it found.

The search tries dozens of joins and cuts and compares their qualities. With a second look at all of these a
page took half as long again, and halves of a digit won more often, because doubtful answers became surer.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from edgedigits.model.views import DOUBT
from edgedigits.pieces.candidates import Candidate, Predictor
from edgedigits.results import NOT_A_DIGIT, Predictions
from edgedigits.segment import Frames


class Looks:
    """A classifier with one look and a second look; it also adds up the seconds that both take."""

    def __init__(self, classifier: Predictor) -> None:
        self._again = classifier.predict
        # A substitute for `Classifier` may have `predict` only.
        self._once = getattr(classifier, "glance", classifier.predict)
        self.threshold: float = getattr(classifier, "threshold", 1.0)
        """1.0 if the classifier has none: then what it rejects stays rejected."""
        self.seconds = 0.0

    def predict(self, images: Frames) -> Predictions:
        """Classify uint8 [N, 28, 28] frames with one look."""
        started = perf_counter()
        predictions: Predictions = self._once(images)
        self.seconds += perf_counter() - started
        return predictions

    def again(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates, the doubtful ones with the answer of a second look."""
        doubtful = [
            place
            for place, one in enumerate(candidates)
            if max(one.quality, 1 - one.digit_score) < DOUBT
            # What was rejected although it looks like a digit was rejected for what stands around it.
            and not (one.label == NOT_A_DIGIT and one.digit_score >= self.threshold)
        ]
        found = list(candidates)
        if not doubtful:
            return found  # most pages
        started = perf_counter()
        said = self._again(np.stack([found[place].frame for place in doubtful]))
        self.seconds += perf_counter() - started
        for row, place in enumerate(doubtful):
            found[place] = found[place]._replace(
                label=int(said.labels[row]),
                confidence=float(said.confidence[row]),
                probabilities=tuple(said.probabilities[row].tolist()),
                digit_score=float(said.digit_score[row]),
            )
        return found
