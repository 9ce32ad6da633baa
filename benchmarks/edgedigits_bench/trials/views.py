"""Measure the gain and cost of the second look (`edgedigits.model.views`) against a single look.

    python -m edgedigits_bench.trials.views --data mnist.npz [--against FP32.onnx] [--sets DIR] [--split test]

By default on the validation digits, on which the views were chosen; `--sets` adds the letters that
`edgedigits evaluate` uses. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from edgedigits import Classifier
from edgedigits.classifier import packaged_model
from edgedigits.ending import ended
from edgedigits.model.views import DOUBT, answered
from edgedigits_bench.speed.latency import SystemClock, medians, same
from edgedigits_export import verify
from edgedigits_train import data
from edgedigits_train.measures import rejection, robustness
from edgedigits_train.measures.metrics import accuracy, scores_of
from edgedigits_train.outliers.families import make_outliers

Images = npt.NDArray[np.uint8]
Softmax = npt.NDArray[np.float32]
Run = Callable[[Images], Softmax]

MADE: Final = 6000
"""Number of made outliers; shares are then known to within half a point."""
REFUSED: Final = 0.001
"""Share of the clean digits that is refused at the threshold for which accepted outliers are counted."""
PAGE: Final = 10


class Row(NamedTuple):
    """Percentages on one set of pictures: with one look, and with a second look at doubtful ones."""

    name: str
    doubtful: float
    once: float
    again: float
    apart: tuple[float, float] | None = None
    """Points above the other model, with one look and with two."""


def network(path: Path) -> Run:
    """Return a model's own answers to uint8 [N, 28, 28], N >= 1, without second looks."""
    Classifier.load(path)  # raises the right error for a file that is not ours
    run: Run = verify.predictor(path)
    return run


def accuracies(run: Run, other: Run | None, images: Images, truth: npt.NDArray[np.uint8]) -> Iterator[Row]:
    """Yield the accuracy on clean digits and on each named noise."""
    for name, corruption in (("clean", None), *robustness.NOISES.items()):
        drawn = images if corruption is None else robustness.draw(name, corruption, images)
        once, again = _looks(run, drawn)
        found = [accuracy(scores_of(said).labels, truth) for said in (once, again)]
        apart = None
        if other is not None:
            theirs = [accuracy(scores_of(said).labels, truth) for said in _looks(other, drawn)]
            apart = (found[0] - theirs[0], found[1] - theirs[1])
        yield Row(name, _doubtful(once), found[0], found[1], apart)


def _looks(run: Run, images: Images) -> tuple[Softmax, Softmax]:
    """Return the answers with one look, and with a second look at doubtful frames."""
    return run(images), answered(run, images, DOUBT)


def _doubtful(once: Softmax) -> float:
    return 100 * float(np.mean(once.max(axis=1) < DOUBT))


def accepted(run: Run, digits: Images, others: dict[str, Images]) -> Iterator[Row]:
    """Yield the share of outliers above the score below which `REFUSED` of the digits are."""
    thresholds = [np.quantile(scores_of(said).digit_score, REFUSED) for said in _looks(run, digits)]
    for name, images in others.items():
        looks = _looks(run, images)
        shares = [
            100 * float(np.mean(scores_of(said).digit_score >= threshold))
            for said, threshold in zip(looks, thresholds, strict=True)
        ]
        yield Row(name, _doubtful(looks[0]), shares[0], shares[1])


def cost(classifier: Classifier, digits: Images, rounds: int) -> dict[str, float]:
    """Time `Classifier.predict` on ten frames, in microseconds, by how many of them are doubtful."""
    likeliest = np.concatenate([classifier.engine.scores(digit[None]).max(axis=1) for digit in digits])
    surest, least = digits[likeliest >= DOUBT], digits[likeliest < DOUBT]
    calls = {}
    for doubtful in (0, 1, PAGE):
        batch = np.concatenate([surest[: PAGE - doubtful], least[:doubtful]])
        calls[f"{doubtful} of {PAGE} in doubt"] = same(classifier.predict, batch)
    return medians(calls, rounds, 20, SystemClock())


def table(rows: list[Row], heads: tuple[str, str]) -> str:
    """Return a Markdown table."""
    more = rows[0].apart is not None
    lines = [
        f"| {heads[0]} | in doubt, % | {heads[1]}, one look | two |"
        + (" to the other | two |" if more else ""),
        "|---|---:|---:|---:|" + ("---:|---:|" if more else ""),
    ]
    for row in rows:
        line = f"| {row.name} | {row.doubtful:.1f} | {row.once:.2f} | {row.again:.2f} |"
        lines.append(line + (f" {row.apart[0]:+.2f} | {row.apart[1]:+.2f} |" if row.apart else ""))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.trials.views", description=__doc__)
    parser.add_argument("--data", type=Path, help="mnist.npz")
    parser.add_argument("--model", type=Path, default=packaged_model())
    parser.add_argument("--against", type=Path, metavar="MODEL", help="the same network in fp32")
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--sets", type=Path, help="folder of the letters, as `evaluate --sets`")
    parser.add_argument("--rounds", type=int, default=200)
    args = parser.parse_args(arguments)
    mnist = data.load(args.data)
    parts = data.split(mnist, data.SPLIT_SEED)
    run = network(args.model)
    other = network(args.against) if args.against else None
    made = make_outliers(MADE, parts.x_val, parts.y_val, np.random.default_rng(0))
    others = {"made outliers": made}
    if args.sets:
        others["Greek letters"] = rejection.greek_letters(args.sets)
        others["photographed letters"] = rejection.negatives(args.sets)
    test = args.split == "test"
    images, truth = (mnist.x_test, mnist.y_test) if test else (parts.x_val, parts.y_val)
    print(table(list(accuracies(run, other, images, truth)), (f"{args.split} digits", "right, %")), "\n")
    print(table(list(accepted(run, parts.x_val, others)), ("no digits", "accepted, %")), "\n")
    for name, us in cost(Classifier.load(args.model), parts.x_val, args.rounds).items():
        print(f"{name}: {us:.0f} µs")
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
