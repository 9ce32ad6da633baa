"""Scores of a model and how often they are right. Needs only numpy; percentages are 0 to 100."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]
Predict = Callable[[Images], Floats]
"""Function from uint8 [N, 28, 28] to the softmax over "0".."9" and, if [N, 11], "none"; else [N, 10]."""


class Scores(NamedTuple):
    """The two answers that the runtime gives for each picture: which digit, and whether it is one."""

    probabilities: Floats
    """[N, 10], rows sum to 1: class probabilities, given that it is a digit."""
    digit_score: Floats
    """[N], 0..1: how likely the picture shows a digit."""

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """[N], 0..9: the most likely digit, even where the model would refuse to answer."""
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)

    @property
    def confidence(self) -> Floats:
        """[N], 0..1: the probability of that digit."""
        return np.asarray(self.probabilities.max(axis=1, initial=0))


Scorer = Callable[[Images], Scores]
"""Function from uint8 [N, 28, 28] to the scores of the pictures."""


def scorer_of(predict: Predict) -> Scorer:
    """Wrap a prediction function so that its softmax is split into scores as the runtime does it."""
    return lambda images: scores_of(predict(images))


def scores_of(softmax: Floats) -> Scores:
    """Split a softmax over all classes, [N, 11] or [N, 10], into the two answers.

    The first ten, divided by their sum, are the softmax over these ten alone. Without an eleventh class
    the largest probability is the digit score (Hendrycks and Gimpel, 2017).
    """
    digits = softmax[:, :10]
    total = digits.sum(axis=1, keepdims=True)
    # All ten can underflow at once on an obvious outlier: they are then set equal.
    probabilities = np.divide(digits, total, out=np.full_like(digits, 0.1), where=total > 0)
    if softmax.shape[1] > 10:
        return Scores(probabilities, np.minimum(total[:, 0], 1))
    return Scores(probabilities, probabilities.max(axis=1, initial=0))


def accuracy(labels: Labels, truth: Labels) -> float:
    """Return the percentage of labels that are right; NaN if there are none."""
    return 100 * float(np.mean(labels == truth)) if len(truth) else math.nan


def half_interval(percent: float, count: int) -> float:
    """Return half the width, in points, of Wilson's 95 % interval for a share measured on `count` cases."""
    z, p = 1.96, percent / 100
    spread = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return 100 * spread / (1 + z * z / count)


def confusion(truth: Labels, labels: Labels) -> npt.NDArray[np.int64]:
    """Return the confusion matrix, int64 [10, 10]: rows the true digit, columns the answer."""
    flat = np.asarray(truth, np.int64) * 10 + labels
    return np.bincount(flat, minlength=100).reshape(10, 10)
