"""From MNIST to digits read off a page: the subcommands in a row, on a small part of the real data."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")

LEAST_RIGHT = 0.6
"""Share of the digits on an example page, after two epochs on 6,000 pictures; guessing gets a tenth."""


def test_train_export_and_predict_in_a_row(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, shared: Path, examples: Path
) -> None:
    data = shared / "data" / "mnist.npz"
    trained = command(
        "train", "--data", data, "--recipe", "quick", "--limit", "6000", "--epochs", "2", "--out", "run"
    )
    assert trained.returncode == 0, trained.stderr
    run = tmp_path / "run"
    for name in (
        "model.keras",
        "config.json",
        "history.csv",
        "metrics.json",
        "loss_accuracy.png",
        "confusion_matrix.png",
        "sample_predictions.png",
        "noise_curve.png",
    ):
        assert (run / name).stat().st_size > 0, name
    exported = command("export", "run", "--out", "mine.onnx", "--data", data, "--allow-drop")
    assert exported.returncode == 0, exported.stderr
    assert "mine.onnx" in exported.stdout
    assert "oneDNN" not in exported.stderr, "TensorFlow's lines about itself stood among ours"
    told = command("info", "mine.onnx", "--json")
    assert told.returncode == 0, told.stderr
    page = "note.jpg"
    read = command("predict", examples / page, "--model", "mine.onnx", "--threshold", "0", "--json")
    assert read.returncode == 0, read.stderr
    text = json.loads(read.stdout)["text"].replace("\n", "")
    truth = json.loads((examples / "labels.json").read_text("utf-8"))[page]["text"].replace("\n", "")
    right = sum(a == b for a, b in zip(text, truth, strict=False))
    assert right >= LEAST_RIGHT * len(truth), f"{text} for {truth}"
