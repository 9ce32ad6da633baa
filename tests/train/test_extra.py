"""The user's own frames: read as they were saved, and refused if they cannot be frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits.errors import DataError
from edgedigits_train.extra import read_extra


def keep(path: Path, value: int, shape: tuple[int, int] = (28, 28)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.full(shape, value, np.uint8))[1].tobytes())


def test_frames_come_back_with_their_labels(tmp_path: Path) -> None:
    """In the order of their names: a resumed run draws the same ones by their places."""
    for value, name in enumerate("hgfedcba"):
        keep(tmp_path / "4" / f"{name}.png", value)
    keep(tmp_path / "none" / "x.png", 10)
    (tmp_path / "notes.txt").write_text("a file beside the folders is not ours")
    frames, labels = read_extra(tmp_path)
    assert frames[:, 0, 0].tolist() == [7, 6, 5, 4, 3, 2, 1, 0, 10]
    assert labels.tolist() == [4] * 8 + [10]
    assert frames.dtype == np.uint8


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "contains no frames"),  # an empty folder
        ([("ten/a.png", (28, 28))], "not named after a label"),  # a folder of another name
        ([("3/photo.png", (480, 640))], "640x480"),  # a photograph put there by hand
    ],
)
def test_what_is_no_frame_is_named(
    tmp_path: Path, files: list[tuple[str, tuple[int, int]]], message: str
) -> None:
    for name, shape in files:
        keep(tmp_path / name, 9, shape)
    with pytest.raises(DataError, match=message):
        read_extra(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere"):
        read_extra(tmp_path / "nowhere")
