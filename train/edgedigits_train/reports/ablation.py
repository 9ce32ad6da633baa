"""Ablation of the training mix: short runs with one ingredient left out or added.

    python -m edgedigits_train.reports.ablation FILE.json --run --data mnist.npz [--seed N] [--teacher ONNX]
    python -m edgedigits_train.reports.ablation FILE.json ...   (print the table, as Markdown)

The first form writes one seed into one file, variant by variant, and resumes where it was stopped. All
figures are of the validation split, so that the table may decide what goes into the mix. The runs are much
shorter than the packaged model's, on fewer digits, so only differences count.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any, Final

from edgedigits.ending import ended
from edgedigits.errors import DataError
from edgedigits_train.mix.degrade import FAMILIES
from edgedigits_train.recipe import Recipe
from edgedigits_train.reports.records import read_record, write_record

DIGITS: Final = 18_000
EPOCHS: Final = 12
"""A third of the training digits, twelve times: two minutes per variant on two cores, and past the steep part
of a long run's curve."""
TAIL: Final = 4
"""Number of last epochs that "weights of the last epochs averaged" averages over."""

PLAIN: Final = Recipe(epochs=EPOCHS, page_pool=6000)

COLUMNS: Final = {
    "clean": "clean",
    "noises": "seven noises",
    "guard": "guard suite",
    "reserve": "reserve suite",
    "paper": "over paper",
    "auroc": "AUROC of outliers",
}


def variants() -> dict[str, tuple[Recipe, bool]]:
    """Map each name to its recipe and whether a teacher takes part."""
    mix = PLAIN.mix
    without = {
        f"without {name}": (
            replace(PLAIN, mix=replace(mix, families=tuple(n for n in mix.families if n != name))),
            False,
        )
        for name in FAMILIES
    }
    return {
        "the whole mix": (PLAIN, False),
        **without,
        "without any degradation": (replace(PLAIN, mix=replace(mix, families=())), False),
        "without moving the digit": (replace(PLAIN, mix=replace(mix, geometry=0.0)), False),
        "one degradation a picture": (replace(PLAIN, mix=replace(mix, depth=1)), False),
        "without digits from pages": (replace(PLAIN, pages=0.0), False),
        "without outliers": (replace(PLAIN, outliers=0.0), False),
        "with a teacher": (PLAIN, True),
        "weights of the last epochs averaged": (PLAIN, False),
    }


def measured(model: Any, digits: Any, labels: Any) -> dict[str, float]:
    """Return accuracies in percent on uint8 [N, 28, 28], clean and changed, and AUROC; see `COLUMNS`."""
    import numpy as np

    from edgedigits_train.fit import probabilities
    from edgedigits_train.measures.metrics import accuracy, scores_of
    from edgedigits_train.measures.rejection import auroc
    from edgedigits_train.measures.robustness import GUARD, NOISES, RESERVE, draw
    from edgedigits_train.mix import pages
    from edgedigits_train.outliers.families import make_outliers

    def right(pictures: Any, truth: Any = labels) -> float:
        return accuracy(scores_of(probabilities(model, pictures)).labels, truth)

    # Every run is measured on the same pictures, whatever its seed.
    rng = np.random.default_rng(0x5EED)
    frames, names = pages.pool(3000, digits, labels, seed=0x5EED)
    kept = names != pages.NONE
    others = make_outliers(2000, digits, labels, rng)
    score = [scores_of(probabilities(model, some)).digit_score for some in (digits, others)]
    suites = {"noises": NOISES, "guard": GUARD, "reserve": RESERVE}
    return {
        "clean": right(digits),
        **{
            key: mean(right(draw(name, corruption, digits)) for name, corruption in suite.items())
            for key, suite in suites.items()
        },
        "paper": right(frames[kept], names[kept]),
        "auroc": auroc(score[0], score[1]),
    }


def train(recipe: Recipe, data: Path | None, teachers: Sequence[Path], *, averaged: bool) -> dict[str, float]:
    """Train one variant and measure its last epoch."""
    import keras
    import numpy as np

    from edgedigits_train import data as mnist
    from edgedigits_train.batches import Material
    from edgedigits_train.fit import Validation, fit
    from edgedigits_train.runfolder import CHECKPOINT, RunFolder
    from edgedigits_train.teacher import Teacher

    split = mnist.split(mnist.load(data), mnist.SPLIT_SEED)
    chosen = np.random.default_rng(recipe.seed).permutation(len(split.x_train))[:DIGITS]
    kept: list[list[Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))

        def keep(text: str) -> None:
            print(f"  {text}", file=sys.stderr)
            kept.append(keras.saving.load_model(run.path / CHECKPOINT, compile=False).get_weights())
            del kept[:-TAIL]

        fit(
            run,
            Material(
                split.x_train[chosen],
                split.y_train[chosen],
                recipe,
                teacher=Teacher(teachers, recipe.classes) if teachers else None,
            ),
            Validation.make(split.x_val[:600], split.y_val[:600], recipe),
            say=keep,
        )
        model = keras.saving.load_model(run.path / CHECKPOINT, compile=False)
    if averaged:
        model.set_weights([np.mean(each, axis=0) for each in zip(*kept, strict=True)])
    return measured(model, split.x_val, split.y_val)


def run(path: Path, data: Path | None, seed: int, teachers: Sequence[Path]) -> None:
    """Train the variants that `path` does not hold yet, and rewrite it after each."""
    record: dict[str, Any] = {"seed": seed, "variants": {}}
    if path.exists():
        record = read_record(path, *record)
    if record["seed"] != seed:
        raise DataError(f"{path} has another seed", expected=str(record["seed"]), received=str(seed))
    for name, (recipe, taught) in variants().items():
        if name in record["variants"] or (taught and not teachers):
            continue
        print(name, file=sys.stderr)
        started = time.perf_counter()
        found = train(
            replace(recipe, seed=seed), data, teachers if taught else (), averaged="averaged" in name
        )
        found = {key: round(value, 3) for key, value in found.items()}
        record["variants"][name] = {**found, "seconds": round(time.perf_counter() - started)}
        write_record(path, record, indent=1)


def markdown(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the table: the whole mix in percent, then the others in points above or below it.

    Figures are means over the records, each of which is one seed; if there are several, half of their range
    is given in brackets.
    """
    lines = [f"| mix | {' | '.join(COLUMNS.values())} |", "|---|" + "---:|" * len(COLUMNS)]
    base = "the whole mix"
    for name in variants():
        have = [record["variants"] for record in records if name in record["variants"]]
        if not have:
            continue
        cells = []
        for key in COLUMNS:
            values = [each[name][key] - (each[base][key] if name != base else 0) for each in have]
            text = f"{mean(values):.2f}" if name == base else f"{mean(values):+.2f}"
            cells.append(text + (f" (±{(max(values) - min(values)) / 2:.2f})" if len(values) > 1 else ""))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    seeds = ", ".join(str(record["seed"]) for record in records)
    lines += ["", f"Validation split; {DIGITS:,} digits, {EPOCHS} epochs, fp32, last epoch; seeds {seeds}."]
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_train.reports.ablation")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    parser.add_argument(
        "--run", action="store_true", help="train the variants that the file lacks, then print"
    )
    parser.add_argument("--data", type=Path, help="MNIST, as for `edgedigits train`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--teacher",
        type=Path,
        nargs="+",
        metavar="ONNX",
        help="for the variant with a teacher, which is left out otherwise",
    )
    args = parser.parse_args()
    if args.run:
        if len(args.files) != 1:
            parser.error("--run writes one file, of one seed")
        run(args.files[0], args.data, args.seed, args.teacher or ())
    print(markdown([read_record(path, "seed", "variants") for path in args.files]))


if __name__ == "__main__":
    sys.exit(ended(main))
