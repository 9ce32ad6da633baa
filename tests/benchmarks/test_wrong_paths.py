"""Modules that are called by name tell of a wrong path in words, and end as commands do."""

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


@pytest.mark.parametrize(
    ("does", "code", "why"),
    [
        ("print('x' * 1_000_000)", 0, "`| head` takes what it wants: there was a traceback"),
        ("exec('raise KeyboardInterrupt')", 130, "Ctrl-C, as of any command"),
        ("3", 3, "what `main` returns"),
    ],
)
def test_how_a_module_ends(does: str, code: int, why: str) -> None:
    program = f"from edgedigits_bench import by_name; by_name.run(lambda: {does})"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
        assert process.wait(60) == code, why
    assert complaints == b"", why
