"""`edgedigits bench`: measure on this machine, against other runtimes; compare runs; choose between files."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from edgedigits.environment import variable
from edgedigits.errors import UsageError
from edgedigits_bench.speed import saving

if TYPE_CHECKING:
    from edgedigits_bench.speed.peers import Peer
    from edgedigits_bench.speed.record import Record

_ROOT = Path(__file__).parents[2]
_GIVEN = {"fp32": ["fp32"], "opencv": ["fp32"], "litert": ["tflite", "run"], "tensorflow": ["run"]}
"""Flags of which a peer needs one; the first one given counts."""
_ROUNDS, _BLOCK = 100, 10
"""Turns of each contender and calls per turn: 1,000 samples."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `edgedigits bench`."""
    add = parser.add_argument
    add(
        "--model",
        metavar="FILE",
        default=variable("MODEL"),
        help="model file to measure (default: the packaged one)",
    )
    add("--threads", type=int, default=1, metavar="N", help="threads of onnxruntime and OpenCV (default: 1)")
    add("--quick", action="store_true", help="few samples, for a quick look, not to be quoted")
    add("--out", type=Path, metavar="JSON", help="file for all samples; plots go next to it "
        "(default: benchmarks/results/ of a checkout, unless --quick)")  # fmt: skip
    add("--force", action="store_true", help="replace the file of --out and the plots next to it")
    add("--data", type=Path, metavar="MNIST", help="MNIST (.npz or folder), for accuracies next to the times")
    against = parser.add_argument_group("comparison with others, in turns in one process")
    add = against.add_argument
    add(
        "--against",
        default="",
        metavar="PEERS",
        help="comma-separated: fp32, litert, mnist12, opencv, tensorflow",
    )
    add("--fp32", type=Path, metavar="FILE", help="float file of the same network (fp32, opencv)")
    add("--run", type=Path, metavar="FOLDER", help="training run of the same network (litert, tensorflow)")
    add("--tflite", type=Path, metavar="FILE", help="LiteRT file of the same network, instead of converting")
    other = parser.add_argument_group("instead of measuring one model").add_mutually_exclusive_group()
    add = other.add_argument
    add(
        "--choose",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="say which of these model files to use on this machine",
    )
    add(
        "--compare",
        nargs=2,
        type=Path,
        metavar=("A", "B"),
        help="say whether run B differs from run A (JSON)",
    )
    add(
        "--bulk",
        type=int,
        metavar="N",
        help="a folder of N pictures: reading and decoding, 1 and 2 processes",
    )
    add(
        "--live",
        type=float,
        nargs="?",
        const=60.0,
        metavar="SECONDS",
        help="all of `webcam` on a drawn video of that length (default: 60): CPU and memory at "
        "30 frames/s; with --data, how steadily generated clips are read",
    )


def run(args: argparse.Namespace) -> int:
    """Measure what was asked for; tables go to stdout, progress to stderr."""
    if args.threads < 1:
        raise UsageError("the thread count is too small", expected="1 or more", received=str(args.threads))
    if args.compare:
        return _compare(*args.compare)
    if args.out is not None:
        saving.require_free(args.out, force=args.force)
    if args.choose:
        return _choose(args)
    if args.bulk is not None:
        return _bulk(args)
    if args.live is not None:
        return _live(args)
    return _measure(args)


def _measure(args: argparse.Namespace) -> int:
    from edgedigits import Classifier
    from edgedigits_bench.speed import measure, peers, report

    names = [name for name in args.against.split(",") if name]
    if unknown := set(names) - set(peers.CHOICES):
        raise UsageError(
            "no such peer", expected=", ".join(peers.CHOICES), received=", ".join(sorted(unknown))
        )
    _require_given(names, args)
    classifier = Classifier.load(args.model, threads=args.threads)
    record = measure.begin(_command_line(), classifier, args.threads, args.quick)
    path = saving.target(args, record, _ROOT, _say)
    plan = measure.QUICK if args.quick else measure.FULL
    measure.latency(record, args.model, args.threads, plan, _say)
    if names:
        _against(names, classifier.path, args, record)
    measure.end(record)
    print(report.plain(record))
    saving.keep(record, path, _say)
    return 0


def _require_given(names: list[str], args: argparse.Namespace) -> None:
    """Refuse now what would otherwise be reported as "not measured" at the end."""
    lacking = []
    for name in names:
        flags = _GIVEN.get(name, ())
        given = [path for flag in flags if (path := getattr(args, flag)) is not None]
        if flags and not given:
            words = [f"--{flag} {'FOLDER' if flag == 'run' else 'FILE'}" for flag in flags]
            lacking.append(f"{' or '.join(words)} for {name}")
        elif given and not given[0].exists():
            lacking.append(f"{given[0]} for {name}, which does not exist")
    if args.data is not None and not args.data.exists():
        lacking.append(f"{args.data}, which does not exist")
    if lacking:
        remedy = "give them (`edgedigits bench --help`), or leave out what needs them"
        raise UsageError("files are missing", expected="; ".join(lacking), remedy=remedy)


def _against(names: list[str], model: Path, args: argparse.Namespace, record: Record) -> None:
    from edgedigits_bench.drawn.pages import frames
    from edgedigits_bench.speed import peers

    # TensorFlow reads these when it is first imported; its threads would take time from all contenders.
    os.environ.update(
        {name: str(args.threads) for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")}
    )
    with tempfile.TemporaryDirectory() as scratch:
        setup = peers.Setup(
            model, args.threads, frames(0, 50), args.fp32, args.run, args.tflite, args.data, Path(scratch)
        )
        _say("making " + ", ".join(names))
        _contest(peers.make(names, setup), args, record)


def _contest(contenders: dict[str, Peer | str], args: argparse.Namespace, record: Record) -> None:
    from edgedigits_bench.drawn.pages import frames
    from edgedigits_bench.speed import contest
    from edgedigits_bench.speed.latency import SystemClock

    _say(f"in turns: {', '.join(contenders)}")
    rounds = 10 if args.quick else _ROUNDS
    contest.time_in_turns(contenders, frames(0, 50), rounds, _BLOCK, SystemClock(), record)
    if args.data is not None:
        _say("accuracies")
        contest.measure_accuracy(contenders, *contest.mnist_test(args.data), record)


def _choose(args: argparse.Namespace) -> int:
    from edgedigits import Classifier
    from edgedigits_bench.speed import choose, layout, measure

    if len(args.choose) < 2:
        raise UsageError(
            "there is nothing to choose between",
            expected="two or more model files",
            received=str(args.choose[0]),
            remedy="write the float file with `edgedigits export RUN --precision fp32 --out FILE`",
        )
    classifier = Classifier.load(args.choose[0], threads=args.threads)
    record = measure.begin(_command_line(), classifier, args.threads, args.quick)
    _contest(choose.contenders(args.choose, args.threads), args, record)
    measure.end(record)
    print(layout.aligned(choose.table(record)))
    print("\n".join(choose.advice(record)))
    for warning in record.warnings:
        _say(f"warning: {warning}")
    if args.out is not None:
        record.save(args.out)
    return 0


def _compare(first: Path, second: Path) -> int:
    from edgedigits_bench.speed import compare, layout
    from edgedigits_bench.speed.record import Record

    before, after = Record.load(first), Record.load(second)
    for difference in compare.differences(before, after):
        print(f"not the same: {difference}")
    print(layout.aligned(compare.table(before, after)))
    return 0


def _bulk(args: argparse.Namespace) -> int:
    from edgedigits import Classifier
    from edgedigits_bench.speed import bulk, measure

    if args.bulk < 1:
        raise UsageError("too few pictures", expected="1 or more", received=str(args.bulk))
    record = measure.begin(_command_line(), Classifier.load(args.model), 1, args.quick)
    _say("reading and decoding, with 1 and with 2 processes")
    with tempfile.TemporaryDirectory() as folder:
        record.bulk = bulk.measure(Path(folder), args.bulk, args.model, 2)
    return _finish(record, args.out)


def _live(args: argparse.Namespace) -> int:
    from edgedigits import Classifier
    from edgedigits_bench.speed import measure

    if not 0 < args.live < float("inf"):
        raise UsageError("the video has no length", expected="more than 0 seconds", received=f"{args.live:g}")
    if os.name != "posix":
        raise UsageError("--live needs a system that reports what a process used", expected="Linux or macOS")
    from edgedigits_bench.live import command as live

    classifier = Classifier.load(args.model)
    record = measure.begin(_command_line(), classifier, 1, args.quick)
    _say(f"webcam on {args.live:g} s of video")
    record.live = live.measure(args.live, classifier, args.model, args.data, quick=args.quick)
    return _finish(record, args.out)


def _finish(record: Record, path: Path | None) -> int:
    from edgedigits_bench.speed import measure, report

    measure.end(record)
    print(report.plain(record))
    if path is not None:
        record.save(path)
    return 0


def _command_line() -> str:
    """Return the command as typed, without the folder of the executable."""
    return shlex.join(["edgedigits", *sys.argv[1:]])


def _say(words: str) -> None:
    print(f"bench: {words}", file=sys.stderr, flush=True)
