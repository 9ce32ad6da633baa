"""Knowledge distillation: the answers of trained networks as labels for a small one.

Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), at temperature 1. The
teachers see the same degraded picture as the student, so their doubt says how much of the digit is left.
The probabilities of several teachers are averaged, as in that paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgedigits import Classifier
from edgedigits.errors import EdgeDigitsError
from edgedigits.model.engine import Engine


class Teacher:
    """Exported model files that give probabilities. Can be called from several threads.

    Model files rather than Keras networks, because onnxruntime takes a fraction of the time.
    """

    def __init__(self, paths: Sequence[Path], classes: int) -> None:
        """Open the model files; `classes` is the student's number of classes.

        Raises `EdgeDigitsError` if a teacher has another number of classes.
        """
        self._engines = [_open(path, classes) for path in paths]

    def probabilities(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the answers to uint8 [N, 28, 28], bright on black: float32 [N, classes], rows sum to 1."""
        answers = [engine.scores(images) for engine in self._engines]
        return np.asarray(np.mean(answers, axis=0, dtype=np.float32))


def _open(path: Path, classes: int) -> Engine:
    teacher = Classifier.load(path)
    known = len(teacher.contract.labels)
    if known != classes:
        raise EdgeDigitsError(
            f"{path} cannot be this network's teacher",
            expected=f"{classes} classes, like the recipe",
            received=f"{known} classes",
            remedy="train the teacher with the same share of outliers, or none",
        )
    return teacher.engine
