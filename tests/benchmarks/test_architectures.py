"""The comparison of architectures: its table, and the entries for the frontier plot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edgedigits.errors import DataError
from edgedigits_bench.speed import frontier
from edgedigits_bench.trials import architectures


def row(name: str, us: float) -> dict[str, Any]:
    accuracies = {"clean": 99.25, "noises": 97.5, "reserve": 96.0}
    size = {"parameters": 81035, "bytes": 87966, "epochs": 12, "digits": 18000}
    return {"name": name, "one": 2 * us, "of_ten": us, **accuracies, **size}


def test_table_and_entries(tmp_path: Path) -> None:
    record = {"rows": [row("edge", 8.04), row("deep", 90.0)]}
    lines = architectures.markdown(record).splitlines()
    assert lines[2] == "| edge | 81,035 | 88 | 99.25 % | 97.50 % | 96.00 % | 16.1 | 8.0 |"
    assert "18,000 training digits, 12 epochs" in lines[-1]
    path = tmp_path / "entries.json"
    path.write_text(json.dumps(architectures.entries(record)), "utf-8")
    assert [entry.kind for entry in frontier.read(path)] == ["tried", "tried"]


def test_a_run_that_was_not_exported_says_how(tmp_path: Path) -> None:
    pytest.importorskip("keras", reason="the extra `train` is not installed")
    import numpy as np

    (tmp_path / "config.json").write_text("{}", "utf-8")
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
    labels = np.arange(20, dtype=np.uint8) % 10
    data = tmp_path / "mnist.npz"
    np.savez(data, x_train=images, y_train=labels, x_test=images, y_test=labels)
    with pytest.raises(DataError, match=r"edgedigits\.onnx does not exist"):
        architectures.measure([tmp_path], data, 1)
