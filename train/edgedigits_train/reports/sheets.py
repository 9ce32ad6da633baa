"""Sheets of digits: samples, predictions, and the errors that a model is most confident of.

A sheet is one picture with text on top: a subplot per digit would take seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from edgedigits_train.measures.metrics import Images, Labels, Scores
from edgedigits_train.reports import plots

_MISTAKES = 25
_SIDE = 28
_INCH = 0.8
"""Size of a digit on sheets with text, in inches."""


def class_sheet(columns: Mapping[str, Images], path: Path) -> None:
    """Plot samples of each class under each heading.

    `columns` gives for each heading uint8 [10, K, 28, 28]: K pictures of every class, the same ones under
    every heading, so that they can be compared along a row.
    """
    each = next(iter(columns.values())).shape[1]
    fig = plots.figure(1.5 + 0.62 * each * len(columns), 7.3)
    grid = fig.subplots(1, len(columns), squeeze=False)[0]
    for index, (axes, (heading, images)) in enumerate(zip(grid, columns.items(), strict=True)):
        axes.imshow(tile(images, 1, 1), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        axes.set_title(heading, fontsize=10)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        if index == 0:
            axes.set_yticks(
                np.arange(10) * (_SIDE + 1) + 14, [str(digit) for digit in range(10)], fontsize=11
            )
            axes.tick_params(length=0)
    plots.save(fig, path)


def tile(images: Images, across: int, down: int, ground: int = 110) -> Images:
    """Tile uint8 [R, K, 28, 28] into one picture of R rows and K columns, with gaps `across` and `down`."""
    padded = np.pad(images, ((0, 0), (0, 0), (0, down), (0, across)), constant_values=ground)
    rows, columns, height, width = padded.shape
    whole = padded.swapaxes(1, 2).reshape(rows * height, columns * width)
    return np.asarray(whole[: rows * height - down, : columns * width - across])


def sample_predictions(
    rows: Mapping[str, tuple[Images, Scores]], truth: Labels, path: Path, *, threshold: float = 0.0
) -> None:
    """Plot the model's answers to digits under each noise: a row per noise, wrong answers marked.

    Every row has the same K pictures, uint8 [K, 28, 28], with their scores; `truth` is [K]. An answer
    whose digit score is below `threshold` is shown as refused.
    """
    across, down = 4, 12
    fig, axes = _sheet(np.stack([images for images, _ in rows.values()]), across, down, left=2.3)
    for line, (name, (_, scores)) in enumerate(rows.items()):
        y = line * (_SIDE + down)
        axes.text(-3, y + _SIDE / 2, name, ha="right", va="center", fontsize=10)
        for index, (read, true) in enumerate(zip(scores.labels, truth, strict=True)):
            x = index * (_SIDE + across)
            refused = scores.digit_score[index] < threshold
            right = read == true and not refused
            word = "refused" if refused else str(read)
            axes.text(
                x + _SIDE / 2,
                y + _SIDE + 2,
                word if right else f"{word}, is {true}",
                ha="center",
                va="top",
                fontsize=10 if right else 9,
                color="black" if right else plots.RED,
                weight="normal" if right else "bold",
            )
            if not right:  # the mark does not rely on colour alone
                axes.add_patch(
                    Rectangle(
                        (x, y), _SIDE, _SIDE, fill=False, edgecolor=plots.RED, linewidth=3, clip_on=False
                    )
                )
    axes.set_title("Below each digit: what was read; framed: read wrongly, with the true digit", fontsize=11)
    plots.save(fig, path)


def confident_mistakes(images: Images, truth: Labels, scores: Scores, path: Path) -> None:
    """Plot the most confident wrong answers, at most 25, surest first; `images` is [N, 28, 28]."""
    chosen = surest_mistakes(truth, scores)
    across, down = 6, 13
    shown = np.full((_MISTAKES, _SIDE, _SIDE), 255, np.uint8)
    shown[: len(chosen)] = images[list(chosen)]
    fig, axes = _sheet(shown.reshape(5, 5, _SIDE, _SIDE), across, down, inch=1.25)
    for place, index in enumerate(chosen):
        x = place % 5 * (_SIDE + across) + _SIDE / 2
        y = place // 5 * (_SIDE + down) + _SIDE + 1
        axes.text(x, y, f"{scores.labels[index]}, is {truth[index]}", ha="center", va="top", weight="bold")
        sure = f"{100 * scores.confidence[index]:.1f} % sure, no. {index}"
        axes.text(x, y + 5, sure, ha="center", va="top", fontsize=8)
    total = int(np.sum(scores.labels != truth))
    axes.set_title(f"The {len(chosen)} most confident mistakes of {total} (read, true digit)")
    plots.save(fig, path)


def surest_mistakes(truth: Labels, scores: Scores, most: int = _MISTAKES) -> Sequence[int]:
    """Return indices of the wrong answers by falling confidence, at most `most`."""
    wrong = np.flatnonzero(scores.labels != truth)
    order = np.argsort(-scores.confidence[wrong], kind="stable")[:most]
    return [int(index) for index in wrong[order]]


def _sheet(
    images: Images, across: int, down: int, *, left: float = 0.2, inch: float = _INCH
) -> tuple[Figure, Axes]:
    """Return a figure of uint8 [R, K, 28, 28] on white, `left` inches beside it; axes in pixels, y down."""
    rows, columns = images.shape[:2]
    width, height = columns * (_SIDE + across) - across, rows * (_SIDE + down)
    inches = (width * inch / _SIDE, height * inch / _SIDE)
    whole = (inches[0] + left + 0.3, inches[1] + 0.5)
    fig = Figure(figsize=whole)
    axes = fig.add_axes((left / whole[0], 0.05 / whole[1], inches[0] / whole[0], inches[1] / whole[1]))
    axes.imshow(
        tile(images, across, down, ground=255),
        cmap="gray",
        vmin=0,
        vmax=255,
        interpolation="nearest",
        extent=(0, width, height - down, 0),
    )
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    return fig, axes
