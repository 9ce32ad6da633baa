"""Save what was seen: snapshots, and labelled 28x28 frames for training.

`edgedigits train --extra DIR` takes the labelled frames: DIR/<label>/<name>.png, 28x28 pixels of 8-bit grey,
bright ink on black, exactly as the classifier saw them; the label is 0 to 9 or "none".
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.errors import EdgeDigitsError
from edgedigits.pictures import numbered
from edgedigits.results import Digit, Predictions

if TYPE_CHECKING:
    from edgedigits.classifier import Classifier

_PICTURES: Final = 4
"""Pictures whose frames are kept: the one on the screen, those that are read meanwhile, and one more."""
LABELS: Final = (*map(str, range(10)), "none")
Pixels = npt.NDArray[np.uint8]


class Recorder:
    """A classifier that keeps the frames of the last few pictures, to look one up by its answer."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self.threshold = classifier.threshold
        self._seen: deque[list[tuple[Pixels, Predictions]]] = deque([[]], maxlen=_PICTURES)

    def predict(self, images: Pixels) -> Predictions:
        """Classify uint8 [N, 28, 28] frames as `Classifier.predict` does, and keep them."""
        return self._kept(images, self._classifier.predict(images))

    def glance(self, images: Pixels) -> Predictions:
        """Classify frames as `Classifier.glance` does, and keep them; `Reader` searches with it."""
        return self._kept(images, self._classifier.glance(images))

    def _kept(self, images: Pixels, predictions: Predictions) -> Predictions:
        self._seen[-1].append((images, predictions))
        return predictions

    def begin(self) -> None:
        """Begin a new picture, and forget the oldest."""
        self._seen.append([])

    def frame_of(self, digit: Digit) -> Pixels | None:
        """Return the uint8 [28, 28] frame whose answer has this digit's probabilities, or None."""
        wanted = np.asarray(digit.probabilities, np.float32)
        for images, predictions in chain.from_iterable(reversed(list(self._seen))):
            same = np.flatnonzero((predictions.probabilities == wanted).all(axis=1))
            if len(same):
                frame: Pixels = np.array(images[same[0]])
                return frame
        return None


class Collection:
    """A folder of labelled frames that only grows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.saved = 0
        _make(folder)

    def save(self, frame: Pixels, label: str) -> Path | None:
        """Write a uint8 [28, 28] frame and return its path; None if this very frame is there already.

        The file is named after the hash of the pixels, so that nothing is saved twice or overwritten.
        """
        if label not in LABELS:
            raise EdgeDigitsError("unknown label", expected=", ".join(LABELS), received=label)
        folder = self.folder / label
        _make(folder)
        path = folder / f"{hashlib.sha256(frame.tobytes()).hexdigest()[:16]}.png"
        if path.exists():
            return None
        _write(path, frame)
        self.saved += 1
        return path


def snapshot(
    folder: Path,
    picture: Pixels,
    annotated: npt.NDArray[Any],
    result: dict[str, Any],
    crops: list[tuple[int, Pixels]],
) -> Path:
    """Write picture.png, annotated.png, reading.json and the 28x28 crops into a new folder; return it.

    `crops` are pairs of label and uint8 [28, 28]. The folder is named after the time, and is never one that
    exists.
    """
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    for target in islice(numbered(folder / stamp), 999):
        try:
            target.mkdir(parents=True)
            break
        except FileExistsError:
            continue
        except OSError as error:
            raise _refused(target, error) from error
    _write(target / "picture.png", picture)
    _write(target / "annotated.png", annotated)
    (target / "reading.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    for place, (label, frame) in enumerate(crops):
        _write(target / f"crop_{place:02d}_{'none' if label < 0 else label}.png", frame)
    return target


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(folder, error) from error


def _write(path: Path, picture: npt.NDArray[Any]) -> None:
    # Encoded here and written by Python: OpenCV's imwrite fails silently on some paths.
    data = cv2.imencode(".png", picture)[1]
    try:
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> EdgeDigitsError:
    return EdgeDigitsError(
        f"{path} cannot be written",
        received=error.strerror or str(error),
        remedy="choose a folder that you may write to, or free some space",
    )
