"""Boxes and rings around digits on ruled paper: with the rules some of their sides go, and they are open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import FRAMED, Blob, own_area, surrounded, union
from edgedigits.results import Box

INNER: Final = 0.75
"""Share of the width and height of a frame's box of the ellipse within which it has no ink."""
EMPTY: Final = 0.02
"""Share of that ellipse that may be ink: specks, and the ends of rules."""
SECTORS: Final = 16
COVERED: Final = 0.6
"""Share of the sectors around its middle in which such a frame has ink: three sides of a box have three
quarters of them, four with gaps where rules crossed them more."""
SIDE: Final = 0.15
"""Width of one side of a box, as a share of its height, at most."""
ALIKE: Final = 0.2
"""By how much of it a side's height differs from that of another frame."""
LEVEL: Final = 0.1
"""By how much of their height the ends of two sides of a frame differ at most."""
WIDEST: Final = 2.0
"""Width of a frame of which two sides are left, as a share of its height, at most."""


def without_open_frames(blobs: Sequence[Blob]) -> list[Blob]:
    """The pieces without what is left of frames around other pieces.

    Most of a ring or box is a frame wherever it surrounds something; two sides alone, which a pair of 1s may
    be, where there are others as high.
    """
    boxes = np.array([blob.box for blob in blobs]).reshape(-1, 4)
    frames = {
        index for index, blob in enumerate(blobs) if _holds_any(blob.box, boxes) and _is_open_frame(blob)
    }
    if not frames:
        return list(blobs)
    heights = [blobs[index].box[3] for index in frames]
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
    """Whether any of the boxes, int [n, 4], lies within one, and is as high as what frames surround."""
    return bool((surrounded(boxes, frame) & (boxes[:, 3] >= FRAMED * frame[3])).any())


def _is_open_frame(blob: Blob) -> bool:
    """Whether a piece's ink lies around the middle of its box, most of the way, and not within."""
    own = own_area(blob)
    rows, columns = np.nonzero(own)
    across = 2 * columns / blob.box[2] - 1
    down = 2 * rows / blob.box[3] - 1
    within = np.count_nonzero(across * across + down * down < INNER**2)
    if within > EMPTY * INNER**2 * np.pi / 4 * own.size:
        return False
    sectors = np.floor(SECTORS * (np.arctan2(down, across) / (2 * np.pi) + 0.5)).astype(int) % SECTORS
    return len(np.unique(sectors)) >= COVERED * SECTORS
