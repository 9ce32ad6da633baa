"""The modules run by name report a wrong path or file with a proper message."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("edgedigits_bench.photographs", "labels.json"),  # the parent of the right folder, for example
        ("edgedigits_bench.scenes_command", "nowhere"),  # the message of np.load was about its internals
        ("edgedigits_bench.framing", "nowhere"),  # as above
        ("edgedigits_bench.trials.views", "nowhere"),
        ("edgedigits_train.outliers.lookalikes", "nowhere"),
    ],
)
def test_a_wrong_path_is_told_in_words(module: str, names: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--data", str(tmp_path / "nowhere")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert names in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "module",
    [
        "edgedigits_bench.reading",
        "edgedigits_bench.steps",
        "edgedigits_bench.hands",
        "edgedigits_bench.trials.architectures",
        "edgedigits_bench.speed.report",
        "edgedigits_train.reports.markdown",
        "edgedigits_train.reports.ablation",
    ],
)
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "a name with a slip in it"),
        ("{}", "the figures of something else"),
        ("[1]", "no figures"),
        ('{"rows": [', "a file that was cut off"),
    ],
)
def test_what_holds_no_such_figures_is_told_in_words(
    module: str, content: str | None, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "figures.json"
    if content is not None:
        path.write_text(content, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", module, str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, why
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr
