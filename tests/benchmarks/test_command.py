"""`edgedigits bench` from its flags to its files, on the tiny model and with few samples."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits.cli import main
from edgedigits.errors import EdgeDigitsError, UsageError
from edgedigits_bench.drawn import pages
from edgedigits_bench.live.score import Score
from edgedigits_bench.speed import bulk, measure, saving, worker
from edgedigits_bench.speed.record import Record

Command = Callable[..., subprocess.CompletedProcess[str]]

FEW = measure.Plan(processes=2, rounds=1, block=3, pages=4, photos=2, paced=5, memory=1)
JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "classify": worker.classify,
    "read": worker.read,
    "pace": worker.pace,
}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same run with few samples and small photographs, and most jobs in this process."""
    spawn = worker.spawn

    def nearby(job: str, **arguments: Any) -> dict[str, Any]:
        if job == "memory":
            return spawn(job, **arguments)
        # Through JSON, as between processes.
        answer: dict[str, Any] = json.loads(json.dumps(JOBS[job](**json.loads(json.dumps(arguments)))))
        return answer

    monkeypatch.setattr(worker, "spawn", nearby)
    monkeypatch.setattr(measure, "PHOTO", (800, 600))
    monkeypatch.setattr(measure, "RATE", 500.0)
    monkeypatch.setattr(measure, "FULL", FEW)
    monkeypatch.setattr(measure, "QUICK", FEW)


@pytest.mark.usefixtures("few")
def test_a_run_from_flags_to_files(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sub" / "run.json"
    threads = cv2.getNumThreads()
    try:
        assert main(["bench", "--quick", "--model", str(tiny), "--out", str(out)]) == 0
    finally:
        cv2.setNumThreads(threads)
    printed = capsys.readouterr()
    assert "QUICK RUN" in printed.out
    assert "Reader.read, 640x480 page, 10 digits" in printed.out
    assert "bench: back to back" in printed.err
    record = Record.load(out)
    assert record.model["sha256"] == Classifier.load(tiny).sha256
    assert [len(group) for group in record.series["infer 10"].samples] == [3, 3]
    assert [len(group) for group in record.series["page"].samples] == [4, 4]
    assert record.series["warm-up"].summary().n == 2 * (worker.WARM_UP - 1)
    run = record.paced["read"]
    assert len(run.latency) + run.dropped == run.scheduled == 5
    assert 0 < record.memory_mb["floor"] < record.memory_mb["peak"] < 1000
    total = record.series["page"].microseconds
    stages = [record.series[f"page {stage}"].microseconds for stage in ("segment", "classify", "order")]
    assert all(0 < sum(parts) <= whole for *parts, whole in zip(*stages, total, strict=True))


def test_pages_are_read_as_the_digits_that_were_drawn() -> None:
    """On a yardstick page without found digits, reading would look cheap."""
    reader = Reader(Classifier.load(Path(__file__).parents[1] / "assets" / "tiny.onnx", threshold=0.0))
    for size in ((640, 480), (1600, 1200)):
        for seed in range(3):
            reading = reader.read(pages.page(seed, size=size))
            assert len(reading.digits) + len(reading.rejected) == 10, f"seed {seed} at {size}"


def test_pages_and_frames_repeat() -> None:
    assert np.array_equal(pages.page(3), pages.page(3))
    assert not np.array_equal(pages.page(3), pages.page(4))
    frames = pages.frames(1, 12)
    assert frames.shape == (12, 28, 28)
    assert np.array_equal(frames, pages.frames(1, 12))
    assert frames.reshape(12, -1).max(axis=1).min() > 128, "a frame is empty"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--threads", "0"], "thread count"),
        (["--against", "litert,abacus"], "abacus"),
        (["--against", "litert,mnist12"], "--tflite FILE or --run FOLDER for litert"),
        (["--against", "opencv,fp32"], "--fp32 FILE for opencv; --fp32 FILE for fp32"),
        (["--against", "fp32", "--fp32", "gone.onnx"], "gone.onnx for fp32, which does not exist"),
        (["--data", "gone.npz"], "gone.npz, which does not exist"),
        (["--out", "."], "samples cannot be written"),
        (["--out", "run.png"], "run.json"),
        (["--out", __file__], "--force"),
        (["--out", f"{__file__}/run.json"], "cannot be written"),
        (["--choose", "only.onnx"], "nothing to choose between"),
        (["--bulk", "0"], "too few"),
        (["--live", "0"], "no length"),
        (["--live", "5", "--bulk", "1"], "not allowed with"),
        (["--compare", "a.json", "b.json", "--bulk", "1"], "not allowed with"),
        (["--quick", "--sure"], "unrecognized"),
    ],
)
def test_usage_errors_end_with_2(flags: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(["bench", *flags])
    except SystemExit as ending:  # argparse's own
        code = int(ending.code or 0)
    printed = capsys.readouterr()
    assert code == 2
    assert words in printed.err
    assert printed.out == ""


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", ["run.json", "run.png", "run-frontier.png"])
def test_results_are_replaced_by_force_alone(tiny: Path, tmp_path: Path, name: str) -> None:
    """Regression: a file of that name, or of a plot's name beside it, was lost."""
    (tmp_path / name).write_text("precious")
    flags = ["bench", "--quick", "--model", str(tiny), "--out", str(tmp_path / "run.json")]
    assert main(flags) == 2
    assert [path.read_text() for path in tmp_path.iterdir()] == ["precious"]
    assert main([*flags, "--force"]) == 0
    assert Record.load(tmp_path / "run.json").quick


def test_an_empty_file_is_in_nobody_s_way(tmp_path: Path) -> None:
    """`mktemp` creates the file whose name it prints."""
    made = tmp_path / "run.json"
    made.touch()
    saving.require_free(made, force=False)
    made.write_text("{}", "utf-8")
    with pytest.raises(UsageError):
        saving.require_free(made, force=False)


def test_a_checkout_s_results_stay_too(tmp_path: Path) -> None:
    """Regression: without --out, a run replaced the record that the documents quote."""
    (tmp_path / "pyproject.toml").touch()
    record = measure.begin("x", Classifier.load(Path(__file__).parents[1] / "assets" / "tiny.onnx"), 1, False)
    args = SimpleNamespace(out=None, quick=False, force=False)
    said: list[str] = []
    path = saving.target(args, record, tmp_path, said.append)
    assert path is not None
    assert path.parent == tmp_path / "benchmarks" / "results"
    record.save(path)
    assert saving.target(args, record, tmp_path, said.append) is None
    assert "--force" in said[-1]
    args.force = True
    assert saving.target(args, record, tmp_path, said.append) == path


def test_a_model_that_is_none_ends_with_1(tmp_path: Path, command: Command) -> None:
    (tmp_path / "x.onnx").write_bytes(b"nothing")
    done = command("bench", "--model", str(tmp_path / "x.onnx"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_choose_names_one_of_the_files(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = tmp_path / "twin.onnx"
    twin.write_bytes(tiny.read_bytes())
    assert main(["bench", "--quick", "--choose", str(tiny), str(twin)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line in ("use tiny.onnx", "use twin.onnx") for line in lines)


def test_compare_of_a_run_with_itself_finds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    classifier = Classifier.load(Path(__file__).parents[1] / "assets" / "tiny.onnx")
    record = measure.begin("edgedigits bench", classifier, 1, False)
    measure.end(record)
    record.warnings = []
    record.save(tmp_path / "a.json")
    assert main(["bench", "--compare", str(tmp_path / "a.json"), str(tmp_path / "a.json")]) == 0
    assert "not the same" not in capsys.readouterr().out
    assert main(["bench", "--compare", str(tmp_path / "a.json"), str(tmp_path / "gone.json")]) == 1


def test_a_failed_worker_says_why() -> None:
    with pytest.raises(EdgeDigitsError, match=r"no such model\.onnx"):
        worker.spawn("classify", model="no such model.onnx", threads=1, seed=0, rounds=1, block=1)


def test_bulk_reads_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bulk.json"
    assert main(["bench", "--bulk", "4", "--out", str(out)]) == 0
    rates = Record.load(out).bulk["a_second"]
    assert {jobs: set(kinds) for jobs, kinds in rates.items()} == {
        "1": {"read", "decode"},
        "2": {"read", "decode"},
    }
    assert "--jobs 2 against --jobs 1" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="needs a system that reports what a process used")
def test_live_tells_the_cost_and_how_clips_are_read(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = np.zeros(0, np.uint8)
    monkeypatch.setattr("edgedigits_bench.live.command.hand", lambda _: (nothing, nothing))
    scores = {"swapped": Score(4, 3, 0, (0.3, 0.4, 0.35), 1, 2)}
    monkeypatch.setattr("edgedigits_bench.live.command.clip_scores", lambda *_, **__: scores)
    out = tmp_path / "live.json"
    flags = ["--live", "1", "--quick", "--model", str(tiny), "--data", "mnist.npz", "--out", str(out)]
    assert main(["bench", *flags]) == 0
    found = Record.load(out).live
    assert found["video_s"] == 1
    assert found["clips"]["swapped"]["in_time"] == 3
    printed = capsys.readouterr().out
    rows = {line.split("  ")[0]: line.split() for line in printed.splitlines() if line}
    assert rows["resident memory, highest"][-2:] in ([f"{found['rss_mb_max']:.0f}", "MB"], ["not", "told"])
    assert rows["swapped"][1:] == ["4", "3", "0", "1", "2", "0.35", "0.40"]


def test_bulk_fills_a_folder_with_pages(tmp_path: Path) -> None:
    bulk.fill(tmp_path, 53)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 53
    assert files[52].read_bytes() == files[2].read_bytes()
    assert bulk.decode(files[:3]) == 3
