"""The printed command that installs an extra works: it needs no package index, and uses this pip."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from edgedigits import extras


@pytest.mark.parametrize(
    ("origin", "wanted"),
    [
        ({}, '"edgedigits[web]"'),  # installed from a package index, which leaves no note
        (
            {"url": "file:///gone/checkout", "dir_info": {"editable": True}},
            '"edgedigits[web]"',
        ),  # a folder that no longer exists
        (
            {"url": "https://host/edgedigits.git", "vcs_info": {"vcs": "git", "commit_id": "0"}},
            '"edgedigits[web] @ git+https://host/edgedigits.git"',
        ),
    ],
)
def test_where_the_package_came_from(origin: dict[str, Any], wanted: str) -> None:
    assert extras.requirement("web", origin) == wanted


def test_a_checkout_is_named_by_its_path(tmp_path: Path) -> None:
    folder = tmp_path / "my checkout"
    folder.mkdir()
    origin = {"url": folder.as_uri(), "dir_info": {}}
    assert extras.requirement("web", origin) == f'"edgedigits[web] @ {folder.as_uri()}"'
    # An editable install stays editable.
    origin["dir_info"] = {"editable": True}
    assert extras.requirement("web", origin) == f'--editable "{folder}[web]"'


@pytest.mark.parametrize(
    ("beside", "started"),
    [
        (True, "pip install "),  # an activated environment
        (False, f"{sys.executable} -m pip install "),  # .venv/bin/edgedigits called by its path
    ],
)
def test_the_pip_of_this_environment(beside: bool, started: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Path(sys.executable).with_name("pip") if beside else Path("/elsewhere/pip")
    monkeypatch.setattr(shutil, "which", lambda _: str(found))
    assert extras.pip_line("web").startswith(started)
