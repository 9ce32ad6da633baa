"""Write what a finished training run leaves in its folder: figures and plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from edgedigits_train.data import Mnist, Split
from edgedigits_train.measures.calibration import pooled_reliability
from edgedigits_train.measures.metrics import (
    Images,
    Labels,
    Predict,
    Scorer,
    Scores,
    accuracy,
    confusion,
    scorer_of,
)
from edgedigits_train.measures.robustness import NOISES, draw
from edgedigits_train.reports import curves, plots, sheets
from edgedigits_train.reports.records import write_record

_SEED = 0


def write_run_report(
    run_dir: Path,
    predict: Predict,
    split: Split,
    mnist: Mnist,
    history: Sequence[Mapping[str, float]],
) -> dict[str, Any]:
    """Write `metrics.json`, `loss_accuracy.png`, `confusion_matrix.png`, `sample_predictions.png` and
    `noise_curve.png` into `run_dir`, and return what went into `metrics.json`.

    `predict` turns uint8 [N, 28, 28], any N, into the softmax over "0".."9" and "none", float [N, 11]
    (or [N, 10] without "none"). `history` has one mapping per epoch with the columns of `history.csv`;
    those ending in "loss" and "accuracy" (0..1) are plotted. The pictures show the test set.

    `metrics.json` is `{"validation": part, "test": part, "data_sha256": str, "data": str}`. A part is
    `{"count": int, "clean": percent, "noise": {name: percent}, "noise_mean": percent,
    "calibration_error_clean": percent, "calibration_error_noise": percent}`. The names of the noises are
    those in `edgedigits_train.measures.robustness.NOISES`. Every noise is drawn once per picture.
    """
    score = scorer_of(predict)
    images, truth = mnist.x_test, mnist.y_test
    validation, *_ = _measure(score, split.x_val, split.y_val)
    test, clean, noisy = _measure(score, images, truth)
    metrics = {"validation": validation, "test": test, "data_sha256": mnist.sha256, "data": mnist.note}
    run_dir.mkdir(parents=True, exist_ok=True)
    write_record(run_dir / "metrics.json", metrics, indent=1)
    plots.loss_accuracy(history, run_dir / "loss_accuracy.png")
    write_confusion(run_dir / "confusion_matrix.png", truth, clean, noisy)
    write_samples(run_dir / "sample_predictions.png", score, images, truth)
    count = len(truth[:: max(1, len(truth) // curves.MOST_PICTURES)])
    curves.noise_curve(curves.measure(score, images, truth), count, run_dir / "noise_curve.png")
    return metrics


def write_confusion(path: Path, truth: Labels, clean: Scores, noisy: Mapping[str, Scores]) -> None:
    """Plot two confusion matrices of a model: on clean pictures, and on all noises together."""
    mix = sum((confusion(truth, scores.labels) for scores in noisy.values()), np.zeros((10, 10), np.int64))
    plots.confusion_matrix({"Clean": confusion(truth, clean.labels), "Noise mix": mix}, path)


def write_samples(
    path: Path, score: Scorer, images: Images, truth: Labels, *, threshold: float = 0.0
) -> None:
    """Plot one picture of each digit, drawn with a fixed seed, under every noise, with the answers."""
    rng = np.random.default_rng(_SEED)
    chosen = [int(rng.choice(np.flatnonzero(truth == digit))) for digit in np.unique(truth)]
    rows = {"clean": (images[chosen], score(images[chosen]))}
    for name, noise in NOISES.items():
        drawn = draw(name, noise, images[chosen])
        rows[name] = (drawn, score(drawn))
    sheets.sample_predictions(rows, truth[chosen], path, threshold=threshold)


def _measure(
    score: Scorer, images: Images, truth: Labels
) -> tuple[dict[str, Any], Scores, dict[str, Scores]]:
    clean = score(images)
    noisy = {name: score(draw(name, noise, images)) for name, noise in NOISES.items()}
    share = {name: round(accuracy(scores.labels, truth), 3) for name, scores in noisy.items()}
    part = {
        "count": len(truth),
        "clean": round(accuracy(clean.labels, truth), 3),
        "noise": share,
        "noise_mean": round(float(np.mean(list(share.values()))), 3),
        "calibration_error_clean": round(pooled_reliability(truth, [clean]).error, 3),
        "calibration_error_noise": round(pooled_reliability(truth, list(noisy.values())).error, 3),
    }
    return part, clean, noisy
