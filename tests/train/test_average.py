"""The average of runs with one start: which runs go together, and what the result is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits.errors import EdgeDigitsError, UsageError
from edgedigits_train import architectures, average, data, fit
from edgedigits_train.networks import open_network
from edgedigits_train.recipe import Recipe
from edgedigits_train.runfolder import BEST, RunFolder

# TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


def run_at(path: Path, epochs: int = 2, **changes: Any) -> Path:
    """Write the folder of a run of two epochs, without its network."""
    recipe = Recipe(epochs=2, pages=0.0, outliers=0.0).to_dict()
    config = {
        "recipe": recipe,
        "architecture": "edge",
        "classes": 11,
        "start": "/runs/first",
        "data_sha256": "ab12",
        "split_seed": 7,
    }
    folder = RunFolder(path)
    folder.create({**config, **changes})
    folder.write_history([{"epoch": epoch + 1.0, "val_score": 0.9} for epoch in range(epochs)])
    return path


UNRELATED: list[tuple[str, Mapping[str, Any], str]] = [
    ("another start: the mean of two valleys is no network", {"start": "/runs/second"}, "start"),
    ("random weights are no common start", {"start": None}, "start"),
    ("another network", {"architecture": "deep"}, "architecture"),
    ("without an answer for what is no digit", {"classes": 10}, "classes"),
    ("digits that the others were judged by", {"split_seed": 8}, "split_seed"),
    ("other data", {"data_sha256": "cd34"}, "data_sha256"),
    ("interrupted: model.keras is there from the first epoch on", {"epochs": 1}, "--resume"),
    ("an average, which was called an unfinished run", {"average": ["a"]}, "already an average"),
    ("no recipe", {"recipe": None}, "recipe"),
]


@pytest.mark.parametrize(("reason", "changes", "said"), UNRELATED, ids=[row[0] for row in UNRELATED])
def test_runs_that_do_not_go_together_are_refused(
    reason: str, changes: Mapping[str, Any], said: str, tmp_path: Path
) -> None:
    runs = [run_at(tmp_path / "a"), run_at(tmp_path / "b"), run_at(tmp_path / "c", **changes)]
    with pytest.raises(EdgeDigitsError) as caught:
        average.kin(runs)
    assert said in str(caught.value), reason
    assert str(runs[2]) in str(caught.value)


def test_runs_from_random_weights_have_no_common_start(tmp_path: Path) -> None:
    """Regression: all of them had the start `None`, which the message both expected and received."""
    with pytest.raises(UsageError, match="started from random weights") as caught:
        average.kin([run_at(tmp_path / name, start=None) for name in "ab"])
    assert caught.value.expected == "a start"


def test_one_run_is_refused_before_its_data_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two runs"):
        average.main([str(run_at(tmp_path / "a")), "--out", str(tmp_path / "mean")])


def test_the_mean_is_a_run_of_its_own_and_the_others_stay_as_they_were(
    squares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = data.load(squares).sha256
    weights, names = [], ["a", "b", "c"]
    for name in names:
        run_at(tmp_path / name, data_sha256=sha256)
        network = architectures.build("edge", 11)
        network.save(tmp_path / name / BEST)
        weights.append(network.get_weights())
    before = [(tmp_path / name / BEST).read_bytes() for name in names]
    command = [
        *(str(tmp_path / name) for name in names),
        "--data",
        str(squares),
        "--out",
        str(tmp_path / "d"),
    ]
    average.main(command)

    found = open_network(tmp_path / "d" / BEST, compiled=False).get_weights()
    for mean, *parts in zip(found, *weights, strict=True):
        np.testing.assert_allclose(mean, np.mean(parts, axis=0), atol=1e-6)
    assert [(tmp_path / name / BEST).read_bytes() for name in names] == before
    config = json.loads((tmp_path / "d" / "config.json").read_text())
    assert config["average"] == command[:3]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[1:5]] == [*command[:3], "mean"]
    with pytest.raises(UsageError, match="already contains a run"):
        average.main(command)


def test_a_folder_that_holds_a_run_is_refused_before_the_networks_are_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="already contains a run"):
        average.main([str(tmp_path / "none"), "--out", str(run_at(tmp_path / "mean"))])


def test_other_data_than_the_runs_had_are_refused(squares: Path, tmp_path: Path) -> None:
    """Their validation pictures would be ones that the runs were trained on."""
    runs = [str(run_at(tmp_path / name)) for name in "ab"]
    with pytest.raises(UsageError, match="not the data that the run was started with"):
        average.main([*runs, "--data", str(squares), "--out", str(tmp_path / "mean")])
    assert not (tmp_path / "mean").exists()


def test_the_runs_are_scored_on_the_validation_pictures_of_their_own_split(
    squares: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with np.load(squares) as whole:
        arrays = {name: whole[name] for name in whole.files}
    arrays["x_train"][:, 0, 0] = np.arange(1200) % 256
    np.savez(tmp_path / "numbered.npz", **arrays)
    mnist = data.load(tmp_path / "numbered.npz")
    runs = [str(run_at(tmp_path / name, data_sha256=mnist.sha256)) for name in "ab"]
    seen: list[np.ndarray] = []

    def make(digits: np.ndarray, *_: object) -> None:
        seen.append(digits)
        raise KeyboardInterrupt

    monkeypatch.setattr(average, "open_network", lambda path, compiled: None)
    monkeypatch.setattr(fit.Validation, "make", make)
    with pytest.raises(KeyboardInterrupt):
        average.main([*runs, "--data", str(tmp_path / "numbered.npz"), "--out", str(tmp_path / "mean")])
    np.testing.assert_array_equal(seen[0], data.split(mnist, 7).x_val)
