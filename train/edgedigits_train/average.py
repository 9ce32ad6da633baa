"""Average the weights of runs that share a start and differ in their seed; the result is a run of its own.

python -m edgedigits_train.average RUN RUN ... --out RUN --data mnist.npz

Runs with the same start end in the same valley of the loss, and the mean of their weights lies nearer to its
middle than any of them (a "model soup"; Wortsman and others 2022). The averaged network is as large and as
fast as each of them. Runs with different starts have no useful mean and are refused.
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
"""Keys of `config.json` in which the runs must agree."""


def kin(runs: Sequence[Path]) -> tuple[Recipe, dict[str, Any]]:
    """Return the recipe of the first run, and its config with the paths of all runs added.

    Raises `UsageError` for fewer than two runs, for a run that is an average or unfinished, and for one with
    another start or other data than the first; `EdgeDigitsError` for a folder that holds no run.
    """
    if len(runs) < 2:
        raise UsageError(
            "one run is not enough for an average", expected="two runs or more", received=str(runs[0])
        )
    configs = [RunFolder(run).read_config() for run in runs]
    recipes = [
        from_dict(config.get("recipe"), f"{run / CONFIG}, recipe")
        for run, config in zip(runs, configs, strict=True)
    ]
    for run, config, recipe in zip(runs, configs, recipes, strict=True):
        if "average" in config:
            raise UsageError(
                f"{run} is already an average",
                expected="runs of `edgedigits train`, so that each has the same weight",
                remedy="give the runs that it was made from",
            )
        for name in _SHARED:
            own, first = config.get(name), configs[0].get(name)
            if own is None or own != first:
                none = "none: it started from random weights" if name == "start" else "none"
                raise UsageError(
                    f"{run} cannot be averaged with the others",
                    expected=f"a {name}" if first is None else f"the {name} of {runs[0]}: {first}",
                    received=none if own is None else str(own),
                    remedy="average runs with the same `edgedigits train --start`, on the same data",
                )
        epochs = len(RunFolder(run).read_history())
        if epochs < recipe.epochs:
            raise UsageError(
                f"{run} is not finished",
                expected=f"{recipe.epochs} epochs, as its recipe says",
                received=str(epochs),
                remedy=f"continue it with `edgedigits train --resume {shlex.quote(str(run))}`",
            )
    return recipes[0], {**configs[0], "average": [str(run.resolve()) for run in runs]}


def mean_of(networks: Sequence[Any]) -> Any:
    """Return a `keras.Model` whose weights are the mean of those of `networks`, which stay unchanged."""
    import keras

    mean = keras.models.clone_model(networks[0])
    weights = zip(*(network.get_weights() for network in networks), strict=True)
    mean.set_weights([sum(parts) / len(parts) for parts in weights])
    return mean


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m edgedigits_train.average", description="Average runs that have the same start."
    )
    parser.add_argument(
        "runs", type=Path, nargs="+", metavar="RUN", help="two or more runs with the same --start"
    )
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
