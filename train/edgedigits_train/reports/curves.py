"""Plot accuracy against the strength of each noise, beside published results."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from edgedigits_train.measures.metrics import Images, Labels, Scorer, accuracy
from edgedigits_train.measures.robustness import draw
from edgedigits_train.noise import FAMILIES, at
from edgedigits_train.reports import plots

MOST_PICTURES = 2_000
"""Enough for a curve: an accuracy of 99 % is then known to within half a point."""


class Curve(NamedTuple):
    """Accuracy by strength; both tuples have the same length."""

    strengths: tuple[float, ...]
    accuracies: tuple[float, ...]
    """Percent."""


class Published(NamedTuple):
    """A published result on n-MNIST, at the strength that its noise has in the harder reading."""

    strength: float
    accuracy: float


PUBLISHED: dict[str, Published] = {
    "Gaussian noise": Published(0.335, 98.43),
    "motion blur": Published(5, 99.20),
    "half contrast + noise": Published(0.25, 97.25),
}
"""PCGAN-CHAR (2019), one model for all three, on n-MNIST; see `noise.N_MNIST` for the reading."""


def measure(
    score: Scorer, images: Images, truth: Labels, step: Callable[[str], None] = lambda text: None
) -> dict[str, Curve]:
    """Measure the curve of every noise family, on at most 2,000 pictures taken evenly from `images`.

    Evenly, because the first half of MNIST's test set is easier. `step` is called with the family's name
    before each point.
    """
    stride = max(1, len(images) // MOST_PICTURES)
    images, truth = images[::stride], truth[::stride]
    curves = {}
    for name, family in FAMILIES.items():
        accuracies = []
        for strength in family.strengths:
            step(f"{name} {strength:g}")

            drawn = draw(f"{name} {strength:g}", partial(at, family, strength), images)
            accuracies.append(accuracy(score(drawn).labels, truth))
        curves[name] = Curve(family.strengths, tuple(accuracies))
    return curves


def points() -> int:
    """Return how many times `measure` calls `step`."""
    return sum(len(family.strengths) for family in FAMILIES.values())


def noise_curve(curves: Mapping[str, Curve], count: int, path: Path) -> None:
    """Plot one panel per noise, with a scale of accuracy that is logarithmic in the errors.

    `count` is the number of pictures behind each point, which also bounds the scale.
    """
    fig = plots.figure(12, 7.4)
    grid = np.ravel(fig.subplots(2, -(-len(curves) // 2), sharey=True, squeeze=False))
    least = 0.5 / max(count, 1)
    legend: dict[str, Line2D] = {}
    for axes, (name, curve) in zip(grid, curves.items(), strict=False):
        heights = -np.log10(np.maximum(1 - np.array(curve.accuracies) / 100, least))
        (line,) = axes.plot(curve.strengths, heights, color=plots.BLUE, marker="o")
        legend["this model"] = line
        if name in PUBLISHED:
            other = PUBLISHED[name]
            place = (other.strength, -math.log10(1 - other.accuracy / 100))
            (star,) = axes.plot(*place, color=plots.RED, marker="*", markersize=14, linestyle="none")
            # At the lower left of the mark, since a curve that is as good as the published one runs above it.
            said = f"{other.accuracy:.2f} %"
            axes.annotate(said, place, (-9, -14), textcoords="offset points", color=plots.RED, ha="right")
            legend["published: PCGAN-CHAR 2019, on n-MNIST"] = star
        plots.tidy(axes)
        plots.logit_axis(axes, "y", -math.log10(least))
        axes.set_xticks(curve.strengths[::2])
        axes.set_xlabel(FAMILIES[name].dial)
        axes.set_title(name[0].upper() + name[1:])
    for axes in grid[len(curves) :]:
        axes.set_visible(False)
    for axes in grid[:: -(-len(curves) // 2)]:
        axes.set_ylabel("accuracy, %")
    fig.suptitle(f"Accuracy against noise strength, {count:,} pictures a point")
    fig.legend(legend.values(), legend.keys(), loc="outside lower center", ncols=2, frameon=False)
    plots.save(fig, path)
