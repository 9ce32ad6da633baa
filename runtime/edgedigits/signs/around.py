"""Find what is drawn around digits and looks like one itself, as a 5: the sign of a root or a division."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from edgedigits.ink.blob import surrounded
from edgedigits.pieces.candidates import STROKE, Candidate

LEAST: Final = 0.4
"""Least height of what such a sign is drawn around, as a share of the sign's."""
CLEAR: Final = 0.7
"""Least quality of a digit that tells a sign around it..."""
DOUBTFUL: Final = 0.5
"""...and greatest quality of a sign that a 1 tells."""


def around_digits(kept: Sequence[Candidate]) -> set[int]:
    """Return the indices of digits in whose bounding box another one lies entirely.

    That one is a clear digit; if it is a 1, what is around it is a doubtful one.
    """
    clear = [one for one in kept if one.quality > CLEAR]
    boxes = np.array([one.blob.box for one in clear]).reshape(-1, 4)
    strokes = np.array([one.label == STROKE for one in clear], bool)
    return {
        index
        for index, one in enumerate(kept)
        if (
            surrounded(boxes, one.blob.box)
            & (boxes[:, 3] >= LEAST * one.blob.box[3])
            & ~(strokes & (one.quality > DOUBTFUL))
        ).any()
    }
