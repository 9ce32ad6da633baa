"""Calibration: whether answers given with 95 % confidence are right 95 times in a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from edgedigits_train.measures.metrics import Labels, Scores

Floats = npt.NDArray[np.floating[Any]]

BINS = 15


class Reliability(NamedTuple):
    """Confidence and accuracy of groups of equal size, sorted by confidence; each array is [bins]."""

    confidence: npt.NDArray[np.float64]
    """Mean confidence in the group, 0..1."""
    accuracy: npt.NDArray[np.float64]
    """Share of right answers in the group, 0..1."""
    sizes: npt.NDArray[np.int64]
    """Pictures in the group."""

    @property
    def error(self) -> float:
        """Expected calibration error in percent: the mean gap, weighted by the groups' sizes.

        The groups have equal size, as in Nguyen and O'Connor (2015). With bins of equal width nearly all
        pictures of a good classifier would fall into the last one.
        """
        if not len(self.sizes):
            return float("nan")
        return 100 * float(np.average(np.abs(self.confidence - self.accuracy), weights=self.sizes))


def reliability(confidence: Floats, correct: npt.NDArray[np.bool_], bins: int = BINS) -> Reliability:
    """Group pictures by confidence [N], 0..1, and compare it with whether the answers were right [N]."""
    order = np.argsort(confidence, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    return Reliability(
        np.array([confidence[group].mean(dtype=np.float64) for group in groups]),
        np.array([correct[group].mean(dtype=np.float64) for group in groups]),
        np.array([len(group) for group in groups], np.int64),
    )


def pooled_reliability(truth: Labels, scores: Sequence[Scores]) -> Reliability:
    """Return the reliability over several score sets of the same pictures with digits `truth` [N]."""
    confidence = np.concatenate([each.confidence for each in scores])
    correct = np.concatenate([each.labels == truth for each in scores])
    return reliability(confidence, correct)
