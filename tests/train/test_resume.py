"""`train --resume`: what a run remembers of its first command, and what cannot be resumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits.classifier import packaged_model
from edgedigits.cli import main
from edgedigits_train import data, extra

# TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def begin(squares: Path, out: Path, *flags: object) -> int:
    return main(["train", "--data", str(squares), "--recipe", "quick", "--out", str(out), *map(str, flags)])


def resume(squares: Path, run: Path, *flags: object) -> int:
    return main(["train", "--data", str(squares), "--resume", str(run), *map(str, flags)])


def kept_by(run: Path) -> Path:
    """Make the folder of a run that has kept a network, which is never opened here."""
    run.mkdir(exist_ok=True)
    (run / "model.keras").write_bytes(b"")
    return run


def test_a_run_without_an_epoch_is_resumed_from_its_start_and_not_from_random_weights(
    squares: Path, asked: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: the second command had a loss of 1.74, not 0.12: --start was recorded but not read."""
    kept_by(tmp_path / "other")
    monkeypatch.chdir(tmp_path)
    for start in ("packaged", "other", "other/model.keras"):
        run = tmp_path / f"run-{len(asked)}"
        assert begin(squares, run, "--architecture", "edge", "--start", start) == 130
        monkeypatch.chdir(squares.parent.parent)  # where a relative path would mean another place
        assert resume(squares, run) == 130
        first, again = (call["start"] for call in asked[-2:])
        assert again.resolve() == (tmp_path / first).resolve(), start
        monkeypatch.chdir(tmp_path)


def test_a_start_that_is_gone_is_told_instead_of_replaced_by_random_weights(
    squares: Path, asked: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = kept_by(tmp_path / "other")
    assert begin(squares, tmp_path / "run", "--start", other) == 130
    (other / "model.keras").unlink()
    assert resume(squares, tmp_path / "run") == 1
    assert "started from a network that is gone" in capsys.readouterr().err
    assert len(asked) == 1
    # Once the folder holds an epoch, the start is no longer needed.
    (kept_by(tmp_path / "run") / "history.csv").write_text("epoch,val_score\n1,0.5\n")
    assert resume(squares, tmp_path / "run") == 1  # fit does nothing here, so there is no model to report on
    assert len(asked) == 2
    assert asked[-1]["start"] is None


def test_a_run_that_blends_needs_its_start_to_the_end(
    squares: Path, asked: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Resumed without it after an epoch, a run would keep only what it has learned."""
    other = kept_by(tmp_path / "other")
    (tmp_path / "own.toml").write_text("blend = 0.5\nepochs = 3\npages = 0.0\n")
    flags = ("--recipe", tmp_path / "own.toml", "--out", tmp_path / "run", "--start", other)
    assert main(["train", "--data", str(squares), *map(str, flags)]) == 130
    (kept_by(tmp_path / "run") / "history.csv").write_text("epoch,val_score\n1,0.5\n")
    assert resume(squares, tmp_path / "run") == 1  # as above
    assert [call["start"] for call in asked] == [other / "model.keras"] * 2
    (other / "model.keras").unlink()
    assert resume(squares, tmp_path / "run") == 1
    assert "started from a network that is gone" in capsys.readouterr().err
    assert len(asked) == 2


def test_resume_remembers_all_that_decides_the_training(
    squares: Path, asked: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = np.full((3, 28, 28), 9, np.uint8), np.full(3, 4, np.uint8)
    read: list[Path] = []
    monkeypatch.setattr(extra, "read_extra", lambda folder: read.append(folder) or frames)
    taught: list[list[Path]] = []
    monkeypatch.setattr(
        "edgedigits_train.teacher._open", lambda path, classes: taught[-1].append(path) or path
    )
    monkeypatch.chdir(packaged_model().parent)
    flags = ("--limit", 300, "--seed", 5, "--epochs", 3, "--batch", 64, "--learning-rate", 1e-4)
    flags += ("--extra", "mine", "--random-weights", "--teacher", packaged_model().name, "two.onnx")
    taught.append([])
    assert begin(squares, tmp_path / "run", *flags) == 130
    monkeypatch.chdir(tmp_path)
    taught.append([])
    assert resume(squares, tmp_path / "run") == 130
    first, again = asked
    assert again["recipe"] == first["recipe"]
    assert (again["recipe"].seed, again["recipe"].epochs, again["recipe"].batch) == (5, 3, 64)
    assert again["random_weights"] is True
    assert len(again["material"].digits) == 300
    assert read[0] == read[1] == packaged_model().parent / "mine"
    assert taught[0] == taught[1] == [packaged_model(), packaged_model().parent / "two.onnx"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--limit", "300"], "--limit"),  # was silently ignored
        (["--random-weights"], "--random-weights"),  # would be another network
        (["--epochs", "0"], "--epochs"),  # 0 counts as given
        (["--start", "packaged"], "--start"),  # would be another run
        # Started without frames, it would continue with some.
        (["--extra", "mine"], "--extra, which it was started without"),
        (["--teacher", "a.onnx"], "--teacher, which it was started without"),  # likewise
    ],
)
def test_resume_takes_no_flag_that_would_make_it_another_run(
    squares: Path,
    asked: list[dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    message: str,
) -> None:
    assert begin(squares, tmp_path / "run") == 130
    assert resume(squares, tmp_path / "run", *flags) == 2
    assert message in capsys.readouterr().err


def test_a_run_goes_on_with_its_own_data_alone(
    squares: Path, asked: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With other data the pictures that validate it may be ones that it was trained on."""
    assert begin(squares, tmp_path / "run") == 130
    with np.load(squares) as whole:
        np.savez(tmp_path / "other.npz", **{name: whole[name][::-1] for name in whole.files})
    assert resume(tmp_path / "other.npz", tmp_path / "run") == 2
    assert "not the data that the run was started with" in capsys.readouterr().err
    assert len(asked) == 1


def test_an_average_is_not_gone_on_with(
    squares: Path, asked: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Regression: it has no history, so training started again and overwrote the mean."""
    assert begin(squares, tmp_path / "run") == 130
    path = kept_by(tmp_path / "run") / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"average": ["a", "b"]}))
    assert resume(squares, tmp_path / "run") == 2
    assert "mean of other runs" in capsys.readouterr().err
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{}", "does not state `data_sha256`"),  # was a KeyError
        ("[]", "not the folder of a run"),  # was an AttributeError
        ("[" * 100_000, "not the folder of a run"),  # a RecursionError, which is no ValueError
        ('{"data_sha256": "0"}', "does not state `recipe`"),
        ('{"data_sha256": "0", "recipe": 3}', "does not state `recipe`"),
        ('{"data_sha256": "0", "recipe": {"epochs": "x"}}', "`epochs` has the wrong type"),
        ('{"data_sha256": "0", "recipe": {}, "limit": "x"}', "does not state `limit`"),
        ('{"data_sha256": "0", "recipe": {}, "start": 3}', "does not state `start`"),
    ],
)
def test_a_damaged_config_is_told(
    squares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str, message: str
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text(config)
    assert resume(squares, tmp_path / "run") == 1
    err = capsys.readouterr().err
    assert message in err
    assert str(tmp_path / "run") in err


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ("epoch,val_score\n1,x\n", "history.csv is damaged"),  # was a ValueError
        ("epoch\n1\n", "history.csv is damaged"),  # was a KeyError
        ("epoch,val_score\n1,0.5\n", "checkpoint.keras is damaged"),  # "File not found", in a traceback
    ],
)
def test_a_damaged_run_is_told(
    squares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], history: str, message: str
) -> None:
    plan = {"architecture": "edge", "pages": 0.0}
    config = {"data_sha256": data.load(squares).sha256, "recipe": plan}
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.json").write_text(json.dumps(config))
    (run / "history.csv").write_text(history)
    (run / "checkpoint.keras").write_bytes(b"half a file")
    assert resume(squares, run) == 1
    assert message in capsys.readouterr().err
