"""Find the made outliers that a network takes for digits: `python -m edgedigits_train.outliers.lookalikes`.

If a network accepts unseen pictures of a kind that it was taught to refuse, the label was mostly wrong
(Northcutt, Jiang and Chuang, "Confident Learning", JAIR 2021): the letter, crossed digit or half is a digit.
Look at them before training the next network.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edgedigits import Classifier
from edgedigits.ending import ended
from edgedigits_train import data
from edgedigits_train.outliers import families, glyphs
from edgedigits_train.outliers.letters import catalogue

Images = npt.NDArray[np.uint8]

OF_FAMILY, OF_LETTER = 600, 60
"""Pictures per family and per letter: shares are then known to within 4 and 13 points."""
TOO_OFTEN = 0.4
"""`letters` leaves out a letter if more than this share of its forms passes for a digit."""


class Accepted(NamedTuple):
    """How often pictures of one kind pass for a digit."""

    name: str
    share: float
    """Share that passes, 0..1."""
    mostly: int | None
    """The digit that most of those were read as; None if none passed."""


def accepted(name: str, images: Images, classifier: Classifier) -> Accepted:
    """Classify uint8 [N, 28, 28], N >= 1, none of which should be a digit."""
    labels = classifier.predict(images).labels
    passed = labels[labels >= 0]
    mostly = int(np.bincount(passed).argmax()) if len(passed) else None
    return Accepted(name, len(passed) / len(labels), mostly)


def of_families(split: data.Split, classifier: Classifier, rng: np.random.Generator) -> Iterator[Accepted]:
    """Yield the result for each family of outliers, made from validation digits."""
    for name in families.FAMILIES:
        yield accepted(name, families.of_family(name, OF_FAMILY, split.x_val, split.y_val, rng), classifier)


def letters(classifier: Classifier, rng: np.random.Generator) -> list[Accepted]:
    """Return the letters of `glyphs` that pass for a digit too often, most often first."""
    found = []
    for letter, skeleton in zip(catalogue(), glyphs.skeletons(), strict=True):
        bent = [families.framed(glyphs.bent(skeleton, rng)) for _ in range(OF_LETTER)]
        name = f"{letter.sign} ({Path(letter.face.file).stem})"
        found.append(accepted(name, np.stack(bent), classifier))
    return sorted((one for one in found if one.share > TOO_OFTEN), key=lambda one: -one.share)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of the families and a line for each such letter."""
    parser = argparse.ArgumentParser(
        prog="python -m edgedigits_train.outliers.lookalikes", description=__doc__
    )
    parser.add_argument("--data", type=Path, help="mnist.npz")
    parser.add_argument("--model", type=Path, help="model file (default: the packaged one)")
    args = parser.parse_args(arguments)
    split = data.split(data.load(args.data), data.SPLIT_SEED)
    classifier = Classifier.load(args.model)
    rng = np.random.default_rng(0)
    print("| family | taken for a digit | mostly |")
    print("|---|---:|---:|")
    for one in of_families(split, classifier, rng):
        print(f"| {one.name} | {100 * one.share:.1f} % | {'' if one.mostly is None else one.mostly} |")
    found = letters(classifier, rng)
    print(f"\n{len(found)} of {len(catalogue())} letters pass for a digit more often than {TOO_OFTEN:.0%}")
    for one in found:
        print(f"{one.name}  {100 * one.share:.0f} % as {one.mostly}")
    return 0


if __name__ == "__main__":
    sys.exit(ended(main))
