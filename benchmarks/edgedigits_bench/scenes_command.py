"""Score the reader on drawn pages: `python -m edgedigits_bench.scenes_command --data mnist.npz`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits import Classifier, Reader
from edgedigits.ending import ended
from edgedigits_bench.drawn.difficulties import DIFFICULTIES
from edgedigits_bench.drawn.scenes import scenes_of
from edgedigits_bench.scoring import Score, score


def score_difficulty(
    reader: Reader,
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[Any],
    difficulty: str,
    pages: int,
    seed: int,
    keep: Path | None = None,
) -> Score:
    """Draw and read `pages` pages of one difficulty; the same seed draws the same pages.

    Pages that were read with a mistake are written to `keep`, with the text that was read in their names.
    """
    total = Score()
    for page, scene in enumerate(scenes_of(images, labels, difficulty, pages, seed)):
        reading = reader.read(scene.picture)
        result = score(reading, scene.truth)
        total += result
        if keep and not result.perfect:
            keep.mkdir(parents=True, exist_ok=True)
            name = (
                f"{difficulty}_{page}_{'-'.join(scene.truth.lines)}_as_{reading.text.replace(chr(10), '-')}"
            )
            cv2.imencode(".png", scene.picture)[1].tofile(keep / f"{name[:200]}.png")
    return total


def score_difficulties(
    reader: Reader,
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[Any],
    names: Iterable[str],
    pages: int,
    seed: int,
    keep: Path | None = None,
) -> dict[str, dict[str, Any]]:
    """Score each difficulty, and all together as "all"; progress goes to stderr."""
    results, total = {}, Score()
    for name in names:
        result = score_difficulty(reader, images, labels, name, pages, seed, keep)
        results[name], total = result.to_dict(), total + result
        print(_row(name, result), file=sys.stderr)
    print(_row("all", total), file=sys.stderr)
    return {**results, "all": total.to_dict()}


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table on stderr and JSON on stdout."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.scenes_command", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="mnist.npz")
    parser.add_argument(
        "--part", choices=("train", "test"), default="test", help="part of MNIST whose digits are drawn"
    )
    parser.add_argument("--difficulty", action="append", choices=DIFFICULTIES, help="default: all")
    parser.add_argument("--pages", type=int, default=20, help="pages of each difficulty")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", type=Path, help="model file (default: the packaged one)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the misread pages to DIR")
    args = parser.parse_args(argv)
    from edgedigits_train.data import load

    images, labels = load(args.data).part(args.part)
    reader = Reader(Classifier.load(args.model))
    names = args.difficulty or DIFFICULTIES
    results = score_difficulties(reader, images, labels, names, args.pages, args.seed, args.keep)
    print(json.dumps({"part": args.part, "seed": args.seed, **results}, indent=1))
    return 0


def _row(name: str, result: Score) -> str:
    values = result.to_dict()
    return (
        f"{name:10} digits {result.digits:5}  found {result.found / max(1, result.digits):6.1%}  "
        f"right {values['right_rate']:6.1%}  extra {values['extra_rate']:6.1%}  "
        f"text {values['text_accuracy']:6.1%}  perfect {result.perfect}/{result.pictures}"
    )


if __name__ == "__main__":
    sys.exit(ended(main))
