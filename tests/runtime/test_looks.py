"""How often the reader looks: once at what it tries, twice at what it found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.looks import Looks
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import NOT_A_DIGIT, Predictions

THRESHOLD = 0.2


class Scripted:
    """Says 7 only after a second look, and records how it was asked."""

    threshold = THRESHOLD

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[int]]] = []

    def predict(self, images: npt.NDArray[np.uint8]) -> Predictions:
        self.asked.append(("predict", images[:, 0, 0].tolist()))
        count = len(images)
        rows = np.full((count, 10), 0.02, np.float32)
        rows[:, 7] = 0.82
        return Predictions(
            np.full(count, 7), np.full(count, 0.82, np.float32), rows, np.full(count, 0.6, np.float32)
        )

    def glance(self, images: npt.NDArray[np.uint8]) -> Predictions:
        self.asked.append(("glance", images[:, 0, 0].tolist()))
        return self.predict(images)


class OnlyPredict:
    """A user's own classifier with only the method that `Reader` requires."""

    def predict(self, images: npt.NDArray[np.uint8]) -> Predictions:
        return Scripted().predict(images)


def candidate(number: int, label: int, confidence: float, score: float) -> Candidate:
    """Return a candidate whose frame has `number` in a corner."""
    frame = np.full((28, 28), number, np.uint8)
    blob = Blob((0, 0, 10, 20), ())
    return Candidate(blob, frame, 200.0, 150.0, label, confidence, (0.1,) * 10, score)


def test_a_search_looks_once() -> None:
    classifier = Scripted()
    Looks(classifier).predict(np.zeros((2, 28, 28), np.uint8))
    assert classifier.asked[0][0] == "glance"


def test_a_classifier_that_only_predicts_is_asked_to() -> None:
    looks = Looks(OnlyPredict())
    assert looks.predict(np.zeros((1, 28, 28), np.uint8)).labels.tolist() == [7]
    assert looks.threshold == 1.0


@pytest.mark.parametrize(
    ("label", "confidence", "score", "again", "why"),
    [
        (3, 0.99, 0.99, False, "surely a 3"),
        (NOT_A_DIGIT, 0.5, 0.01, False, "surely none"),
        (3, 0.99, 0.5, True, "perhaps none"),
        (3, 0.6, 0.99, True, "a 3, or another digit"),
        (NOT_A_DIGIT, 0.9, 0.15, True, "refused by little"),
        (NOT_A_DIGIT, 0.9, 0.9, False, "looks like one, and was refused for what stands around it"),
    ],
)
def test_only_what_is_in_doubt_is_looked_at_again(
    label: int, confidence: float, score: float, again: bool, why: str
) -> None:
    classifier = Scripted()
    others = [candidate(1, 4, 1.0, 1.0), candidate(3, 5, 1.0, 1.0)]
    given = [others[0], candidate(2, label, confidence, score), others[1]]
    found = Looks(classifier).again(given)
    assert classifier.asked == ([("predict", [2])] if again else []), why
    assert [found[0], found[2]] == others
    if again:
        assert (found[1].label, found[1].confidence, found[1].digit_score) == pytest.approx((7, 0.82, 0.6))
        assert found[1].probabilities[7] == pytest.approx(0.82)
        assert found[1].blob is given[1].blob
    else:
        assert found[1] is given[1]


def test_both_looks_take_their_time() -> None:
    looks = Looks(Scripted())
    looks.predict(np.zeros((1, 28, 28), np.uint8))
    once = looks.seconds
    looks.again([candidate(1, 3, 0.6, 0.9)])
    assert looks.seconds > once > 0
