"""Measure how often digits, letters and scenery look like a 1, another digit or nothing to the reader.

python -m edgedigits_bench.evidence --data mnist.npz: counts on drawn pages of training digits, drawn scenery
and printed words, from which `edgedigits.signs.writing` takes its ratios.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from edgedigits import Classifier, Reader
from edgedigits.ending import ended
from edgedigits.pieces.candidates import STROKE
from edgedigits.results import Digit, Reading
from edgedigits.signs.writing import rank_of
from edgedigits_bench.drawn.difficulties import DIFFICULTIES
from edgedigits_bench.drawn.scenery import views
from edgedigits_bench.drawn.scenes import scenes_of
from edgedigits_bench.scoring import LEAST_OVERLAP, overlap

LEFT_OUT: Final = ("large",)
"""Difficulties to skip: these have twelve megapixels, and read like the others once reduced."""


def looks(digit: Digit, threshold: float) -> tuple[str, int]:
    """Return what a piece looks like ("refused", "1" or "other") and its rank in `edgedigits.signs`."""
    if digit.digit_score < threshold:
        return "refused", 0
    stroke = int(np.argmax(digit.probabilities)) == STROKE
    return "1" if stroke else "other", rank_of(digit.confidence * digit.digit_score)


def _pieces(reading: Reading) -> tuple[Digit, ...]:
    return reading.digits + reading.rejected


def measure(
    reader: Reader,
    threshold: float,
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[Any],
    pages: int,
    seed: int,
) -> dict[str, Counter[tuple[str, int]]]:
    """Return counts of `looks` for "digits", "letters" and "scenery"."""
    counts = {name: Counter[tuple[str, int]]() for name in ("digits", "letters", "scenery")}
    for name in DIFFICULTIES:
        for scene in scenes_of(images, labels, name, pages if name not in LEFT_OUT else 0, seed):
            for piece in _pieces(reader.read(scene.picture)):
                written = any(overlap(piece.box, box) > LEAST_OVERLAP for box in scene.truth.boxes)
                if written or name == "words":
                    counts["digits" if written else "letters"][looks(piece, threshold)] += 1
    for view in views(4 * pages, seed):
        for piece in _pieces(reader.read(view)):
            counts["scenery"][looks(piece, threshold)] += 1
    return counts


def table(counts: dict[str, Counter[tuple[str, int]]]) -> Iterator[str]:
    """Yield lines with the shares in percent, and the ratio of digits to the mean of the other two."""
    totals = {name: sum(count.values()) for name, count in counts.items()}
    yield f"{'percent':12}" + "".join(f"{name:>10}" for name in counts) + f"{'ratio':>10}"
    for look in (
        [("other", rank) for rank in range(3)] + [("1", rank) for rank in range(3)] + [("refused", 0)]
    ):
        shares = [100 * counts[name][look] / max(1, totals[name]) for name in counts]
        ratio = 2 * shares[0] / max(1e-9, shares[1] + shares[2])
        yield f"{look[0]:8} {look[1]:3}" + "".join(f"{share:10.2f}" for share in shares) + f"{ratio:10.3f}"
    yield f"{'pieces':12}" + "".join(f"{total:10}" for total in totals.values())


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.evidence", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="mnist.npz")
    parser.add_argument("--pages", type=int, default=25, help="pages of each difficulty (default: 25)")
    parser.add_argument("--seed", type=int, default=81)
    args = parser.parse_args(argv)
    from edgedigits_train.data import load

    classifier = Classifier.load()
    images, labels = load(args.data).part("train")
    counts = measure(Reader(classifier), classifier.threshold, images, labels, args.pages, args.seed)
    print("\n".join(table(counts)))
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
