"""When `edgedigits predict --jobs` is killed, its workers end too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("SIGTERM", "what kill, timeout and systemd send"),
        ("SIGKILL", "what a system without memory sends: the parent can do nothing about it"),
    ],
)
def test_workers_end_with_their_parent(
    tmp_path: Path, tiny: Path, examples: Path, name: str, why: str
) -> None:
    """Regression: they waited for work for ever, and whoever read the output waited with them."""
    command = [sys.executable, "-u", "-m", "edgedigits", "predict", *[examples / "slate.jpg"] * 60]
    with subprocess.Popen(
        [*command, "--jobs", "2", "--model", tiny, "--save", tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline(), why  # the workers are at work
        process.send_signal(getattr(signal, name))
        try:
            process.communicate(timeout=60)  # the pipes close when no process holds them any more
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"the workers live on: {why}")
    assert not list(tmp_path.glob(".*.part")), "a copy was left half written"
