"""A user teaches it a hand that it misreads: collect, train, export, read."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, Reader

pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")

OPEN_FOUR = (
    ((8, -52), (-22, -40), (-30, -12), (-10, 6), (22, -2)),
    ((28, -52), (26, 0), (22, 58)),
)
"""Two strokes, in pixels from the centre: a 4 whose first stroke is round and almost closed at the top."""
LEARNED = 0.8
LOST_ON_MNIST = 0.25
"""Share of the hand's 4s that must be right afterwards, and test accuracy in points that it may cost.

Measured: 0.87 and 0.12 points, because a 4 that looks like a 9 competes with real 9s. The bounds allow for
differences between runs, which threads cause.
"""


def four(rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return a picture of the hand's 4, grey [240, 320], with random size, slant, stroke width and shape."""
    picture = np.full((240, 320), 230, np.uint8)
    size, slant, pen = rng.uniform(0.85, 1.15), rng.normal(0, 0.08), int(rng.integers(6, 11))
    for stroke in OPEN_FOUR:
        points = (np.array(stroke) + rng.normal(0, 2.5, (len(stroke), 2))) * size
        points[:, 0] -= slant * points[:, 1]
        places = np.rint((points + np.array([160, 120])) * 16).astype(np.int32)
        cv2.polylines(picture, [places], False, 40, pen, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.2), np.uint8)


def film(path: Path, count: int) -> None:
    """Film the sheets, held up to the camera one after another without gaps."""
    rng = np.random.default_rng(2)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    for _ in range(count):
        sheet = cv2.cvtColor(four(rng), cv2.COLOR_GRAY2BGR)
        for picture in [sheet] * 6 + [np.full_like(sheet, 230)] * 8:
            writer.write(picture)
    writer.release()


def right(model: Path | None) -> float:
    """Return the share of 40 sheets, other than the filmed ones, that are read as a single 4."""
    rng = np.random.default_rng(99)
    reader = Reader(Classifier.load(model))
    return sum(reader.read(four(rng)).text == "4" for _ in range(40)) / 40


def test_a_hand_that_is_read_wrongly_is_learned(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, shared: Path
) -> None:
    data = shared / "data" / "mnist.npz"
    assert right(None) < 0.5, "the packaged model reads this hand already: choose a harder one"
    film(tmp_path / "mine.avi", 60)
    for arguments in (
        ("webcam", "--source", "mine.avi", "--headless", "--collect", "mine", "--label", "4"),
        (
            "train",
            "--recipe",
            "adapt",
            "--start",
            "packaged",
            "--extra",
            "mine",
            "--data",
            data,
            "--out",
            "run",
        ),
        ("export", "run", "--out", "mine.onnx", "--data", data),
    ):
        done = command(*arguments, timeout=600)
        assert done.returncode == 0, done.stderr
    assert right(tmp_path / "mine.onnx") >= LEARNED
    seen = command("webcam", "--source", "mine.avi", "--headless", "--model", "mine.onnx")
    texts = [line.split()[-1] for line in seen.stdout.splitlines() if line.split()[-1].isdigit()]
    assert texts.count("4") >= LEARNED * len(texts) > 0
    with np.load(data) as mnist:
        images, labels = mnist["x_test"], mnist["y_test"]
    before, after = (
        100 * (Classifier.load(model).predict(images).probabilities.argmax(1) == labels).mean()
        for model in (None, tmp_path / "mine.onnx")
    )
    assert after >= before - LOST_ON_MNIST
