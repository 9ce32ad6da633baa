"""Picture in, Reading out: segment, canonical, classifier, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from edgedigits import segment
from edgedigits.errors import UsageError
from edgedigits.lines import lines_of
from edgedigits.pictures import Picture, to_grey
from edgedigits.results import NOT_A_DIGIT, Box, Digit, Predictions, Reading

ROTATIONS: Final = ("0", "90", "180", "270", "auto")


class Predictor(Protocol):
    """What the reader needs of a classifier; `Classifier` has it."""

    def predict(self, images: npt.NDArray[np.uint8]) -> Predictions:
        """Classify uint8 [N, 28, 28] frames."""


class Reader:
    """Reads every digit of a picture, in order, and leaves the rest alone.

    `rotate` turns the picture clockwise by that many degrees before it is read; "auto" chooses the
    turn whose digits the classifier is surest of. Safe to call from several threads.
    """

    def __init__(self, classifier: Predictor, *, rotate: str = "0") -> None:
        if rotate not in ROTATIONS:
            raise UsageError("unknown rotation", expected=", ".join(ROTATIONS), received=repr(rotate))
        self.classifier = classifier
        self.rotate = rotate

    def read(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a page: uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA, dark or bright ink.

        `debug` is a folder for pictures of each stage. Boxes are in pixels of `picture`. Raises
        `PictureError` for an array that is no such picture; a picture without digits gives an empty
        reading.
        """
        started = perf_counter()
        page = segment.page_of(to_grey(picture))
        blobs = segment.blobs_of(page)
        frames = segment.frame_blobs(page, blobs)
        boxes = [segment.box_in_picture(page, blob.box) for blob in blobs]
        return self._answer(picture, frames, boxes, started)

    def read_single(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a picture as one digit: all of its ink belongs together."""
        started = perf_counter()
        page = segment.page_of(to_grey(picture))
        whole = segment.whole_of(page)
        blobs = [whole] if whole else []
        frames = segment.frame_blobs(page, blobs)
        boxes = [segment.box_in_picture(page, blob.box) for blob in blobs]
        return self._answer(picture, frames, boxes, started)

    def _answer(
        self, picture: Picture, frames: npt.NDArray[np.uint8], boxes: Sequence[Box], started: float
    ) -> Reading:
        segmented = perf_counter()
        predictions = self.classifier.predict(frames)
        classified = perf_counter()
        kept = [index for index in range(len(boxes)) if predictions.labels[index] != NOT_A_DIGIT]
        lines = lines_of([boxes[index] for index in kept])
        digits = [
            _digit(predictions, kept[place], boxes[kept[place]], number)
            for number, line in enumerate(lines)
            for place in line
        ]
        rejected = [
            _digit(predictions, index, boxes[index], 0) for index in range(len(boxes)) if index not in kept
        ]
        text = "\n".join("".join(str(d.label) for d in digits if d.line == n) for n in range(len(lines)))
        ended = perf_counter()
        timing = {
            "segment": 1000 * (segmented - started),
            "classify": 1000 * (classified - segmented),
            "total": 1000 * (ended - started),
        }
        height, width = picture.shape[:2]
        return Reading(text, tuple(digits), timing, (width, height), tuple(rejected))


def _digit(predictions: Predictions, index: int, box: Box, line: int) -> Digit:
    return Digit(
        int(predictions.labels[index]),
        float(predictions.confidence[index]),
        tuple(map(float, predictions.probabilities[index])),
        box,
        float(predictions.digit_score[index]),
        line,
    )
