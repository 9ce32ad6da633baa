"""Sides of boxes, fragments of which remain after rules are removed, read as 1s."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.sides import sides_of


def read(label: int, darkness: float, width: int = 6, height: int = 50) -> Candidate:
    """Return a piece that is read as this digit; -1 for none."""
    blob = Blob((0, 0, width, height), ())
    return Candidate(blob, np.zeros((28, 28), np.uint8), darkness, darkness, label, 1.0, (0.1,) * 10, 0.99)


WRITTEN = [read(label, 236, 32) for label in (6, 5, 3, 0)]
SIDES = [read(1, darkness) for darkness in (103, 104, 103, 105)]
PENCIL = [read(label, 86, 32) for label in (6, 5, 3, 0)]


@pytest.mark.parametrize(
    ("candidates", "found", "why"),
    [
        ([*WRITTEN, *SIDES], {4, 5, 6, 7}, "the sides of two boxes, which were 1s among the digits in them"),
        ([*SIDES, *WRITTEN], {0, 1, 2, 3}, "in any order"),
        ([*PENCIL, *[read(1, 174) for _ in range(4)]], {4, 5, 6, 7}, "a printed form and a pencil"),
        ([*PENCIL, *SIDES], set(), "hardly darker than the pencil: its own 1s"),
        ([*WRITTEN, *SIDES[:2]], set(), "two alike may be written"),
        ([*WRITTEN, *[read(1, 230) for _ in range(4)]], set(), "1s of the same pen"),
        ([*WRITTEN, *[read(1, dark) for dark in (90, 104, 120, 140)]], set(), "1s of a light hand differ"),
        ([*WRITTEN, *[read(1, 103, 24) for _ in range(4)]], set(), "1s that lean, as most do"),
        ([*WRITTEN, *[read(7, 103) for _ in range(4)]], set(), "pale 7s"),
        ([*WRITTEN[:2], *SIDES], set(), "too few others to tell the pen"),
        ([*[read(-1, 236, 32) for _ in range(4)], *SIDES], set(), "others that are no digits"),
        (SIDES, set(), "1s alone"),
        ([], set(), "nothing"),
    ],
)
def test_strokes_unlike_the_pen_and_all_alike(
    candidates: Sequence[Candidate], found: set[int], why: str
) -> None:
    assert sides_of(candidates) == found, why
