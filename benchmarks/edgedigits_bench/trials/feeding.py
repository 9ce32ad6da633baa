"""Measure whether augmentation starves training: the same steps, fed live and fed with prepared batches.

    python -m edgedigits_bench.trials.feeding --data mnist.npz [--recipe edge] [--steps 100] [--rounds 5]

The share of an epoch spent in the training step is the time of the steps fed from memory over the time of the
steps fed live. The live ones come first in each round; the median ratio is reported.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import keras

from edgedigits.ending import ended
from edgedigits_train import data
from edgedigits_train.batches import Epoch, Material
from edgedigits_train.fit import compile_model
from edgedigits_train.recipe import load


class _Part(Epoch):
    """The first `steps` batches of an epoch, made while the network trains."""

    def __init__(self, material: Material, epoch: int, steps: int) -> None:
        super().__init__(material, epoch)
        self._steps = steps

    def __len__(self) -> int:
        return self._steps


class _Ready(keras.utils.PyDataset):  # type: ignore[misc]
    """The same batches, from memory."""

    def __init__(self, batches: list[Any]) -> None:
        super().__init__(workers=1)
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, index: int) -> Any:
        return self._batches[index]


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(
        prog="python -m edgedigits_bench.trials.feeding",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--recipe", default="edge")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    recipe = load(args.recipe)
    split = data.split(data.load(args.data), seed=0)
    material = Material(split.x_train, split.y_train, recipe)
    model = compile_model(recipe, material.steps)
    model.fit(_Part(material, 0, 5), verbose=0)  # traces and compiles
    shares = []
    for epoch in range(1, args.rounds + 1):
        part = _Part(material, epoch, args.steps)
        ready = _Ready([part[index] for index in range(args.steps)])
        seconds = []
        for source in (part, ready):
            started = time.perf_counter()
            model.fit(source, verbose=0)
            seconds.append(time.perf_counter() - started)
        shares.append(seconds[1] / seconds[0])
    print(
        f"{recipe.architecture}, batches of {recipe.batch}: {100 * statistics.median(shares):.0f} % of the "
        f"time is the training step (median of {args.rounds} rounds of {args.steps} steps; "
        f"{100 * min(shares):.0f} to {100 * max(shares):.0f} %)"
    )


if __name__ == "__main__":
    sys.exit(ended(main))
