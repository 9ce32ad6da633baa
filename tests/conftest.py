"""Fixtures that several areas use: the tiny model, the example pages, shared data, the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# A shell's background jobs ignore Ctrl-C, and so would all processes that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def tiny() -> Path:
    """A model whose answers can be worked out by hand: see assets/make_tiny.py."""
    return ROOT / "tests" / "assets" / "tiny.onnx"


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data that some machines have beside the checkout."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip(f"{path} is not on this machine")
    return path


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `edgedigits ...` as a separate process, in an empty folder, with a clean environment."""

    def run(
        *arguments: str | Path, timeout: float = 600, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "edgedigits", *map(str, arguments)],
            cwd=tmp_path,
            env=plain_environment() | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


def plain_environment() -> dict[str, str]:
    """Return this process's variables without those that change what edgedigits does."""
    return {name: value for name, value in os.environ.items() if not name.startswith("EDGEDIGITS_")}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear the developer's own settings, except the location of the data set."""
    for name in list(os.environ):
        if name.startswith("EDGEDIGITS_") and name != "EDGEDIGITS_DATA":
            monkeypatch.delenv(name)
