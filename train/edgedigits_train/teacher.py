"""Trained networks' answers as labels: what a small network learns from large ones.

Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), at temperature 1: the
teachers see the same degraded picture as the pupil, so their doubt says how much of a digit is left.
Several are asked for the mean of their probabilities, as in that paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from edgedigits import Classifier
from edgedigits.classifier import session_options
from edgedigits.errors import EdgeDigitsError


class Teacher:
    """Exported model files that are asked for probabilities; safe to call from several threads.

    Files and not Keras networks, because onnxruntime answers with a fraction of the time.
    """

    def __init__(self, paths: Sequence[Path], classes: int) -> None:
        """`paths`: one file or several; `classes` is the pupil's number.

        Raises `EdgeDigitsError` where a teacher has another number of classes.
        """
        self._sessions = [_open(path, classes) for path in paths]

    def probabilities(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Of uint8 [N, 28, 28], bright on black: float32 [N, classes], rows that add up to 1."""
        answers = [
            np.asarray(session.run(None, {session.get_inputs()[0].name: images})[0], np.float32)
            for session in self._sessions
        ]
        return np.asarray(np.mean(answers, axis=0, dtype=np.float32))


def _open(path: Path, classes: int) -> ort.InferenceSession:
    known = len(Classifier.load(path).contract.labels)
    if known != classes:
        raise EdgeDigitsError(
            f"{path} cannot teach this network",
            expected=f"{classes} classes, as the recipe has",
            received=f"{known} classes",
            remedy="train the teacher with the same share of outliers, or none",
        )
    return ort.InferenceSession(
        str(path), session_options(), providers=["CPUExecutionProvider"], enable_fallback=0
    )
