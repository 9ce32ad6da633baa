"""How well a model tells digits from outliers, and the outliers that measure it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from edgedigits.canonical import canonical
from edgedigits.errors import DataError
from edgedigits.pictures import read_picture
from edgedigits.reader import Reader
from edgedigits.results import Predictions

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]

GREEK = Path("sets") / "omniglot_greek_ood.npz"
NEGATIVES = Path("negatives")
LOOK_LIKE_DIGITS = (14, 8, 5, 1)
"""Indices of omicron, iota, zeta and beta in the Omniglot set, which look like 0, 1, 3 and 8."""


class Roc(NamedTuple):
    """ROC curve; each array is [K], from "accept nothing" to "accept everything"."""

    outliers: npt.NDArray[np.float64]
    """Share of the outliers that is accepted (false positives)."""
    digits: npt.NDArray[np.float64]
    """Share of the digits that is accepted (true positives)."""


def auroc(digits: Floats, outliers: Floats) -> float:
    """Return the percentage of pairs in which the digit scores higher, ties counting half; NaN if none."""
    ranked = np.sort(outliers)
    below = np.searchsorted(ranked, digits, side="left").astype(np.float64)
    tied = np.searchsorted(ranked, digits, side="right") - below
    return 100 * float(np.mean(below + tied / 2) / len(ranked)) if len(ranked) and len(digits) else np.nan


def roc(digits: Floats, outliers: Floats) -> Roc:
    """Return the share accepted at every threshold that makes a difference."""
    thresholds = np.unique(np.concatenate([digits, outliers]))[::-1]

    def accepted(scores: Floats) -> npt.NDArray[np.float64]:
        share = 1 - np.searchsorted(np.sort(scores), thresholds, side="left") / max(len(scores), 1)
        return np.concatenate([[0.0], share])

    return Roc(accepted(outliers), accepted(digits))


def greek_letters(folder: Path) -> Images:
    """Read Omniglot's handwritten Greek letters that do not look like digits, framed: uint8 [N, 28, 28].

    `folder` holds `sets/omniglot_greek_ood.npz` with x, uint8 [N, H, W], dark on light, and y, the
    index of the letter. Raises `DataError` if it does not.
    """
    path = folder / GREEK
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            x, y = archive["x"], archive["y"]
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{path} cannot be read", expected="an .npz with x and y", received=str(error)
        ) from error
    return np.stack([canonical(255 - image) for image in x[~np.isin(y, LOOK_LIKE_DIGITS)]])


def negatives(folder: Path) -> Images:
    """Read photographed letters as the reader frames them: the largest blob of each, uint8 [N, 28, 28].

    `folder` holds `negatives/` with pictures that show no digit. A picture in which the reader finds no
    ink gives an all-black frame. Raises `DataError` if there are none.
    """
    paths = sorted((folder / NEGATIVES).glob("*.png"))
    if not paths:
        raise DataError(f"there are no pictures in {folder / NEGATIVES}", expected="*.png without digits")
    frames = []
    for path in paths:
        recorder = _Recorder()
        Reader(recorder).read_single(read_picture(path))
        frames.append(recorder.frames[0])  # the first: the reader tries other ways after it
    return np.stack(frames)


class _Recorder:
    """Takes the place of the classifier and records the frames that the reader asks about."""

    def __init__(self) -> None:
        self.frames: list[Images] = []

    def predict(self, images: Images) -> Predictions:
        count = len(images)
        self.frames.append(images[0] if count else np.zeros((28, 28), np.uint8))
        return Predictions(
            np.full(count, -1, np.int64),
            np.zeros(count, np.float32),
            np.full((count, 10), 0.1, np.float32),
            np.zeros(count, np.float32),
        )
