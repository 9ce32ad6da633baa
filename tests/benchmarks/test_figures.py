"""The tables of a document are what their commands print; only our own modules are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgedigits.errors import EdgeDigitsError
from edgedigits_bench.figures import renewed

ROOT = Path(__file__).parents[2]


def section(command: str, body: str = "old\n") -> str:
    return f"before\n<!-- figures: {command} -->\n{body}<!-- /figures -->\nafter\n"


def test_a_section_becomes_what_its_command_prints(tmp_path: Path) -> None:
    missing: list[str] = []
    text = renewed(section("edgedigits.__main__ --version"), tmp_path, missing)
    lines = text.splitlines()
    assert lines[0] == "before"
    assert lines[2].startswith("edgedigits ")
    assert lines[3:] == ["<!-- /figures -->", "after"]
    assert not missing
    assert renewed(text, tmp_path, missing) == text


def test_a_section_whose_file_is_not_there_stays(tmp_path: Path) -> None:
    missing: list[str] = []
    text = section("edgedigits_bench.speed.report results/none.json")
    assert renewed(text, tmp_path, missing) == text
    assert missing == ["edgedigits_bench.speed.report results/none.json"]


@pytest.mark.parametrize("command", ["os --help", "edgedigits; rm", "", "../evil", "edgedigits_other.x"])
def test_only_our_modules_are_run(tmp_path: Path, command: str) -> None:
    with pytest.raises(EdgeDigitsError, match="not a command"):
        renewed(section(command), tmp_path, [])


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(EdgeDigitsError, match="failed"):
        renewed(section("edgedigits.__main__ frobnicate"), tmp_path, [])
