"""Compare the networks of `edgedigits train --architecture`: size, accuracy, time.

    for a in simple edge deep mobilenet; do
        edgedigits train --architecture $a --recipe edge --epochs 10 --limit 9000 --out runs/arch/$a
        edgedigits export runs/arch/$a --out runs/arch/$a/edgedigits.onnx --allow-drop
    done
    python -m edgedigits_bench.trials.architectures FILE.json runs/arch/*/ --data mnist.npz
    python -m edgedigits_bench.trials.architectures FILE.json          (print the table, as Markdown)

`--allow-drop` is needed because after so short a run int8 may lose more than a tenth of a point. The first
form measures each run's int8 file, on MNIST's test set and in turns on one thread, and writes FILE.json;
FILE-entries.json beside it is for `edgedigits_bench.speed.frontier`. Needs the extras `train` and `bench`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from edgedigits.classifier import Classifier
from edgedigits.ending import ended
from edgedigits.errors import DataError
from edgedigits_train.reports.records import read_record, write_record


def parameters(run: Path) -> int:
    """Return the number of parameters of the network in a run folder."""
    import keras

    return int(keras.saving.load_model(run / "model.keras", compile=False).count_params())


def accuracies(model: Path, images: Any, labels: Any) -> dict[str, float]:
    """Return percent right on uint8 [N, 28, 28]: clean, seven noises (mean), the reserve suite (mean)."""
    from edgedigits_train.measures.metrics import accuracy
    from edgedigits_train.measures.robustness import NOISES, RESERVE, draw
    from edgedigits_train.measures.subject import open_subject

    score = open_subject(model).score

    def right(pictures: Any) -> float:
        return accuracy(score(pictures).labels, labels)

    suites = {"noises": NOISES, "reserve": RESERVE}
    means = {
        key: mean(right(draw(name, corruption, images)) for name, corruption in suite.items())
        for key, suite in suites.items()
    }
    return {"clean": right(images), **means}


def times(models: Sequence[Path], images: Any, rounds: int) -> list[dict[str, float]]:
    """Time `Classifier.predict` in turns: medians in µs per digit, alone and in a batch of ten."""
    from edgedigits_bench.speed.latency import Call, SystemClock, medians

    calls: dict[str, Call] = {}
    for index, path in enumerate(models):
        classifier = Classifier.load(path)
        for count in (1, 10):

            def call(at: int, classifier: Classifier = classifier, count: int = count) -> object:
                first = at % (len(images) - count)
                return classifier.predict(images[first : first + count])

            calls[f"{index} {count}"] = call
            for at in range(50):
                call(at)
    us = medians(calls, rounds, 20, SystemClock())
    return [
        {"one": round(us[f"{index} 1"], 1), "of_ten": round(us[f"{index} 10"] / 10, 1)}
        for index in range(len(models))
    ]


def measure(runs: Sequence[Path], data: Path | None, rounds: int) -> dict[str, Any]:
    """Return a row per run folder; raises `DataError` for one that holds no `edgedigits.onnx`."""
    from edgedigits_bench.speed.machine import describe
    from edgedigits_train import data as mnist
    from edgedigits_train.runfolder import RunFolder

    loaded = mnist.load(data)
    rows: list[dict[str, Any]] = []
    models = []
    for run in runs:
        config = RunFolder(run).read_config()
        model = run / "edgedigits.onnx"
        if not model.is_file():
            raise DataError(f"{model} does not exist", expected=f"edgedigits export {run} --out {model}")
        print(run, file=sys.stderr)
        models.append(model)
        rows.append(
            {
                "name": config["architecture"],
                "parameters": parameters(run),
                "bytes": model.stat().st_size,
                "epochs": config["recipe"]["epochs"],
                "digits": config["limit"] or 54_000,
                **accuracies(model, loaded.x_test, loaded.y_test),
            }
        )
    for row, found in zip(
        rows, times(models, np.ascontiguousarray(loaded.x_test[:200]), rounds), strict=True
    ):
        row.update(found)
    return {"machine": describe(), "rows": sorted(rows, key=lambda row: float(row["of_ten"]))}


def markdown(record: Mapping[str, Any]) -> str:
    """Return a table with one line per network, by time."""
    lines = [
        "| architecture | parameters | kB, int8 | clean | seven noises | reserve | µs, one | µs, of ten |",
        "|---|" + "---:|" * 7,
    ]
    for row in record["rows"]:
        shares = " | ".join(f"{row[key]:.2f} %" for key in ("clean", "noises", "reserve"))
        lines.append(
            f"| {row['name']} | {row['parameters']:,} | {row['bytes'] / 1000:,.0f} | {shares} "
            f"| {row['one']:,.1f} | {row['of_ten']:,.1f} |"
        )
    row = record["rows"][0]
    lines += [
        "",
        f"{row['digits']:,} training digits, {row['epochs']} epochs, one seed, the same mix for all; int8 "
        "files on the 10,000 test digits; `Classifier.predict` on one thread, medians in turns.",
    ]
    return "\n".join(lines)


def entries(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the entries that `edgedigits_bench.speed.frontier` plots."""
    return [
        {
            "name": f"{row['name']}, short run",
            "us": row["of_ten"],
            "accuracy": round(row["clean"], 3),
            "kind": "tried",
        }
        for row in record["rows"]
    ]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.trials.architectures")
    parser.add_argument("file", type=Path, metavar="FILE.json")
    parser.add_argument("runs", type=Path, nargs="*", metavar="RUN")
    parser.add_argument("--data", type=Path, help="MNIST, as for `edgedigits train`")
    parser.add_argument("--rounds", type=int, default=40, help="turns of 20 calls each (default: 40)")
    args = parser.parse_args()
    if args.runs:
        record = measure(args.runs, args.data, args.rounds)
        write_record(args.file, record, indent=1)
        beside = args.file.with_name(f"{args.file.stem}-entries.json")
        write_record(beside, entries(record), indent=1)
    print(markdown(read_record(args.file, "rows")))


if __name__ == "__main__":
    sys.exit(ended(main))
