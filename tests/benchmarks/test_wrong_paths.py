"""Modules that are called by name tell of a wrong path in words; two of them showed a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("photographs", "labels.json"),  # the folder above the one with the pictures, say
        ("scenes_command", "nowhere"),  # a raw np.load spoke of its own insides
        ("framing", "nowhere"),  # as above
    ],
)
def test_a_wrong_path_is_told_in_words(module: str, names: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"edgedigits_bench.{module}", "--data", str(tmp_path / "nowhere")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert names in done.stderr
    assert "Traceback" not in done.stderr
