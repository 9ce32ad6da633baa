"""`edgedigits explore`: statistics of MNIST and a sheet of samples, clean and under each noise."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from edgedigits_train.commands.flags import add_data

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from edgedigits_train.data import Images, Labels, Mnist
    from edgedigits_train.noise import Noise

_SEED = 0
_EACH = 3
"""Samples of each class under each heading of the sheet."""
_INK = 128
"""Grey level from which a pixel counts as ink."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `explore`."""
    add_data(parser)
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("out") / "explore",
        metavar="DIR",
        help="where samples.png is written, or samples-2.png if it exists (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Print the tables, write the sheet and print its path."""
    from edgedigits_train import data
    from edgedigits_train.outputs import check_folder, free_name

    check_folder(args.out)
    mnist = data.load(args.data)
    print("\n".join([*_summary(mnist), "", *_classes(mnist), "", *_noises(mnist)]))
    path = free_name(args.out / "samples.png")
    _sheet(mnist, path)
    print(f"samples: {path}", file=sys.stderr)
    return 0


def _summary(mnist: Mnist) -> list[str]:
    return [
        f"{mnist.note}, sha256 {mnist.sha256}",
        f"training {len(mnist.x_train):,} pictures, test {len(mnist.x_test):,}, 28x28, 0..255",
    ]


def _classes(mnist: Mnist) -> list[str]:
    """Return a table of counts in both parts and pixel statistics of the training pictures, by class."""
    lines = ["digit   training     test     mean      std     ink   widest"]
    for digit in range(10):
        chosen = mnist.x_train[mnist.y_train == digit]
        tests = int((mnist.y_test == digit).sum())
        lines.append(f"{digit:>5} {len(chosen):>10,} {tests:>8,} {_statistics(chosen)}")
    lines.append(f"{'all':>5} {len(mnist.x_train):>10,} {len(mnist.x_test):>8,} {_statistics(mnist.x_train)}")
    lines.append(f"mean and std of pixel values; ink: share of pixels >= {_INK}; widest: columns with ink")
    return lines


def _statistics(images: Images) -> str:
    if len(images) == 0:
        return f"{'-':>8} {'-':>8} {'-':>7} {'-':>8}"
    ink = images >= _INK
    widths = ink.any(axis=1).sum(axis=1)
    return f"{images.mean():8.2f} {images.std():8.2f} {100 * ink.mean():5.2f} % {widths.mean():5.1f} px"


def _noises(mnist: Mnist) -> list[str]:
    """Return a table of what each noise does to training pictures: mean, spread and RMS change."""
    import numpy as np

    from edgedigits_train.measures.robustness import draw

    few = mnist.x_train[:: max(1, len(mnist.x_train) // 2000)]
    lines = [f"{'noise':<46} {'mean':>7} {'std':>7} {'RMS change':>11}"]
    for name, noise in _examples().items():
        drawn = draw(name, noise, few, _SEED)
        change = float(np.sqrt(np.mean((drawn.astype(np.float32) - few) ** 2)))
        lines.append(f"{name:<46} {drawn.mean():7.2f} {drawn.std():7.2f} {change:11.2f}")
    lines.append(f"on {len(few):,} training pictures, in pixel values")
    return lines


def _examples() -> dict[str, Noise]:
    """Return each noise family at its example strength; the keys name the strength."""
    from functools import partial

    from edgedigits_train.noise import FAMILIES, at

    return {
        f"{name}, {family.dial.partition(',')[0]} {family.example:g}": partial(at, family, family.example)
        for name, family in FAMILIES.items()
    }


def _sheet(mnist: Mnist, path: Path) -> None:
    import numpy as np

    from edgedigits_train.measures.robustness import draw
    from edgedigits_train.reports.sheets import class_sheet

    chosen = _samples(mnist.y_train)
    images = mnist.x_train[chosen]
    columns = {"clean": images}
    for name, noise in _examples().items():
        columns[name.replace(", ", "\n")] = draw(name, noise, images, _SEED)
    shown = {name: np.where((chosen >= 0)[:, None, None], values, 0) for name, values in columns.items()}
    class_sheet({name: values.reshape(10, _EACH, 28, 28) for name, values in shown.items()}, path)


def _samples(labels: Labels) -> npt.NDArray[np.int64]:
    """Return indices of three pictures of each digit in turn; -1 where a small data set has too few."""
    import numpy as np

    rng = np.random.default_rng(_SEED)
    chosen = np.full((10, _EACH), -1)
    for digit in range(10):
        members = rng.permutation(np.flatnonzero(labels == digit))[:_EACH]
        chosen[digit, : len(members)] = members
    return chosen.ravel()
