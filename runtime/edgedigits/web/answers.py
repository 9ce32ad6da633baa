"""Readings as the page's JSON, with the 28x28 frame that the model saw for each digit."""

from __future__ import annotations

import base64
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits.classifier import Classifier
from edgedigits.pictures import Picture
from edgedigits.reader import Reader
from edgedigits.results import Box, Digit, Reading
from edgedigits.webcam.collect import Recorder

Frames = dict[Box, npt.NDArray[np.uint8]]
"""The uint8 [28, 28] frames that the model saw, by the box of the digit."""


def read(classifier: Classifier, picture: Picture) -> tuple[Reading, Frames]:
    """Read a picture; return the reading, and what the model saw of each digit."""
    recorder = Recorder(classifier)
    reading = Reader(recorder).read(picture)
    found = {digit.box: recorder.frame_of(digit) for digit in (*reading.digits, *reading.rejected)}
    return reading, {box: frame for box, frame in found.items() if frame is not None}


def to_json(reading: Reading, frames: Frames) -> dict[str, Any]:
    """Return the command line's JSON, with what the page shows besides."""
    return {
        **reading.to_dict(),
        "size": list(reading.size),
        "digits": [_digit(digit, frames) for digit in reading.digits],
        "rejected": [_digit(digit, frames) for digit in reading.rejected],
    }


def _digit(digit: Digit, frames: Frames) -> dict[str, Any]:
    frame = frames.get(digit.box)
    return {
        **digit.to_dict(),
        "probabilities": [round(value, 4) for value in digit.probabilities],
        "digit_score": round(digit.digit_score, 4),
        "line": digit.line,
        "uncertain_split": digit.uncertain_split,
        "frame": None if frame is None else base64.b64encode(frame.tobytes()).decode("ascii"),
    }


class Stopwatch:
    """Milliseconds since it was created, for the stages that the reader does not time."""

    def __init__(self) -> None:
        self._started = perf_counter()

    def ms(self) -> float:
        """Return the milliseconds, rounded to microseconds."""
        return round(1000 * (perf_counter() - self._started), 3)
