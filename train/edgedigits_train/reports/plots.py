"""Plots of training, mistakes, calibration and rejection: arrays and a path in, a PNG out.

Figures are made without pyplot, so that no state is kept between calls and no display is needed. The colours
are Okabe and Ito's, which colour-blind readers can tell apart; markers differ in shape as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from edgedigits_train.measures.calibration import Reliability
from edgedigits_train.measures.rejection import Roc

BLUE, ORANGE, GREEN, RED, PURPLE, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#666666"
_COLOURS = (BLUE, RED, GREEN, ORANGE, PURPLE)
_MARKERS = ("o", "s", "^", "D", "v")
_KEPT_FROM = 90
"""Lowest percentage of digits kept on the axis: a model that refuses more is of no use."""


def figure(width: float, height: float) -> Figure:
    """Return an empty figure, sizes in inches, with a layout in which nothing overlaps."""
    return Figure(figsize=(width, height), layout="constrained")


def save(fig: Figure, path: Path) -> None:
    """Write a PNG at 130 dpi on white, creating its folder if needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, dpi=130, facecolor="white")


def tidy(axes: Axes) -> None:
    """Remove the box around the plot and draw a faint grid behind it."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, color="#DDDDDD", linewidth=0.7)
    axes.set_axisbelow(True)


def loss_accuracy(history: Sequence[Mapping[str, float]], path: Path) -> None:
    """Plot loss and accuracy by epoch.

    `history` has a row per epoch with the columns of `history.csv`. Columns ending in "loss" go into the left
    plot, those ending in "accuracy" (0..1, shown as percent) into the right. The prefix "val_" marks
    validation.
    """
    fig = figure(10, 4)
    left, right = fig.subplots(1, 2)
    epochs = np.arange(1, len(history) + 1)
    for axes, ending, factor in ((left, "loss", 1), (right, "accuracy", 100)):
        names = [name for name in (history[0] if history else {}) if name.endswith(ending)]
        for index, name in enumerate(names):
            values = factor * np.array([float(row[name]) for row in history])
            axes.plot(
                epochs,
                values,
                color=_COLOURS[index % 5],
                marker=_MARKERS[index % 5],
                markersize=4,
                label=_spoken(name),
            )
        tidy(axes)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("epoch")
        axes.set_title("Loss" if ending == "loss" else "Accuracy, %")
        if names:
            axes.legend(frameon=False)
    save(fig, path)


def _spoken(column: str) -> str:
    validation = column.startswith("val_")
    words = column.removeprefix("val_").replace("_", " ")
    return f"{words}, validation" if validation else f"{words}, training (augmented)"


def confusion_matrix(matrices: Mapping[str, npt.NDArray[np.int64]], path: Path) -> None:
    """Plot one panel per title; a matrix is int64 [10, 10], rows the true digit, columns the answer.

    Only errors are coloured, on a logarithmic scale: the right answers would outshine them.
    """
    fig = figure(6.2 * len(matrices), 6)
    for axes, (title, matrix) in zip(np.ravel(fig.subplots(1, len(matrices))), matrices.items(), strict=True):
        wrong = matrix.astype(float)
        np.fill_diagonal(wrong, 0)
        shades = np.ma.masked_equal(wrong, 0)
        axes.imshow(shades, cmap="Oranges", norm=LogNorm(0.7, max(wrong.max() * 3, 5)))
        for row in range(10):
            for column in range(10):
                if matrix[row, column]:
                    right = row == column
                    axes.text(
                        column,
                        row,
                        str(matrix[row, column]),
                        ha="center",
                        va="center",
                        fontsize=9,
                        color=GREY if right else "black",
                    )
        axes.set_xticks(range(10))
        axes.set_yticks(range(10))
        axes.tick_params(length=0)
        axes.set_xlabel("read as")
        axes.set_ylabel("true digit")
        share = 100 * np.trace(matrix) / max(matrix.sum(), 1)
        axes.set_title(f"{title}: {share:.2f} % right, {int(wrong.sum()):,} mistakes")
        axes.set_xticks(np.arange(-0.5, 10), minor=True)
        axes.set_yticks(np.arange(-0.5, 10), minor=True)
        axes.grid(True, which="minor", color="#EEEEEE")
        axes.tick_params(which="minor", length=0)
        axes.spines[:].set_visible(False)
    save(fig, path)


def reliability_diagram(parts: Mapping[str, Reliability], path: Path) -> None:
    """Plot how often answers of each confidence are right, one panel per title, and which way they miss.

    Both axes are logarithmic in the distance from 100 %, because nearly all answers of a good classifier
    are above 99 %.
    """
    fig = figure(5 * len(parts), 4.8)
    for axes, (title, part) in zip(np.ravel(fig.subplots(1, len(parts))), parts.items(), strict=True):
        floor = 0.5 / int(part.sizes.max(initial=1))
        x, y = (-np.log10(np.maximum(1 - v, floor)) for v in (part.confidence, part.accuracy))
        end = max(-math.log10(floor), 2)
        axes.plot([0, end], [0, end], color=GREY, linewidth=1, linestyle="--", label="perfectly calibrated")
        axes.plot(x, y, color=BLUE, marker="o", label=f"{len(part.sizes)} groups of equal size")
        logit_axis(axes, "x", end)
        logit_axis(axes, "y", end)
        tidy(axes)
        axes.text(0.97, 0.28, "overconfident", ha="right", transform=axes.transAxes, color=GREY)
        axes.text(0.03, 0.72, "underconfident", transform=axes.transAxes, color=GREY)
        axes.set_xlabel("mean confidence, %")
        axes.set_ylabel("right, % (upper edge: all of the group)")
        axes.set_title(f"{title}: calibration error {part.error:.2f} %")
        axes.legend(frameon=False, loc="lower right")
    save(fig, path)


def logit_axis(axes: Axes, which: str, end: float) -> None:
    """Label an axis of -log10(1 - share) from 0 to `end` with percentages."""
    # A long horizontal axis has no room for labels as long as "99.95".
    dense = which == "y" or end < 2.9
    percents = (0, 50, 80, 90, 95, 98, 99, 99.5, 99.8, 99.9, 99.95) if dense else (0, 50, 90, 99, 99.9, 99.99)
    labels = {percent: f"{percent:g}" for percent in percents}
    places = {-math.log10(1 - percent / 100): text for percent, text in labels.items()}
    shown = {place: text for place, text in places.items() if place <= end + 1e-9}
    getattr(axes, f"set_{which}ticks")(list(shown), list(shown.values()))
    getattr(axes, f"set_{which}lim")(0, end * 1.02)


class Operating(NamedTuple):
    """Where the model's own threshold operates, in shares of 0..1."""

    outliers: float
    """Share of the outliers that is accepted."""
    digits: float
    """Share of the digits that is kept."""


def rejection_curves(parts: Mapping[str, tuple[Roc, float, Operating | None]], path: Path) -> None:
    """Plot digits kept against outliers accepted: a line per kind of outlier, a mark at the threshold.

    `parts` gives for each kind the curve, its area in percent, and the operating point on it.
    """
    fig = figure(7, 6)
    axes = fig.subplots()
    for index, (title, (curve, area, operating)) in enumerate(parts.items()):
        colour, words = _COLOURS[index % 5], f"{title}: area {area:.2f} %"
        if operating:
            x, y = 100 * operating.outliers, 100 * operating.digits
            axes.plot(x, y, color=colour, marker=_MARKERS[index % 5], markersize=10, clip_on=False, zorder=3)
            words += f"; threshold lets {x:.1f} % through, refuses {100 - y:.2f} % of the digits"
        axes.plot(100 * curve.outliers, 100 * curve.digits, color=colour, label=words)
    tidy(axes)
    axes.set_xlim(0, 100)
    axes.set_ylim(_KEPT_FROM, 100.05)
    axes.set_xlabel("outliers let through, %")
    axes.set_ylabel(f"digits kept, % (axis begins at {_KEPT_FROM})")
    axes.set_title("Telling digits from other shapes (mark: the shipped threshold)")
    fig.legend(loc="outside lower center", frameon=False, fontsize=9)
    save(fig, path)
