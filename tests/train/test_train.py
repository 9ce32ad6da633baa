"""`train` up to its first epoch: what it refuses, when, and what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits.cli import main
from edgedigits_train import architectures, recipe

# TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def begin(squares: Path, out: Path, *flags: object) -> int:
    return main(["train", "--data", str(squares), "--recipe", "quick", "--out", str(out), *map(str, flags)])


REFUSED = [
    (["--limit", "0"], "1 or more"),  # meant all 54,000
    (["--limit", "-5"], "1 or more"),  # meant all but five
    (["--limit", "1"], "no picture of"),  # waited for ever for a digit to make an outlier from
    (["--epochs", "-1"], "--epochs"),
    (["--epochs", "0"], "--epochs"),
    (["--batch", "0"], "--batch"),
    (["--learning-rate", "nan"], "--learning-rate"),
    (["--seed", "-1"], "--seed"),  # was a ValueError from numpy
    (["--seed", "5000000000"], "--seed"),  # more than Keras takes
    (["--recipe", "edgy"], "there is no recipe"),
    (["--recipe", "nowhere.toml"], "cannot be read"),
    (["--architecture", "resnet"], "simple or edge or deep or mobilenet"),
    (["--start", "nope"], "no trained network at nope"),
    (["--recipe", "adapt"], "the recipe adapt needs --start"),  # was trained from random weights
    (["--recipe", "finish"], "needs --start"),
    (["--recipe", "distil"], "needs --teacher"),  # was trained without one
    (["--recipe", "hands"], "needs --start and --teacher"),
    (["--recipe", "hands", "--start", "packaged"], "needs --teacher"),
    (["--recipe", "hands-teacher"], "needs --start"),
]
"""Flags that ask for something impossible, and the words of their errors."""


@pytest.mark.parametrize(("flags", "message"), REFUSED, ids=lambda value: "".join(value))
def test_what_is_impossible_exits_2_and_leaves_no_folder(
    squares: Path,
    asked: list[dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    message: str,
) -> None:
    """Regression: a refused run left its folder, and the corrected command was told that it held a run."""
    run = tmp_path / "new" / "run"
    assert begin(squares, run, *flags) == 2
    assert message in capsys.readouterr().err
    assert not run.parent.exists()
    assert not asked


def test_usage_is_checked_without_tensorflow(squares: Path) -> None:
    """Otherwise each typing mistake costs the ten to twenty seconds of the import."""
    code = """
import json, sys
from edgedigits.cli import main
codes = [main(["train", *flags]) for flags in json.loads(sys.argv[1])]
print(json.dumps([codes, "tensorflow" in sys.modules or "keras" in sys.modules]))
"""
    flags = [["--data", str(squares), "--out", str(squares.parent / "run"), *flags] for flags, _ in REFUSED]
    result = subprocess.run(
        [sys.executable, "-c", code, json.dumps(flags)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(result.stdout) == [[2] * len(REFUSED), False], result.stderr


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--architecture", "edge", "--start", "packaged", "--recipe", "ten.toml"], "this run cannot start"),
        (["--architecture", "mobilenet"], "--random-weights"),  # its weights cannot be downloaded
    ],
)
def test_what_only_keras_can_refuse_leaves_no_folder_either(
    squares: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    flags: list[str],
    message: str,
) -> None:
    import keras

    def offline(*_: object, **__: object) -> None:
        raise Exception("URL fetch failure on https://example.invalid")

    monkeypatch.setattr(keras.applications, "MobileNetV2", offline)
    monkeypatch.chdir(tmp_path)
    Path("ten.toml").write_text("outliers = 0.0\npages = 0.0\n")
    assert begin(squares, tmp_path / "run", *flags) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("config.json", "already contains a run"),
        ("history.csv", "contains a history.csv"),  # was taken for the run's own, and continued
        ("model.keras", "contains a model.keras"),  # somebody's network, which was overwritten
        ("checkpoint.keras", "contains a checkpoint.keras"),  # written with each epoch
        ("metrics.json", "contains a metrics.json"),  # the report, at the end
        ("noise_curve.png", "contains a noise_curve.png"),  # likewise
        (None, "is not a folder"),  # --out names a file
    ],
)
def test_nothing_in_the_folder_is_overwritten(
    squares: Path,
    asked: list[dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str | None,
    message: str,
) -> None:
    (tmp_path / "run").mkdir()
    file = tmp_path / "run" / (name or "file")
    file.write_text("mine")
    assert begin(squares, file.parent if name else file) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "run").iterdir()] == [file.name]
    assert file.read_text() == "mine"
    assert not asked


def test_the_command_that_goes_on_can_be_pasted(
    squares: Path, asked: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Regression: a space in the folder's name made it two arguments."""
    assert begin(squares, tmp_path / "my run") == 130
    assert f"`edgedigits train --resume '{tmp_path}/my run'`" in capsys.readouterr().err


def test_data_without_all_digits_is_refused(
    squares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Regression: outliers are made from each of the ten, and a missing one was waited for endlessly."""
    with np.load(squares) as whole:
        few = {name: whole[name][:30] for name in whole.files}
    np.savez(tmp_path / "few.npz", **few)
    assert begin(tmp_path / "few.npz", tmp_path / "run") == 1
    assert "to validate on" in capsys.readouterr().err


def test_the_names_of_architectures_are_known_without_keras() -> None:
    assert tuple(architectures.ARCHITECTURES) == recipe.ARCHITECTURES
