"""The modules run by name report a wrong path or file with a proper message, and usage by that name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules_with_flags() -> Iterator[tuple[Path, str]]:
    for root in ("benchmarks", "train", "export"):
        for path in sorted((ROOT / root).rglob("*.py")):
            code = path.read_text("utf-8")
            if '__name__ == "__main__"' in code and "ArgumentParser(" in code:
                yield path.relative_to(ROOT / root), code


def test_usage_names_the_module_as_it_is_started() -> None:
    """Regression: `python -m edgedigits_bench.steady --help` began with "usage: steady.py"."""
    found = list(modules_with_flags())
    assert len(found) > 20
    for path, code in found:
        assert f'prog="python -m {".".join(path.with_suffix("").parts)}"' in code, path


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
