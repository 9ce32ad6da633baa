"""The user's own digits: a folder of corrections, as `edgedigits webcam --collect` leaves it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgedigits.errors import DataError
from edgedigits.pictures import read_picture, to_grey

LABELS = {**{str(digit): digit for digit in range(10)}, "none": 10}


def read_extra(folder: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Read all DIR/<label>/*.png of 28x28 grey pixels: uint8 [N, 28, 28] and labels [N], 10 for "none".

    The frames must be what the classifier saw: bright on black, framed by `canonical`. Raises `DataError`
    that names the first folder or picture that is not.
    """
    if not folder.is_dir():
        raise DataError(
            f"{folder} is not a folder",
            expected="DIR/<label>/*.png, as `edgedigits webcam --collect` writes it",
        )
    frames, names = [], []
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        if inner.name not in LABELS:
            raise DataError(
                f"{inner} is not named after a label", expected=", ".join(LABELS), received=inner.name
            )
        for path in sorted(inner.glob("*.png")):
            frame = to_grey(read_picture(path))
            if frame.shape != (28, 28):
                raise DataError(
                    f"{path} is not a frame",
                    expected="28x28 pixels, as the classifier saw it",
                    received=f"{frame.shape[1]}x{frame.shape[0]}",
                    remedy="write it with `edgedigits webcam --collect`, or remove it",
                )
            frames.append(np.asarray(frame, np.uint8))
            names.append(LABELS[inner.name])
    if not frames:
        raise DataError(f"{folder} contains no frames", expected="DIR/<label>/*.png")
    return np.stack(frames), np.array(names, np.uint8)
