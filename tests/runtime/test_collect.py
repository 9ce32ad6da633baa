"""Collected frames are what the classifier saw; none is saved twice, and nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.errors import EdgeDigitsError
from edgedigits.results import Digit, Predictions
from edgedigits.webcam.collect import Collection, Recorder, snapshot

RNG = np.random.default_rng(3)


def frame() -> np.ndarray:
    return RNG.integers(0, 256, (28, 28)).astype(np.uint8)


class Fixed:
    """A classifier that answers each frame with other probabilities."""

    threshold = 0.5

    def predict(self, images: np.ndarray) -> Predictions:
        raw = images.reshape(len(images), 784)[:, :10].astype(np.float32) + 1
        shares = raw / raw.sum(axis=1, keepdims=True)
        best = shares.argmax(axis=1)
        return Predictions(best, shares.max(axis=1), shares, np.ones(len(images), np.float32))


def digit_of(predictions: Predictions, index: int) -> Digit:
    """Return a digit as the reader makes it: with probabilities as Python floats."""
    probabilities = tuple(map(float, predictions.probabilities[index]))
    return Digit(int(predictions.labels[index]), 1.0, probabilities, (0, 0, 1, 1))


def test_the_recorder_finds_the_frame_of_each_digit_over_several_batches() -> None:
    recorder = Recorder(Fixed())  # type: ignore[arg-type]
    batches = [np.stack([frame(), frame()]), np.stack([frame()]), np.zeros((0, 28, 28), np.uint8)]
    for batch in batches:
        predictions = recorder.predict(batch)
        for index in range(len(batch)):
            found = recorder.frame_of(digit_of(predictions, index))
            assert found is not None
            assert (found == batch[index]).all()
    digit = digit_of(recorder.predict(batches[0]), 0)
    for _ in range(3):
        recorder.begin()
        assert recorder.frame_of(digit) is not None, "the picture on the screen may be an older one"
    recorder.begin()
    assert recorder.frame_of(digit) is None


class Asked:
    """The packaged classifier, which records how it was asked."""

    def __init__(self) -> None:
        self.classifier = Classifier.load()
        self.threshold = self.classifier.threshold
        self.calls: list[tuple[str, int]] = []

    def predict(self, images: np.ndarray) -> Predictions:
        self.calls.append(("predict", len(images)))
        return self.classifier.predict(images)

    def glance(self, images: np.ndarray) -> Predictions:
        self.calls.append(("glance", len(images)))
        return self.classifier.glance(images)


def test_a_page_is_read_over_a_recorder_as_over_its_classifier() -> None:
    """Regression: the live view took second looks during the search, and read other digits than predict."""
    page = np.full((200, 420), 235, np.uint8)
    for place, sign in enumerate("28373"):
        write(page, sign, (40 + 70 * place - 36 * (place > 3), 70), 60, 6, 60)  # the last two touch
    alone, recorded = Asked(), Asked()
    expected = Reader(alone).read(page)
    recorder = Recorder(recorded)  # type: ignore[arg-type]
    reading = Reader(recorder).read(page)
    assert [name for name, _ in alone.calls] == ["glance", "glance"], "the pieces, and where to cut"
    assert recorded.calls == alone.calls
    assert (reading.text, reading.digits) == (expected.text, expected.digits)
    for digit in reading.digits:
        assert recorder.frame_of(digit) is not None, "found by one look"


def test_frames_are_saved_as_they_were_seen_and_once(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "new" / "mine")
    one, two = frame(), frame()
    path = collection.save(one, "4")
    assert path is not None
    assert path.parent == tmp_path / "new" / "mine" / "4"
    stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert stored.dtype == np.uint8
    assert stored.shape == (28, 28), "grey, one channel"
    assert (stored == one).all()
    assert collection.save(one, "4") is None
    assert collection.save(two, "4") is not None
    assert collection.save(two, "none") is not None
    assert collection.saved == 3
    assert Collection(tmp_path / "new" / "mine").save(one, "4") is None, "not in a later run either"


@pytest.mark.parametrize("label", ["10", "-1", "", "../4", "None"])
def test_other_labels_are_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(EdgeDigitsError, match="unknown label"):
        Collection(tmp_path).save(frame(), label)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EdgeDigitsError, match="cannot be written"):
        Collection(tmp_path / "file" / "mine")


def test_snapshots_never_overwrite(tmp_path: Path) -> None:
    picture = RNG.integers(0, 256, (20, 30, 3)).astype(np.uint8)
    crops = [(4, frame()), (-1, frame())]
    folders = [snapshot(tmp_path, picture, picture, {"text": "4"}, crops) for _ in range(5)]
    assert len(set(folders)) == 5
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == ["annotated.png", "crop_00_4.png", "crop_01_none.png", "picture.png", "reading.json"]
    assert json.loads((folders[4] / "reading.json").read_text()) == {"text": "4"}
    assert (cv2.imread(str(folders[4] / "picture.png")) == picture).all()
