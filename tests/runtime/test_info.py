"""`edgedigits info` prints what the model file carries."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from edgedigits.cli import main


def test_text_names_every_fact(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(tiny)]) == 0
    rows = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line[0] != " ")
    data = tiny.read_bytes()
    assert rows["size"] == f"{len(data):,} bytes"
    assert rows["sha256"] == hashlib.sha256(data).hexdigest()
    assert rows["labels"] == "0 1 2 3 4 5 6 7 8 9 none"
    assert rows["input"].startswith("image: uint8 [N, 28, 28], 0 to 255, bright on dark")
    assert rows["output"] == "probabilities: float32 [N, 11]"
    assert rows["model"] == "tiny 1, fp32, first-row"
    assert rows["threshold"].startswith("0.5")
    assert rows["calibration"].startswith("temperature 1")
    assert rows["doubt"] == "no second looks"
    assert rows["licence"] == "MIT"
    assert rows.keys() >= {"file", "trained", "accuracy", "data"}


def test_json_is_the_whole_contract(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(tiny), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["bytes"] == tiny.stat().st_size
    assert answer["input"]["shape"] == [28, 28]
    assert answer["rejection_threshold"] == 0.5
    assert answer["labels"][-1] == "none"


def test_default_is_the_packaged_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"].endswith("edgedigits.onnx")


def test_variable_names_another(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGEDIGITS_MODEL", str(tiny))
    assert main(["info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "tiny"


def test_what_is_no_model_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"nothing of the kind")
    assert main(["info", str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "model.onnx" in captured.err
    assert "expected:" in captured.err


def test_a_missing_model_is_told_without_a_flag_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    """Regression: `info`, `evaluate` and others have no --model flag, but the message named it."""
    assert main(["info", "nowhere.onnx"]) == 1
    assert "--model" not in capsys.readouterr().err
