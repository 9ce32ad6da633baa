"""What `train` trains, validates and reports on: no picture of one part is in another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits.cli import main
from edgedigits_train import data, fit, networks
from edgedigits_train.reports import report
from edgedigits_train.runfolder import RunFolder


@pytest.fixture
def numbered(squares: Path) -> Path:
    """The squares, each with its number in the first two pixels, so that no two are alike."""
    with np.load(squares) as whole:
        arrays = {name: whole[name] for name in whole.files}
    for part in ("train", "test"):
        numbers = np.arange(len(arrays[f"x_{part}"]))
        arrays[f"x_{part}"][:, 0, 0], arrays[f"x_{part}"][:, 0, 1] = numbers // 256, numbers % 256
    np.savez(squares.parent / "numbered.npz", **arrays)
    return squares.parent / "numbered.npz"


def begin(numbered: Path, run: Path, *flags: object) -> int:
    return main(["train", "--data", str(numbered), "--recipe", "quick", "--out", str(run), *map(str, flags)])


@pytest.mark.parametrize("seed", [1, 5])  # the seed of a run has no part in the split
def test_training_and_validation_pictures_are_those_of_the_split(
    numbered: Path, asked: list[dict[str, Any]], tmp_path: Path, seed: int
) -> None:
    """Otherwise models would be chosen, calibrated and compared on what they were trained on."""
    assert begin(numbered, tmp_path / "run", "--seed", seed) == 130
    (call,) = asked
    parts = data.split(data.load(numbered), data.SPLIT_SEED)
    np.testing.assert_array_equal(call["material"].digits, parts.x_train)
    np.testing.assert_array_equal(call["material"].labels, parts.y_train)
    np.testing.assert_array_equal(call["validation"].clean, parts.x_val)
    np.testing.assert_array_equal(call["validation"].labels, parts.y_val)
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert (config["split_seed"], config["seed"]) == (data.SPLIT_SEED, seed)
    assert config["data_sha256"] == data.load(numbered).sha256


def test_a_limit_draws_its_digits_by_the_seed_and_none_of_validation(
    numbered: Path, asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    for seed in (1, 1, 5):
        assert begin(numbered, tmp_path / f"run{len(asked)}", "--limit", 300, "--seed", seed) == 130
    drawn = [{image.tobytes() for image in call["material"].digits} for call in asked]
    assert drawn[0] == drawn[1] != drawn[2]
    assert [len(one) for one in drawn] == [300] * 3
    parts = data.split(data.load(numbered), data.SPLIT_SEED)
    assert not drawn[0] & {image.tobytes() for image in parts.x_val}
    assert len(asked[0]["validation"].labels) == 100, "a sixth of 300 would be too few to tell epochs apart"


def test_the_users_own_frames_are_trained_on_and_scored(
    numbered: Path, asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    (tmp_path / "mine" / "4").mkdir(parents=True)
    frame = cv2.imencode(".png", np.full((28, 28), 77, np.uint8))[1]
    (tmp_path / "mine" / "4" / "a.png").write_bytes(frame.tobytes())
    assert begin(numbered, tmp_path / "run", "--extra", tmp_path / "mine") == 130
    (call,) = asked
    for part in (call["material"], call["validation"]):
        frames, labels = part.extra
        assert (frames.max(), labels.tolist()) == (77, [4])


@pytest.mark.parametrize(
    ("epochs", "stopped", "code", "opened"),
    [
        (2, False, 0, ["model.keras"]),  # finished: the epoch that was kept, not the last
        (1, True, 130, ["model.keras"]),  # interrupted: a report of what there is
        (0, True, 130, []),  # interrupted before an epoch was saved: nothing to report on
    ],
)
def test_the_report_is_of_the_kept_epoch_on_all_parts(
    numbered: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    epochs: int,
    stopped: bool,
    code: int,
    opened: list[str],
) -> None:
    rows = [{"epoch": 1.0 + number, "val_score": 0.5} for number in range(epochs)]
    told: list[Any] = []

    def trained(folder: RunFolder, *_: object, begin: Any, say: Any, **__: object) -> list[dict[str, float]]:
        begin()
        if rows:
            folder.write_history(rows)
        say("an epoch has ended")
        if stopped:
            raise KeyboardInterrupt
        return rows

    monkeypatch.setattr(fit, "fit", trained)
    monkeypatch.setattr(networks, "open_network", lambda path: told.append(path.name))
    monkeypatch.setattr(report, "write_run_report", lambda *given: told.extend(given))
    assert begin(numbered, tmp_path / "run") == code
    out, err = capsys.readouterr()
    assert "an epoch has ended" in err
    assert (str(tmp_path / "run") in out) == bool(opened), "the folder and the next step, or nothing"
    assert [name for name in told if isinstance(name, str)] == opened
    if opened:
        _, folder, _, parts, mnist, history = told
        assert (folder, history) == (tmp_path / "run", rows)
        expected = data.load(numbered)
        np.testing.assert_array_equal(parts.x_val, data.split(expected, data.SPLIT_SEED).x_val)
        np.testing.assert_array_equal(mnist.x_test, expected.x_test)
