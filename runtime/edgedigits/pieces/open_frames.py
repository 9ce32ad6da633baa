"""Boxes and rings around digits on ruled paper: they are left open when sides are removed with the rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import FRAMED, Blob, own_area, surrounded, union
from edgedigits.results import Box

INNER: Final = 0.75
"""Axes of the ellipse within a frame that is empty, as a share of its bounding box's width and height."""
EMPTY: Final = 0.02
"""Greatest share of that ellipse that is ink: specks, and the ends of rules."""
SECTORS: Final = 16
COVERED: Final = 0.6
"""Least share of the sectors around its middle in which a frame has ink: three sides of a box cover three
quarters of them, four sides with gaps where rules crossed them cover more."""
SIDE: Final = 0.15
"""Greatest width of one side of a box, as a share of the side's height."""
ALIKE: Final = 0.2
"""Greatest difference in height between a side and another frame, as a share of that frame's height."""
LEVEL: Final = 0.1
"""Greatest difference between the ends of a frame's two sides, as a share of the frame's height."""
WIDEST: Final = 2.0
"""Greatest width of a frame of which two sides are left, as a multiple of its height."""


def without_open_frames(blobs: Sequence[Blob], closed: Sequence[int] = ()) -> list[Blob]:
    """Return the pieces without the remains of frames around other pieces.

    A nearly whole ring or box around something is always a frame. Two sides alone could be a pair of 1s, so
    they count only if they are about as high as one of those frames, or as those that are still closed:
    `closed` are the heights of these.
    """
    boxes = np.array([blob.box for blob in blobs]).reshape(-1, 4)
    frames = {
        index for index, blob in enumerate(blobs) if _holds_any(blob.box, boxes) and _is_open_frame(blob)
    }
    if not frames and not closed:
        return list(blobs)
    heights = [*closed, *(blobs[index].box[3] for index in frames)]
    sides = [
        index
        for index, blob in enumerate(blobs)
        if blob.box[2] <= SIDE * blob.box[3]
        and any(abs(blob.box[3] - height) <= ALIKE * height for height in heights)
    ]
    for one, other in combinations(sides, 2):
        box = union([blobs[one], blobs[other]]).box
        least = (1 - LEVEL) * box[3]
        level = blobs[one].box[3] >= least and blobs[other].box[3] >= least
        if level and box[2] <= WIDEST * box[3] and _holds_any(box, boxes):
            frames |= {one, other}
    return [blob for index, blob in enumerate(blobs) if index not in frames]


def _holds_any(frame: Box, boxes: npt.NDArray[np.int64]) -> bool:
    """Return whether any of the boxes, int [n, 4], lies within the frame and is high enough to be framed."""
    return bool((surrounded(boxes, frame) & (boxes[:, 3] >= FRAMED * frame[3])).any())


def _is_open_frame(blob: Blob) -> bool:
    """Return whether a piece's ink surrounds most of the middle of its bounding box and leaves it empty."""
    own = own_area(blob)
    rows, columns = np.nonzero(own)
    across = 2 * columns / blob.box[2] - 1
    down = 2 * rows / blob.box[3] - 1
    within = np.count_nonzero(across * across + down * down < INNER**2)
    if within > EMPTY * INNER**2 * np.pi / 4 * own.size:
        return False
    sectors = np.floor(SECTORS * (np.arctan2(down, across) / (2 * np.pi) + 0.5)).astype(int) % SECTORS
    return len(np.unique(sectors)) >= COVERED * SECTORS
