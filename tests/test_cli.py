"""The contract of the command line, with real processes where that matters."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits import cli
from edgedigits.errors import MissingExtraError

Command = Callable[..., subprocess.CompletedProcess[str]]
VERBS = ("predict", "webcam", "serve", "bench", "info", "doctor", "explore", "train", "evaluate", "export")
RUNTIME_VERBS = ("predict", "webcam", "info", "doctor")


def test_the_verbs_are_these() -> None:
    assert tuple(cli.VERBS) == VERBS


def test_help_lists_every_verb(command: Command) -> None:
    result = command("--help")
    assert (result.returncode, result.stderr) == (0, "")
    for name, verb in cli.VERBS.items():
        assert f"  {name:<8}  {verb.summary}\n" in result.stdout


def test_version_is_the_installed_one(command: Command) -> None:
    from importlib.metadata import version

    assert command("--version").stdout == f"edgedigits {version('edgedigits')}\n"


LIGHT = """
import sys
from edgedigits.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert end.code == 0, end.code
heavy = {"numpy", "cv2", "onnxruntime", "tensorflow", "keras", "onnx", "matplotlib", "flask"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([verb, "--help"] for verb in RUNTIME_VERBS)], ids=" ".join
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LIGHT, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stderr.strip() == "[]"
    assert result.stdout


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["predict"], ["--frobnicate"]])
def test_usage_errors_exit_2_on_stderr(command: Command, arguments: list[str]) -> None:
    result = command(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert "usage: edgedigits" in result.stderr


def test_a_missing_extra_gives_the_line_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError("No module named 'tensorflow'", name="tensorflow")

    monkeypatch.setattr(cli.importlib, "import_module", missing)
    assert cli.main(["train"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.search(r'pip install .*\[train\]"', captured.err)


@pytest.mark.parametrize(
    ("verb", "error", "why"),
    [
        (
            "train",
            ImportError("numpy.core failed to import", name="numpy"),
            "there, but broken: no extra helps",
        ),
        ("predict", ModuleNotFoundError("No module named 'numpy'", name="numpy"), "no extra brings it"),
    ],
)
def test_a_library_that_cannot_be_loaded_is_no_missing_extra(
    verb: str,
    error: ImportError,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(name: str) -> object:
        raise error

    monkeypatch.setattr(cli.importlib, "import_module", broken)
    assert cli.main([verb]) == 2
    told = capsys.readouterr().err
    assert f"`edgedigits {verb}` needs the package `numpy`, which cannot be loaded" in told, why
    assert "edgedigits[" not in told, why


def test_a_missing_module_of_ours_is_a_bug_and_not_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError("No module named 'edgedigits_train.gone'", name="edgedigits_train.gone")

    monkeypatch.setattr(cli.importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        cli.main(["train"])


def test_errors_survive_pickling() -> None:
    import pickle

    error = MissingExtraError("train", "train", "keras")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_results_and_messages_go_separate_ways(command: Command, examples: Path) -> None:
    result = command("predict", examples / "slate.jpg", "nowhere.png", NO_COLOR="1")
    assert result.returncode == 1
    assert "nowhere" not in result.stdout
    assert "nowhere.png" in result.stderr
    assert "\x1b" not in result.stdout + result.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes descriptors")
def test_a_closed_stderr_puts_no_messages_among_results(examples: Path) -> None:
    """Regression: without a stderr Python's print writes to stdout, and messages ended up in the JSON."""
    words = f"'{sys.executable}' -m edgedigits predict --json '{examples / 'slate.jpg'}' nowhere.png 2>&-"
    result = subprocess.run(["sh", "-c", words], stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert [json.loads(line)["source"] for line in result.stdout.splitlines()] == [
        str(examples / "slate.jpg")
    ]


def test_an_error_is_told_without_a_traceback(command: Command) -> None:
    result = command("predict", "page.png", "--model", "nowhere.onnx")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("edgedigits: the model nowhere.onnx cannot be read\n  expected: ")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no fifo to wait on")
def test_ctrl_c_is_130_without_a_traceback(tmp_path: Path, tiny: Path) -> None:
    fifo = tmp_path / "page.png"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [sys.executable, "-m", "edgedigits", "predict", str(fifo), "--model", str(tiny)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with fifo.open("wb"):  # returns when the command has opened its end: it is reading
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("library", "arguments"), [("cv2", ["predict", "page.png"]), ("onnxruntime", ["info"])]
)
def test_ctrl_c_while_a_library_is_imported(
    tmp_path: Path, command: Command, library: str, arguments: list[str]
) -> None:
    """Some extensions turn it into an ImportError that blames the installation, as this stand-in does."""
    lines = ["import os, signal", "try:", "    os.kill(os.getpid(), signal.SIGINT)", "    input()"]
    lines += ["except KeyboardInterrupt:", "    raise ImportError('initialization failed')"]
    (tmp_path / f"{library}.py").write_text("\n".join(lines))
    result = command(*arguments, PYTHONPATH=str(tmp_path))
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot hold Ctrl-C back")
def test_ctrl_c_while_workers_start_is_for_the_parent_alone(
    tmp_path: Path, command: Command, examples: Path
) -> None:
    """Regression: each worker gets a Ctrl-C before its first line, and died of it with a traceback."""
    lines = ["import os, signal, sys", "if '--multiprocessing-fork' in sys.orig_argv:"]
    lines += ["    os.kill(os.getpid(), signal.SIGINT)"]
    (tmp_path / "sitecustomize.py").write_text("\n".join(lines))
    pages = [examples / "slate.jpg"] * 4
    result = command("predict", *pages, "--jobs", "2", PYTHONPATH=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 8


def test_onnxruntime_calls_nobody_and_keeps_nothing(tmp_path: Path, examples: Path) -> None:
    """Version 1.32 stored an identifier of the device in the home folder, and sent figures to its maker."""
    # This process has set the variable already, when it imported edgedigits.
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    result = subprocess.run(
        [sys.executable, "-m", "edgedigits", "predict", str(examples / "slate.jpg")],
        env=environment | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert result.stderr == ""
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["predict", "--", "-dash.jpg"], "the name would be a flag"),
        (["--", "predict", "--", "-dash.jpg"], "one for the verb as well"),
    ],
)
def test_names_after_two_dashes(
    tmp_path: Path, command: Command, examples: Path, arguments: list[str], why: str
) -> None:
    """Regression: the first `--` was lost on the way to the subcommand."""
    (tmp_path / "-dash.jpg").write_bytes((examples / "slate.jpg").read_bytes())
    assert command(*arguments).stdout == command("predict", examples / "slate.jpg").stdout != ""


@pytest.mark.parametrize(
    ("arguments", "sources", "why"),
    [
        (["slate.jpg", "--json", "slip.jpg"], 2, "a name added at the end of an earlier command"),
        (["slate.jpg", "--rotate", "0", "slip.jpg", "--json", "cutting.jpg"], 3, "a flag with a value"),
        (["--json", "slate.jpg"], 1, "the flags first"),
        (["--json", "--", "slate.jpg", "slip.jpg"], 2, "after two dashes all are names"),
    ],
)
def test_flags_stand_before_between_and_after_names(
    command: Command, examples: Path, arguments: list[str], sources: int, why: str
) -> None:
    """Regression: names after a flag that followed a name were "unrecognized arguments"."""
    words = [examples / word if word.endswith(".jpg") else word for word in arguments]
    result = command("predict", *words)
    assert (result.returncode, len(result.stdout.splitlines())) == (0, sources), (why, result.stderr)


def test_what_is_no_video_is_told_without_opencv_s_own_lines(tmp_path: Path, command: Command) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"not a video")
    result = command("predict", "clip.mp4")
    assert result.returncode == 1
    assert result.stderr.startswith("edgedigits: clip.mp4 cannot be opened")
    assert "WARN" not in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise on Windows")
@pytest.mark.parametrize(
    ("pictures", "why"),
    [
        (1, "all of the output fits the buffer and fails when it is flushed at the end"),
        (60, "the output fails while it is printed"),
    ],
)
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, tiny: Path, pictures: int, why: str) -> None:
    picture = np.full((100, 400), 225, np.uint8)
    for x in range(40, 400, 50):
        cv2.circle(picture, (x, 50), 15, 30, 4)
    page = tmp_path / "page.png"
    page.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    process = subprocess.Popen(
        [sys.executable, "-m", "edgedigits", "predict", "--json", "--model", tiny, *[page] * pictures],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told(examples: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "edgedigits", "predict", str(examples / "slate.jpg"), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert result.returncode == 1
    assert result.stderr.startswith("edgedigits: ")
    assert "No space left" in result.stderr
    assert "Traceback" not in result.stderr
