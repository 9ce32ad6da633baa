"""Sheets of digits: samples, predictions and the mistakes that a model is surest of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from edgedigits_train import plots
from edgedigits_train.metrics import Images, Labels, Scores

_MISTAKES = 25


def class_sheet(columns: Mapping[str, Images], path: Path) -> None:
    """Samples of each class under each heading.

    `columns` gives for each heading uint8 [10, K, 28, 28]: K pictures of every class, the same ones
    under every heading, so that a row can be compared along its length.
    """
    each = next(iter(columns.values())).shape[1]
    fig = plots.figure(1.5 + 0.62 * each * len(columns), 7.3)
    grid = fig.subplots(1, len(columns), squeeze=False)[0]
    for index, (axes, (heading, images)) in enumerate(zip(grid, columns.items(), strict=True)):
        axes.imshow(tile(images), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        axes.set_title(heading, fontsize=10)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        if index == 0:
            axes.set_yticks(np.arange(10) * 29 + 14, [str(digit) for digit in range(10)], fontsize=11)
            axes.tick_params(length=0)
    plots.save(fig, path)


def tile(images: Images) -> Images:
    """uint8 [R, K, 28, 28] as one picture of R rows and K columns with a grey line between."""
    padded = np.pad(images, ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=110)
    rows, columns = images.shape[:2]
    whole = padded.swapaxes(1, 2).reshape(rows * 29, columns * 29)
    return np.asarray(whole[:-1, :-1])


def sample_predictions(
    rows: Mapping[str, tuple[Images, Scores]], truth: Labels, path: Path, *, threshold: float = 0.0
) -> None:
    """What the model says to digits under each noise: a row for each noise, wrong answers marked.

    Every row has the same K pictures, uint8 [K, 28, 28], with their scores; `truth` is [K]. An answer
    whose digit score is below `threshold` is shown as refused.
    """
    count = len(truth)
    fig = plots.figure(2.4 + 0.82 * count, 1.06 * len(rows) + 0.7)
    grid = fig.subplots(len(rows), count, squeeze=False)
    for line, (name, (images, scores)) in zip(grid, rows.items(), strict=True):
        for index, axes in enumerate(line):
            refused = scores.digit_score[index] < threshold
            _answer(axes, images[index], int(scores.labels[index]), int(truth[index]), refused)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10)
    fig.suptitle("Below each digit: what was read; framed: read wrongly, with the true digit", fontsize=11)
    plots.save(fig, path)


def _answer(axes: Axes, image: Any, read: int, true: int, refused: bool) -> None:
    show(axes, image)
    word = "refused" if refused else str(read)
    if read == true and not refused:
        axes.set_xlabel(word, fontsize=10, labelpad=4, color="black")
    else:
        axes.set_xlabel(f"{word}, is {true}", fontsize=10, labelpad=4, color=plots.RED, weight="bold")
        frame(axes)


def confident_mistakes(images: Images, truth: Labels, scores: Scores, path: Path) -> None:
    """The wrong answers that the model is surest of, at most 25, surest first; `images` is [N, 28, 28]."""
    chosen = surest_mistakes(truth, scores)
    fig = plots.figure(7.5, 8.6)
    grid = np.ravel(fig.subplots(5, 5))
    for axes, index in zip(grid, chosen, strict=False):
        show(axes, images[index])
        axes.set_title(
            f"{scores.labels[index]}, is {truth[index]}", fontsize=11, pad=3, color="black", weight="bold"
        )
        axes.set_xlabel(f"{100 * scores.confidence[index]:.1f} % sure, no. {index}", fontsize=8, labelpad=2)
    for axes in grid[len(chosen) :]:
        axes.set_axis_off()
    total = int(np.sum(scores.labels != truth))
    fig.suptitle(f"The {len(chosen)} mistakes made most confidently, of {total} (read, true digit)")
    plots.save(fig, path)


def surest_mistakes(truth: Labels, scores: Scores, most: int = _MISTAKES) -> Sequence[int]:
    """Indices of the wrong answers by falling confidence, at most that many."""
    wrong = np.flatnonzero(scores.labels != truth)
    order = np.argsort(-scores.confidence[wrong], kind="stable")[:most]
    return [int(index) for index in wrong[order]]


def show(axes: Axes, image: Any) -> None:
    """One digit without ticks."""
    axes.imshow(image, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def frame(axes: Axes) -> None:
    """A thick border, so that a mark does not rest on colour alone."""
    axes.add_patch(
        Rectangle((-0.5, -0.5), 28, 28, fill=False, edgecolor=plots.RED, linewidth=4, clip_on=False)
    )
