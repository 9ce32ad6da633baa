"""`edgedigits bench`: measure on this machine, compare runs, choose between files."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from edgedigits.errors import UsageError

if TYPE_CHECKING:
    from edgedigits_bench.record import Record

_ROOT = Path(__file__).parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `edgedigits bench`."""
    parser.add_argument("--model", metavar="FILE", help="model file to measure (default: the packaged one)")
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads of onnxruntime and OpenCV"
    )
    parser.add_argument("--quick", action="store_true", help="few samples: to look, not to quote")
    parser.add_argument(
        "--out", type=Path, metavar="JSON",
        help="where the samples go, and pictures beside it (default: benchmarks/results/ of a checkout)",
    )  # fmt: skip
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--compare", nargs=2, type=Path, metavar=("A", "B"), help="tell two runs' JSON files apart"
    )


def run(args: argparse.Namespace) -> int:
    """Measure, print a table, write JSON and a picture."""
    if args.threads < 1:
        raise UsageError("the thread count is too small", expected="1 or more", received=str(args.threads))
    if args.compare:
        return _compare(*args.compare)
    return _measure(args)


def _measure(args: argparse.Namespace) -> int:
    from edgedigits import Classifier
    from edgedigits_bench import measure, report

    classifier = Classifier.load(args.model, threads=args.threads)
    record = measure.begin(shlex.join(["edgedigits", *sys.argv[1:]]), classifier, args.threads, args.quick)
    plan = measure.QUICK if args.quick else measure.FULL
    measure.latency(record, args.model, args.threads, plan, _say)
    measure.end(record)
    print(report.plain(record))
    _keep(record, args)
    return 0


def _compare(first: Path, second: Path) -> int:
    from edgedigits_bench import compare, report
    from edgedigits_bench.record import Record

    before, after = Record.load(first), Record.load(second)
    for difference in compare.differences(before, after):
        print(f"not the same: {difference}")
    print(report.aligned(compare.table(before, after)))
    return 0


def _keep(record: Record, args: argparse.Namespace) -> None:
    """Save samples and picture where they were asked for, or among a checkout's results if worth it."""
    from edgedigits_bench import histogram, machine

    path = args.out
    if path is None and (_ROOT / "pyproject.toml").is_file() and not args.quick:
        path = _ROOT / "benchmarks" / "results" / f"{machine.slug(record.machine['name'])}.json"
    if path is None:
        _say("nothing saved; --out FILE.json keeps the samples")
        return
    record.save(path)
    _say(f"samples: {path}")
    picture = path.with_suffix(".png")
    try:
        histogram.draw(record, picture)
        _say(f"distribution: {picture}")
    except ModuleNotFoundError as error:
        _say(f'no picture, because {error.name} is not installed: pip install "edgedigits[bench]"')


def _say(words: str) -> None:
    print(f"bench: {words}", file=sys.stderr, flush=True)
