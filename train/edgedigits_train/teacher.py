"""A trained network's answers as labels: what a small network learns from a large one.

Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), at temperature 1: the
teacher sees the same degraded picture as the pupil, so its doubt says how much of a digit is left.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from edgedigits import Classifier
from edgedigits.classifier import session_options
from edgedigits.errors import EdgeDigitsError


class Teacher:
    """An exported model file that is asked for probabilities; safe to call from several threads.

    A file and not a Keras network, because onnxruntime answers with a fraction of the time.
    """

    def __init__(self, path: Path, classes: int) -> None:
        """`classes` is the pupil's number; raises `EdgeDigitsError` where the teacher has another."""
        known = len(Classifier.load(path).contract.labels)
        if known != classes:
            raise EdgeDigitsError(
                f"{path} cannot teach this network",
                expected=f"{classes} classes, as the recipe has",
                received=f"{known} classes",
                remedy="train the teacher with the same share of outliers, or none",
            )
        self._session = ort.InferenceSession(
            str(path), session_options(), providers=["CPUExecutionProvider"], enable_fallback=0
        )
        self._input = self._session.get_inputs()[0].name

    def probabilities(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Of uint8 [N, 28, 28], bright on black: float32 [N, classes], rows that add up to 1."""
        return np.asarray(self._session.run(None, {self._input: images})[0], np.float32)
