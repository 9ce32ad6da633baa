"""`edgedigits train`: train a network on MNIST by a recipe, and write a run folder."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from edgedigits.errors import DataError, MissingExtraError, UsageError
from edgedigits_train.commands.flags import add_data

if TYPE_CHECKING:
    from edgedigits_train.data import Labels, Mnist, Split


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `train`."""
    add_data(parser)
    parser.add_argument(
        "--recipe",
        metavar="NAME",
        help="a .toml file or a packaged recipe: edge (default), quick, adapt, or a stage of the packaged "
        "model: teacher, distil, finish, hands-teacher, hands",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the run (default: runs/<architecture>-<time>)"
    )
    parser.add_argument("--resume", type=Path, metavar="RUN", help="continue an interrupted run")
    parser.add_argument(
        "--extra", type=Path, metavar="DIR", help="your own frames, as `webcam --collect` saves them"
    )
    parser.add_argument(
        "--start",
        metavar="RUN",
        help="start from the weights of another run, or `packaged`, instead of random ones",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        nargs="+",
        metavar="ONNX",
        help="exported models; the mean of their answers softens the labels",
    )
    parser.add_argument(
        "--limit", type=int, metavar="N", help="train on only this many digits, for a quick try"
    )
    parser.add_argument(
        "--random-weights", action="store_true", help="train mobilenet without its ImageNet weights"
    )
    group = parser.add_argument_group("settings that override the recipe")
    group.add_argument("--architecture", metavar="NAME", help="simple, edge, deep or mobilenet")
    group.add_argument("--epochs", type=int, metavar="N", help="passes over the training digits")
    group.add_argument("--batch", type=int, metavar="N", help="pictures per step")
    group.add_argument("--learning-rate", type=float, metavar="RATE", help="the peak of the schedule")
    group.add_argument("--seed", type=int, metavar="N", help="seed of weights, batches and noise")


def run(args: argparse.Namespace) -> int:
    """Train, keep the epoch that the recipe asks for, and write the report; return 130 if interrupted.

    Flags and files are checked before TensorFlow is imported, which takes ten seconds, as far as that is
    possible. All checks come before the run folder is made.
    """
    for module in ("tensorflow", "matplotlib"):
        if find_spec(module) is None:
            raise MissingExtraError("train", "train", module)
    from edgedigits_train import data, plan
    from edgedigits_train.extra import read_extra
    from edgedigits_train.networks import load_keras, open_network
    from edgedigits_train.runfolder import BEST, RunFolder, versions
    from edgedigits_train.teacher import Teacher

    if args.resume:
        folder = RunFolder(args.resume)
        config = folder.read_config()
        if "average" in config:
            raise UsageError(
                f"{args.resume} is the mean of other runs, which training would overwrite",
                expected="an interrupted run of `edgedigits train`",
                remedy=f"train it further with `edgedigits train --start {shlex.quote(str(args.resume))}`",
            )
        what = plan.from_config(config, args, args.resume)
        needed = what.recipe.blend < 1 or not folder.read_history()
        start = plan.start_again(what.start, args.resume) if what.start and needed else None
    else:
        what = plan.from_flags(args)
        start = plan.start_file(what.start) if what.start else None
        folder = RunFolder(
            args.out or Path("runs") / f"{what.recipe.architecture}-{time.strftime('%Y%m%d-%H%M%S')}"
        )
        folder.check_new()
    recipe = what.recipe
    run = shlex.quote(str(folder.path))  # for the shell
    extra = read_extra(what.extra) if what.extra else None
    mnist = data.load(args.data)
    if args.resume:
        data.require_same(mnist, config["data_sha256"])
    else:
        config = {
            **what.to_config(),
            "split_seed": data.SPLIT_SEED,
            "data_sha256": mnist.sha256,
            "data_note": mnist.note,
            "versions": versions(),
        }
    split, mnist = _parts(mnist, what.limit, recipe.seed)
    teacher = Teacher(what.teachers, recipe.classes) if what.teachers else None

    begun = bool(args.resume)

    def begin() -> None:
        nonlocal begun
        if not begun:
            folder.create(config)
        begun = True

    load_keras()
    from edgedigits_train.batches import Material
    from edgedigits_train.fit import Validation, fit, probabilities
    from edgedigits_train.reports.report import write_run_report

    print(
        f"training {recipe.architecture} on {len(split.x_train)} digits into {folder.path}", file=sys.stderr
    )
    try:
        history = fit(
            folder,
            Material(split.x_train, split.y_train, recipe, extra, teacher),
            Validation.make(split.x_val, split.y_val, recipe, extra),
            random_weights=what.random_weights,
            start=start,
            begin=begin,
            say=lambda text: print(text, file=sys.stderr),
        )
        interrupted = False
    except KeyboardInterrupt:
        if not begun:
            print("\ninterrupted before the run began; nothing was written", file=sys.stderr)
            return 130
        history = folder.read_history()
        print(f"\ninterrupted; continue with `edgedigits train --resume {run}`", file=sys.stderr)
        if not history:
            return 130
        print("writing the report of what has been saved so far (Ctrl-C again to skip it)", file=sys.stderr)
        interrupted = True
    model = open_network(folder.path / BEST)
    write_run_report(folder.path, lambda images: probabilities(model, images), split, mnist, history)
    print(f"{folder.path}\nnext: edgedigits export {run} --out model.onnx")
    return 130 if interrupted else 0


def _parts(mnist: Mnist, limit: int | None, seed: int) -> tuple[Split, Mnist]:
    """Return training and validation pictures and the test set; with a limit, fewer of each.

    Raises `UsageError` or `DataError` if one of the ten digits is missing: outliers are made from each
    digit, and drawing one that is missing would never end.
    """
    import numpy as np

    from edgedigits_train import data

    split = data.split(mnist, data.SPLIT_SEED)
    if limit:
        chosen = np.sort(np.random.default_rng(seed).permutation(len(split.x_train))[:limit])
        # A limited run is also validated and tested on few pictures; metrics.json gives the counts.
        few = max(100, limit // 6)
        whole = split
        split = data.Split(split.x_train[chosen], split.y_train[chosen], split.x_val[:few], split.y_val[:few])
        mnist = replace(mnist, x_test=mnist.x_test[:few], y_test=mnist.y_test[:few])
        if _missing(split.y_train) and not _missing(whole.y_train):
            raise UsageError(
                f"--limit {limit} leaves no picture of {_missing(split.y_train)} to train on",
                expected="enough for some pictures of each of the ten digits",
                received=f"{len(split.y_train)} pictures",
                remedy="try --limit 500, or more",
            )
    for part, labels in (("train", split.y_train), ("validate", split.y_val)):
        if missing := _missing(labels):
            raise DataError(
                f"the data has no picture of {missing} to {part} on",
                expected="pictures of all ten digits; a tenth of them is used for validation",
                received=f"{len(labels)} pictures",
                remedy="give more pictures with --data",
            )
    return split, mnist


def _missing(labels: Labels) -> str:
    return ", ".join(str(digit) for digit in range(10) if digit not in labels)
