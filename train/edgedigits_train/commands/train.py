"""`edgedigits train`: MNIST and a recipe in, a run folder out."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgedigits.errors import UsageError

if TYPE_CHECKING:
    from edgedigits_train.recipe import Recipe
    from edgedigits_train.runfolder import RunFolder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `train`."""
    parser.add_argument("--data", type=Path, help="MNIST: an .npz or a folder of the four IDX files")
    parser.add_argument("--recipe", help="a .toml file, or the name of a packaged recipe (default: edge)")
    parser.add_argument("--architecture", help="simple, edge, deep or mobilenet, over the recipe's")
    parser.add_argument("--epochs", type=int, help="over the recipe's")
    parser.add_argument("--batch", type=int, help="over the recipe's")
    parser.add_argument("--learning-rate", type=float, help="over the recipe's")
    parser.add_argument("--seed", type=int, help="over the recipe's")
    parser.add_argument("--out", type=Path, help="folder of the run (default: runs/<architecture>-<time>)")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on with an interrupted run")
    parser.add_argument(
        "--extra", type=Path, metavar="DIR", help="your own frames, as `webcam --collect` keeps"
    )
    parser.add_argument(
        "--start",
        metavar="RUN",
        help="begin with the weights of another run, or with `packaged`, instead of random ones",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        nargs="+",
        metavar="ONNX",
        help="exported models, the mean of whose answers softens the labels",
    )
    parser.add_argument("--limit", type=int, help="train on this many digits only, for a quick try")
    parser.add_argument(
        "--random-weights", action="store_true", help="mobilenet without its ImageNet weights, if you mean it"
    )


def _recipe(args: argparse.Namespace, folder: RunFolder | None) -> Recipe:
    from edgedigits_train.recipe import from_dict, load, override

    changes: dict[str, Any] = {
        name: getattr(args, name) for name in ("architecture", "epochs", "batch", "learning_rate", "seed")
    }
    if folder is None:
        return override(load(args.recipe or "edge"), **changes)
    given = [name for name, value in changes.items() if value is not None]
    if given or args.recipe or args.out or args.start:
        raise UsageError(
            "--resume goes on with the run as it was begun",
            expected="no --out, --recipe, --start or setting of the recipe beside it",
            received=", ".join(given) or "--recipe, --start or --out",
        )
    return from_dict(folder.read_config()["recipe"], str(folder.path))


def _start(name: str | None) -> Path | None:
    """The .keras file that --start means."""
    from edgedigits.errors import EdgeDigitsError
    from edgedigits_train.runfolder import BEST

    if name is None:
        return None
    path = Path(str(files("edgedigits_train"))) / "assets" / "edgedigits.keras"
    if name != "packaged":
        path = Path(name) / BEST
    if not path.is_file():
        raise EdgeDigitsError(
            f"there is no trained network at {path}",
            expected="--start packaged, or the folder of a run",
            received=f"--start {name}",
        )
    return path


def run(args: argparse.Namespace) -> int:
    """Train, keep the epoch that the recipe says, write the report; 130 when it was interrupted."""
    import numpy as np

    from edgedigits_train import data
    from edgedigits_train.batches import Material
    from edgedigits_train.extra import read_extra
    from edgedigits_train.fit import Validation, fit, probabilities
    from edgedigits_train.report import write_run_report
    from edgedigits_train.runfolder import BEST, RunFolder, versions
    from edgedigits_train.teacher import Teacher

    resumed = RunFolder(args.resume) if args.resume else None
    recipe = _recipe(args, resumed)
    config = resumed.read_config() if resumed else {}
    extra_path = args.extra or (Path(config["extra"]) if config.get("extra") else None)
    limit = config.get("limit") if resumed else args.limit
    mnist = data.load(args.data)
    if config and config["data_sha256"] != mnist.sha256:
        raise UsageError(
            "the data is not what the run was begun with",
            expected=f"sha256 {config['data_sha256']}",
            received=f"sha256 {mnist.sha256}",
        )
    split = data.split(mnist, data.SPLIT_SEED)
    if limit:
        chosen = np.sort(np.random.default_rng(recipe.seed).permutation(len(split.x_train))[:limit])
        # A quick try is quick all the way: it is also judged by a few, and metrics.json says by how many.
        few = max(100, limit // 6)
        split = data.Split(split.x_train[chosen], split.y_train[chosen], split.x_val[:few], split.y_val[:few])
        mnist = replace(mnist, x_test=mnist.x_test[:few], y_test=mnist.y_test[:few])
    extra = read_extra(extra_path) if extra_path else None
    known = config.get("teacher") or []
    teachers = args.teacher or [Path(path) for path in ([known] if isinstance(known, str) else known)]
    teacher = Teacher(teachers, recipe.classes) if teachers else None
    folder = resumed or RunFolder(
        args.out or Path("runs") / f"{recipe.architecture}-{time.strftime('%Y%m%d-%H%M%S')}"
    )
    if not resumed:
        folder.create()
        folder.write_json(
            "config.json",
            {
                "recipe": recipe.to_dict(),
                "architecture": recipe.architecture,
                "classes": recipe.classes,
                "seed": recipe.seed,
                "split_seed": data.SPLIT_SEED,
                "limit": limit,
                "extra": str(extra_path.resolve()) if extra_path else None,
                "start": args.start,
                "teacher": [str(path.resolve()) for path in teachers],
                "data_sha256": mnist.sha256,
                "data_note": mnist.note,
                "versions": versions(),
            },
        )
    print(
        f"training {recipe.architecture} on {len(split.x_train)} digits into {folder.path}", file=sys.stderr
    )
    try:
        history = fit(
            folder,
            Material(split.x_train, split.y_train, recipe, extra, teacher),
            Validation.make(split.x_val, split.y_val, recipe, extra),
            random_weights=args.random_weights,
            start=_start(args.start),
            say=lambda text: print(text, file=sys.stderr),
        )
        interrupted = False
    except KeyboardInterrupt:
        history = folder.read_history()
        print(f"\ninterrupted; go on with `edgedigits train --resume {folder.path}`", file=sys.stderr)
        if not history:
            return 130
        print("writing the report of what is kept so far (Ctrl-C again to leave it)", file=sys.stderr)
        interrupted = True
    import keras

    model = keras.saving.load_model(folder.path / BEST)
    write_run_report(folder.path, lambda images: probabilities(model, images), split, mnist, history)
    print(f"{folder.path}\nnext: edgedigits export {folder.path} --out model.onnx")
    return 130 if interrupted else 0
