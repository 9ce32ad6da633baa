"""Calls an onnxruntime session without making a new array for each call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

Frames = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]

MOST_KEPT: Final = 12
"""Frames in a call up to which its arrays are kept: for more, the network itself outweighs them."""


class Engine:
    """Runs a session on uint8 [N, 28, 28]; safe to call from several threads.

    Up to `MOST_KEPT` frames go through arrays that are bound to the session in advance (I/O binding), one
    pair for each thread and each N: `InferenceSession.run` creates and looks up its arguments in every call.
    """

    def __init__(self, session: ort.InferenceSession, given: str, wanted: str, classes: int) -> None:
        """`given` and `wanted` name the input and the output; a row of the output has `classes` numbers."""
        self._session, self._given, self._wanted, self._classes = session, given, wanted, classes
        self._outputs = [wanted]
        self._own = threading.local()

    def scores(self, frames: Frames) -> Scores:
        """Return float32 [N, classes] for contiguous uint8 [N, 28, 28], N >= 1.

        The next call of the same thread may overwrite the array. Passes on what onnxruntime raises, also if
        the network answers with another shape.
        """
        count = len(frames)
        if count > MOST_KEPT:
            scores: Scores = self._session.run(self._outputs, {self._given: frames})[0]
            return scores
        try:
            run = self._own.runs[count]
        except (AttributeError, KeyError):
            run = self._bind(count)
        answer: Scores = run(frames)
        return answer

    def _bind(self, count: int) -> Callable[[Frames], Scores]:
        own = np.zeros((count, 28, 28), np.uint8), np.zeros((count, self._classes), np.float32)
        run = bound(self._session, self._given, self._wanted, *own)
        self._own.__dict__.setdefault("runs", {})[count] = run
        return run


def bound(
    session: ort.InferenceSession, given: str, wanted: str, taken: npt.NDArray[Any], answer: Scores
) -> Callable[[npt.NDArray[Any]], Scores]:
    """Return a call that copies its argument into `taken`, runs the session, and returns `answer`."""
    binding = session.io_binding()
    binding.bind_input(given, "cpu", 0, taken.dtype.type, taken.shape, taken.ctypes.data)
    binding.bind_output(wanted, "cpu", 0, answer.dtype.type, answer.shape, answer.ctypes.data)

    def run(values: npt.NDArray[Any]) -> Scores:
        taken[...] = values
        session.run_with_iobinding(binding)
        return answer

    return run
