"""Find what is drawn around digits and looks like one itself, as a 5: the sign of a root or a division."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from edgedigits.ink.blob import surrounded
from edgedigits.pieces.candidates import STROKE, SURE, Candidate

LEAST: Final = 0.4
"""Least height of what such a sign is drawn around, as a share of the sign's."""


def around_digits(kept: Sequence[Candidate]) -> set[int]:
    """Return the indices of digits in whose bounding box another clear digit, no 1, lies entirely."""
    clear = [one.blob.box for one in kept if one.quality > SURE and one.label != STROKE]
    boxes = np.array(clear).reshape(-1, 4)
    return {
        index
        for index, one in enumerate(kept)
        if (surrounded(boxes, one.blob.box) & (boxes[:, 3] >= LEAST * one.blob.box[3])).any()
    }
