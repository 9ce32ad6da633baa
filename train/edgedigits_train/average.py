"""The mean of networks that learned on from one start, each with a seed of its own, as a run of its own.

python -m edgedigits_train.average RUN RUN ... --out RUN --data mnist.npz

Runs of one start end in one valley of the loss, and the mean of their weights lies nearer to its middle
than any of them (a "model soup"; Wortsman and others 2022). It costs nothing where it is used: the
network keeps its size. The mean of networks that began apart is no network, and is refused.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from edgedigits.ending import ended
from edgedigits.errors import UsageError
from edgedigits_train import data
from edgedigits_train.networks import open_network
from edgedigits_train.recipe import Recipe, from_dict
from edgedigits_train.runfolder import BEST, CONFIG, RunFolder

_SHARED: Final = ("architecture", "classes", "start", "data_sha256", "split_seed")
"""What runs must have in common, as `config.json` tells it."""


def kin(runs: Sequence[Path]) -> tuple[Recipe, dict[str, Any]]:
    """The first run's recipe, and its config with all the runs in it.

    Raises `UsageError` for fewer than two runs, for one that is an average or not finished, or has another
    start or other data than the first, and `EdgeDigitsError` for a folder that holds no run.
    """
    if len(runs) < 2:
        raise UsageError("one run is its own mean", expected="two runs or more", received=str(runs[0]))
    configs = [RunFolder(run).read_config() for run in runs]
    recipes = [
        from_dict(config.get("recipe"), f"{run / CONFIG}, recipe")
        for run, config in zip(runs, configs, strict=True)
    ]
    for run, config, recipe in zip(runs, configs, recipes, strict=True):
        if "average" in config:
            raise UsageError(
                f"{run} is an average already",
                expected="runs of `edgedigits train`, each of which then weighs the same",
                remedy="name the runs that it was made of",
            )
        for name in _SHARED:
            own, first = config.get(name), configs[0].get(name)
            if own is None or own != first:
                none = "none: it began with random weights" if name == "start" else "none"
                raise UsageError(
                    f"{run} cannot be averaged with the others",
                    expected=f"a {name}" if first is None else f"the {name} of {runs[0]}: {first}",
                    received=none if own is None else str(own),
                    remedy="average runs of one `edgedigits train --start`, on the same data",
                )
        epochs = len(RunFolder(run).read_history())
        if epochs < recipe.epochs:
            raise UsageError(
                f"{run} is not finished",
                expected=f"{recipe.epochs} epochs, as its recipe says",
                received=str(epochs),
                remedy=f"go on with it by `edgedigits train --resume {shlex.quote(str(run))}`",
            )
    return recipes[0], {**configs[0], "average": [str(run.resolve()) for run in runs]}


def mean_of(networks: Sequence[Any]) -> Any:
    """A `keras.Model` with the mean of the weights of others of its kind; they stay as they are."""
    import keras

    mean = keras.models.clone_model(networks[0])
    weights = zip(*(network.get_weights() for network in networks), strict=True)
    mean.set_weights([sum(parts) / len(parts) for parts in weights])
    return mean


def main(argv: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m edgedigits_train.average", description="Average runs that have one start."
    )
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="two or more of one --start")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="a new folder for the mean")
    parser.add_argument("--data", type=Path, help="MNIST: an .npz or a folder of the four IDX files")
    args = parser.parse_args(argv)
    folder = RunFolder(args.out)
    folder.check_new()
    recipe, config = kin(args.runs)
    mnist = data.load(args.data)
    data.require_same(mnist, config["data_sha256"])
    networks = [open_network(run / BEST, compiled=False) for run in args.runs]
    from edgedigits_train.fit import Validation

    split = data.split(mnist, config["split_seed"])
    validation = Validation.make(split.x_val, split.y_val, recipe)
    print("validation, %   clean  degraded  outliers refused")
    for name, network in [*zip(args.runs, networks, strict=True), ("mean", mean := mean_of(networks))]:
        score = {key: 100 * value for key, value in validation.score(network).items()}
        refused = score.get("val_outliers_refused", float("nan"))
        print(f"{score['val_accuracy']:21.2f}{score['val_degraded_accuracy']:10.2f}{refused:18.2f}  {name}")
    folder.create(config)
    folder.save_model(mean, BEST)
    print(f"{folder.path}\nnext: edgedigits export {shlex.quote(str(folder.path))} --out model.onnx")


if __name__ == "__main__":
    sys.exit(ended(main))
