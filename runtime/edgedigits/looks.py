"""A classifier as the reader asks it: one look while it searches, a second one at what it found.

A search tries joins and cuts by the dozen and goes by which looks best. Second looks at all of these take
half as long again for a page, and as they make doubtful answers surer, halves of a digit won more often.
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
    """Adds up the seconds that the classifier takes, too."""

    def __init__(self, classifier: Predictor) -> None:
        self._again = classifier.predict
        # Whoever stands in for a classifier may have no more than `predict`.
        self._once = getattr(classifier, "glance", classifier.predict)
        self.threshold: float = getattr(classifier, "threshold", 1.0)
        """One that does not tell its threshold is followed to the letter."""
        self.seconds = 0.0

    def predict(self, images: Frames) -> Predictions:
        """One look at uint8 [N, 28, 28] frames."""
        started = perf_counter()
        predictions: Predictions = self._once(images)
        self.seconds += perf_counter() - started
        return predictions

    def again(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates, those that leave doubt with what the classifier says after a second look."""
        doubtful = [
            place
            for place, one in enumerate(candidates)
            if max(one.quality, 1 - one.digit_score) < DOUBT
            # What was refused although it looks like a digit was refused for what stands around it.
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
