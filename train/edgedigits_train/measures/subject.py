"""The model to evaluate: an .onnx file, or the folder of a training run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from edgedigits.classifier import Classifier
from edgedigits.model.views import DOUBT, answered
from edgedigits_train.measures.metrics import Images, Scorer, Scores, scorer_of

_BATCH = 256
"""Large enough to keep a CPU busy, small enough for the activations to fit in its cache."""
_DOUBTFUL_AT_ONCE = 1000
"""Doubtful frames that Keras classifies again in one call. A call takes long however few frames it is for,
and a network that was trained for a short time doubts thousands."""


@dataclass(frozen=True)
class Subject:
    """What an evaluation needs to know about a model. It scores pictures as the runtime does."""

    path: Path
    score: Scorer
    threshold: float | None
    """Digit score below which the model refuses. None for a run, which gets its threshold on export."""
    bytes: int
    """Size of the file in bytes."""
    about: str
    """Precision or architecture, for headings."""
    sha256: str
    """SHA-256 of the .onnx file; empty for a run."""


def open_subject(path: Path | None, threads: int = 1) -> Subject:
    """Open an .onnx file (None: the packaged model) or a run folder; the latter needs Keras.

    Raises `ModelError` if the model file, or the network in the folder, is damaged or not an edgedigits
    model, and `EdgeDigitsError` if the folder is not a run.
    """
    if path is not None and path.is_dir():
        return _run(path)
    classifier = Classifier.load(path, threads=threads)

    def score(images: Images) -> Scores:
        parts = [classifier.predict(images[at : at + _BATCH]) for at in range(0, len(images), _BATCH)]
        parts = parts or [classifier.predict(images)]
        return Scores(
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.digit_score for part in parts]),
        )

    return Subject(
        classifier.path,
        score,
        classifier.threshold,
        classifier.bytes,
        f"{classifier.contract.precision}, {classifier.contract.architecture or 'unnamed architecture'}",
        classifier.sha256,
    )


def _run(path: Path) -> Subject:
    from edgedigits_train.networks import open_network, require_digits
    from edgedigits_train.runfolder import BEST, RunFolder

    config = RunFolder(path).read_config()
    model = open_network(path / BEST, compiled=False)
    from edgedigits_train.fit import probabilities

    require_digits(model, path / BEST)
    about = f"fp32 in Keras, {config.get('architecture', 'unnamed architecture')}"
    run = partial(probabilities, model)
    score = scorer_of(partial(answered, run, doubt=DOUBT, most=_DOUBTFUL_AT_ONCE))
    return Subject(path, score, None, (path / BEST).stat().st_size, about, "")
