"""What a run is planned with: from the flags of its first command, and from its config when it goes on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

from edgedigits.errors import EdgeDigitsError, UsageError
from edgedigits_train import plan, recipe
from edgedigits_train.commands import train


def flags(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    return parser.parse_args(given)


def test_without_a_recipe_it_is_the_packaged_networks() -> None:
    assert plan.from_flags(flags()).recipe == recipe.load("edge")


def test_a_recipe_that_blends_needs_a_start_whether_it_says_so_or_not(tmp_path: Path) -> None:
    """Otherwise it is refused after the data is read and TensorFlow is loaded."""
    own = tmp_path / "own.toml"
    own.write_text("blend = 0.5\n")
    with pytest.raises(UsageError, match="needs --start"):
        plan.from_flags(flags("--recipe", str(own)))
    assert plan.from_flags(flags("--recipe", str(own), "--start", "packaged")).start == "packaged"


def test_the_config_states_what_export_and_average_read_of_it(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("outliers = 0.0\narchitecture = 'deep'\n")
    config = plan.from_flags(flags("--recipe", str(tmp_path / "own.toml"), "--seed", "7")).to_config()
    assert (config["seed"], config["classes"], config["architecture"]) == (7, 10, "deep")


def test_a_run_may_have_the_name_of_a_file(tmp_path: Path) -> None:
    """Its folder is not the network itself."""
    network = tmp_path / "mine.keras" / "model.keras"
    network.parent.mkdir()
    network.touch()
    assert plan.start_file(str(network.parent)) == network
    assert plan.start_file(str(network)) == network


CONFIG: dict[str, Any] = {
    "data_sha256": "0",
    "recipe": {},
    "extra": "/old/mine",
    "teacher": ["/old/a.onnx", "/old/b.onnx"],
}


@pytest.mark.parametrize(
    ("config", "given", "extra", "teachers", "why"),
    [
        ({}, [], "/old/mine", ["/old/a.onnx", "/old/b.onnx"], "as the run was started"),
        ({}, ["--extra", "/new/mine"], "/new/mine", ["/old/a.onnx", "/old/b.onnx"], "frames that moved"),
        ({}, ["--teacher", "/new/c.onnx"], "/old/mine", ["/new/c.onnx"], "a teacher that moved"),
        ({"teacher": "/old/a.onnx"}, [], "/old/mine", ["/old/a.onnx"], "a run from before several teachers"),
        ({"extra": None, "teacher": []}, [], None, [], "without either"),
    ],
)
def test_files_may_have_moved_since_a_run_was_started(
    config: dict[str, Any], given: list[str], extra: str | None, teachers: list[str], why: str
) -> None:
    found = plan.from_config(CONFIG | config, flags(*given), Path("run"))
    assert found.extra == (Path(extra).resolve() if extra else None), why
    assert found.teachers == tuple(Path(path).resolve() for path in teachers), why


@pytest.mark.parametrize(
    "given",
    [
        ["--out", "new"],  # the run has its folder
        ["--recipe", "quick"],  # and its recipe
    ],
)
def test_what_a_run_has_already_is_not_given_again(given: list[str]) -> None:
    with pytest.raises(UsageError, match=given[0]) as caught:
        plan.from_config(CONFIG, flags(*given), Path("run"))
    assert caught.value.received == given[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", True),  # a whole number to Python: it would train on a single digit
        ("random_weights", 1),  # a number is no truth value
        ("extra", 3),  # no path
        ("teacher", 3),  # neither a path nor a list
    ],
)
def test_a_config_with_a_value_of_the_wrong_type_is_told(name: str, value: object) -> None:
    with pytest.raises(EdgeDigitsError, match=f"does not state `{name}`"):
        plan.from_config(CONFIG | {name: value}, flags(), Path("run"))
