"""Measure a model: accuracy on clean and corrupted digits, calibration, and rejection of outliers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from edgedigits_train.measures.calibration import pooled_reliability
from edgedigits_train.measures.metrics import Images, Labels, Scorer, Scores, accuracy, half_interval
from edgedigits_train.measures.rejection import auroc
from edgedigits_train.measures.robustness import GUARD, NOISES, RESERVE, SOFT, Corruption, draw

Step = Callable[[str], None]


class Target(NamedTuple):
    """A bound that a figure should meet."""

    limit: float
    at_least: bool

    def met(self, value: float) -> bool:
        """Whether `value` meets the bound."""
        return value >= self.limit if self.at_least else abs(value) <= self.limit


TARGETS: dict[str, Target] = {
    "file size": Target(100, at_least=False),
    "clean": Target(99.65, at_least=True),
    "n-MNIST white noise": Target(98.8, at_least=True),
    "n-MNIST motion blur": Target(99.5, at_least=True),
    "n-MNIST contrast + noise": Target(98.0, at_least=True),
    "Gaussian noise, sigma 0.3": Target(98.5, at_least=True),
    "Gaussian noise, sigma 0.5": Target(98.0, at_least=True),
    "salt and pepper, 20 %": Target(98.5, at_least=True),
    "Gaussian blur, 1.5 px": Target(99.0, at_least=True),
    "guard suite, mean": Target(97.5, at_least=True),
    "largest difference": Target(0.05, at_least=False),
    "calibration error, clean": Target(0.3, at_least=False),
    "calibration error, noise mix": Target(1.0, at_least=False),
    "AUROC, Greek letters": Target(98.5, at_least=True),
    "AUROC, photographed letters": Target(98.5, at_least=True),
    "clean digits refused": Target(0.2, at_least=False),
    "Greek letters accepted": Target(15.0, at_least=False),
}

SUITES = (
    ("guard suite, mean", GUARD, "the corruptions of MNIST-C"),
    ("reserve suite, mean", RESERVE, "families that the training mix leaves out"),
)


@dataclass(frozen=True)
class Row:
    """One figure. `value` is NaN if it could not be measured; `note` then says why."""

    name: str
    value: float
    unit: str = "%"
    margin: float | None = None
    """Half of the 95 % confidence interval, given the number of pictures, in points."""
    refused: float | None = None
    """Percent of the pictures that the model's own threshold refuses; `value` counts them by their digit."""
    difference: float | None = None
    """Points above the reference model on the same pictures."""
    note: str = ""

    @property
    def target(self) -> Target | None:
        """The target for this figure, if there is one."""
        return TARGETS.get(self.name)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; what is unknown is null."""
        target = self.target
        known = not math.isnan(self.value)
        return {
            "name": self.name,
            "value": round(self.value, 4) if known else None,
            "unit": self.unit,
            "margin": self.margin,
            "refused": self.refused,
            "difference": self.difference,
            "target": target and {"limit": target.limit, "at_least": target.at_least},
            "met": target.met(self.value) if target and known else None,
            "note": self.note,
        }


@dataclass
class Evaluation:
    """The figures of a model, and the scores that plots are drawn from."""

    clean: Scores
    rows: list[Row] = field(default_factory=list)
    noisy: dict[str, Scores] = field(default_factory=dict)
    outliers: dict[str, Scores] = field(default_factory=dict)


def steps(with_reference: bool) -> int:
    """Return how many times `evaluate` calls its `step`."""
    return (1 + len(NOISES)) * (2 if with_reference else 1) + len(SOFT) + len(GUARD) + len(RESERVE) + 1


def evaluate(
    score: Scorer,
    images: Images,
    truth: Labels,
    *,
    threshold: float | None,
    outliers: Mapping[str, Images | str],
    reference: Scorer | None = None,
    step: Step = lambda text: None,
) -> Evaluation:
    """Measure a model on digits, uint8 [N, 28, 28] with labels `truth` [N], and on corruptions of them.

    Each corruption is drawn once per picture, with a fixed seed. `outliers` maps "Greek letters" and
    "photographed letters" to framed pictures, or to the reason why there are none. `reference` is a
    model to compare with, for example the fp32 file that an int8 file was made from.
    """

    def measured(name: str, corruption: Corruption | None, compared: bool) -> tuple[Row, Scores]:
        step(name)
        drawn = images if corruption is None else draw(name, corruption, images)
        scores = score(drawn)
        value = accuracy(scores.labels, truth)
        difference = None
        if reference is not None and compared:
            step(f"{name}, the other model")
            difference = round(value - accuracy(reference(drawn).labels, truth), 4)
        margin = round(half_interval(value, len(truth)), 4)
        refused = (
            None if threshold is None else round(100 * float(np.mean(scores.digit_score < threshold)), 4)
        )
        return Row(name, value, margin=margin, refused=refused, difference=difference), scores

    row, clean = measured("clean", None, True)
    result = Evaluation(clean, [row])
    for name, corruption in NOISES.items():
        row, result.noisy[name] = measured(name, corruption, True)
        result.rows.append(row)
    differences = [row.difference for row in result.rows if row.difference is not None]
    result.rows += [measured(name, corruption, False)[0] for name, corruption in SOFT.items()]
    for title, suite, note in SUITES:
        parts = [measured(name, corruption, False)[0] for name, corruption in suite.items()]
        result.rows.append(Row(title, float(np.mean([row.value for row in parts])), note=note))
        result.rows += parts
    if differences:
        worst = max(differences, key=abs)
        result.rows.append(Row("largest difference", worst, "points", note="to the other model, rows above"))
    noisy = list(result.noisy.values())
    result.rows += [
        Row("calibration error, clean", pooled_reliability(truth, [clean]).error),
        Row("calibration error, noise mix", pooled_reliability(truth, noisy).error),
    ]
    step("outliers")
    result.rows += _rejection(result, score, threshold, outliers)
    return result


def _rejection(
    result: Evaluation, score: Scorer, threshold: float | None, outliers: Mapping[str, Images | str]
) -> list[Row]:
    rows = []
    for name, frames in outliers.items():
        if isinstance(frames, str):
            rows.append(Row(f"AUROC, {name}", math.nan, note=f"skipped: {frames}"))
            continue
        result.outliers[name] = score(frames)
        area = auroc(result.clean.digit_score, result.outliers[name].digit_score)
        rows.append(Row(f"AUROC, {name}", area, note=f"{len(frames)} outliers"))
    if threshold is None:
        return [*rows, Row("clean digits refused", math.nan, note="skipped: the threshold is set by export")]
    refused = 100 * float(np.mean(result.clean.digit_score < threshold))
    rows.append(Row("clean digits refused", refused, note=f"threshold {threshold:g}"))
    for name, frames in outliers.items():
        if isinstance(frames, str):
            rows.append(Row(f"{name} accepted", math.nan, note=f"skipped: {frames}"))
        else:
            accepted = 100 * float(np.mean(result.outliers[name].digit_score >= threshold))
            rows.append(Row(f"{name} accepted", accepted, note=f"threshold {threshold:g}"))
    return rows
