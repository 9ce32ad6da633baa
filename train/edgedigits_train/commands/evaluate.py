"""`edgedigits evaluate`: measure a model file, print its figures beside their targets, and draw plots."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from edgedigits_train.commands.flags import add_data

if TYPE_CHECKING:
    from edgedigits_train.measures.evaluation import Evaluation, Row
    from edgedigits_train.measures.metrics import Images, Labels
    from edgedigits_train.measures.subject import Subject
    from edgedigits_train.progress import Progress

SETS = Path("..") / "shared" / "data"
_MOST_THREADS = 4
_RECORD = "evaluation.json"
_PICTURES = (
    "confusion_matrix.png",
    "sample_predictions.png",
    "noise_curve.png",
    "reliability.png",
    "confident_mistakes.png",
    "rejection.png",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `evaluate`."""
    parser.add_argument(
        "model",
        nargs="?",
        type=Path,
        metavar="MODEL",
        help="an .onnx file or a run's folder (default: packaged)",
    )
    add_data(parser)
    parser.add_argument(
        "--split",
        choices=("test", "validation"),
        default="test",
        help="validation to choose between models, test to report one (default: test)",
    )
    parser.add_argument("--against", type=Path, metavar="MODEL", help="show the difference to this model")
    parser.add_argument(
        "--sets",
        type=Path,
        default=SETS,
        metavar="DIR",
        help=f"outliers: sets/omniglot_greek_ood.npz and negatives/*.png (default: {SETS})",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the plots and evaluation.json to DIR")
    parser.add_argument("--force", action="store_true", help="replace those that DIR already contains")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")


def run(args: argparse.Namespace) -> int:
    """Measure, print and draw. A missed target is reported, but is not an error."""
    from edgedigits_train import data
    from edgedigits_train.measures import evaluation
    from edgedigits_train.measures.robustness import GUARD, RESERVE
    from edgedigits_train.measures.subject import open_subject
    from edgedigits_train.outputs import check_folder, require_free
    from edgedigits_train.progress import Progress
    from edgedigits_train.reports import curves
    from edgedigits_train.reports.records import write_record
    from edgedigits_train.reports.table import table

    if args.out:
        check_folder(args.out)
        require_free([args.out / name for name in (_RECORD, *_PICTURES)], force=args.force)
    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    subject = open_subject(args.model, threads)
    other = open_subject(args.against, threads) if args.against else None
    mnist = data.load(args.data)
    if args.split == "test":
        images, truth = mnist.x_test, mnist.y_test
    else:
        parts = data.split(mnist, data.SPLIT_SEED)
        images, truth = parts.x_val, parts.y_val
    total = evaluation.steps(other is not None) + (curves.points() if args.out else 0)
    with Progress(total) as progress:
        result = evaluation.evaluate(
            subject.score,
            images,
            truth,
            threshold=subject.threshold,
            outliers=_outliers(args.sets),
            reference=other.score if other else None,
            step=progress.step,
        )
        if args.out:
            _draw(args.out, subject, result, images, truth, progress)
    rows = [_size(subject), *result.rows]
    record = {
        "model": str(subject.path),
        "sha256": subject.sha256,
        "about": subject.about,
        "against": str(other.path) if other else None,
        "split": args.split,
        "count": len(truth),
        "data": mnist.note,
        "data_sha256": mnist.sha256,
        "rows": [row.to_dict() for row in rows],
    }
    if args.out:
        write_record(args.out / _RECORD, record, indent=1)
    if args.json:
        print(json.dumps(record))
    else:
        print(f"{subject.path} ({subject.about})")
        print(f"{len(truth):,} {args.split} pictures of {mnist.note}, each corrupted once\n")
        print(table(rows, indented=[*GUARD, *RESERVE]))
    if args.out:
        print(f"plots: {args.out}", file=sys.stderr)
    return 0


def _size(subject: Subject) -> Row:
    from edgedigits_train.measures.evaluation import Row

    if not subject.sha256:
        return Row("file size", float("nan"), "kB", note="skipped: the file is written by export")
    return Row("file size", subject.bytes / 1000, "kB", note=f"{subject.bytes:,} bytes")


def _outliers(folder: Path) -> dict[str, Images | str]:
    """Return framed outliers by name, or the reason why there are none."""
    from edgedigits.errors import DataError
    from edgedigits_train.measures import rejection

    found: dict[str, Images | str] = {}
    for name, load in (
        ("Greek letters", rejection.greek_letters),
        ("photographed letters", rejection.negatives),
    ):
        try:
            found[name] = load(folder)
        except DataError as error:
            found[name] = error.what
    return found


def _draw(
    folder: Path, subject: Subject, result: Evaluation, images: Images, truth: Labels, progress: Progress
) -> None:
    import numpy as np

    from edgedigits_train.measures.calibration import pooled_reliability
    from edgedigits_train.measures.rejection import auroc, roc
    from edgedigits_train.reports import curves, plots, report, sheets

    confusion, samples, noise, reliability, mistakes, rejection = (folder / name for name in _PICTURES)
    count = len(truth[:: max(1, len(truth) // curves.MOST_PICTURES)])
    measured = curves.measure(subject.score, images, truth, progress.step)
    threshold = subject.threshold or 0.0
    report.write_confusion(confusion, truth, result.clean, result.noisy)
    report.write_samples(samples, subject.score, images, truth, threshold=threshold)
    curves.noise_curve(measured, count, noise)
    plots.reliability_diagram(
        {
            "Clean": pooled_reliability(truth, [result.clean]),
            "Noise mix": pooled_reliability(truth, list(result.noisy.values())),
        },
        reliability,
    )
    sheets.confident_mistakes(images, truth, result.clean, mistakes)
    digits = result.clean.digit_score
    parts = {}
    for name, scores in result.outliers.items():
        operating = None
        if subject.threshold is not None:
            shares = [float(np.mean(kind >= subject.threshold)) for kind in (scores.digit_score, digits)]
            operating = plots.Operating(*shares)
        parts[name] = (roc(digits, scores.digit_score), auroc(digits, scores.digit_score), operating)
    if parts:
        plots.rejection_curves(parts, rejection)
