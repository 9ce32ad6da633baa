"""Rows of like strokes that are no handwriting, such as a spiral binding."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.results import Box
from edgedigits.signs.spirals import spirals_of

SPIRAL: list[Box] = [(4 + 20 * place, 0, 9, 19) for place in range(30)]

BARCODE: list[Box] = [(x, 0, 4, 48) for x in (0, 9, 24, 33, 52, 60, 81, 90)]


def written(rng: np.random.Generator) -> list[Box]:
    """Return a row of handwritten 1s: distances vary by a fifth, heights by a tenth."""
    steps = np.rint(20 * rng.uniform(0.8, 1.2, 14)).cumsum()
    return [(int(step), 0, 6, round(19 * rng.uniform(0.9, 1.1))) for step in steps]


@pytest.mark.parametrize(
    ("boxes", "labels", "found", "why"),
    [
        (SPIRAL, [1] * 30, 30, "a spiral binding"),
        (SPIRAL, [1] * 22 + [7] * 8, 22, "some of its loops look like 7s"),
        ([*SPIRAL[:11], *SPIRAL[13:]], [1] * 28, 28, "two of its loops were not found"),
        (
            [*SPIRAL[:15], *((x + x % 3 * 6, y, w, h) for x, y, w, h in SPIRAL[15:])],
            [1] * 30,
            0,
            "half of them at even distances",
        ),
        (SPIRAL[:5], [1] * 5, 0, "five neat 1s"),
        ([*SPIRAL[:14], (300, 0, 28, 30)], [1] * 14 + [8], 14, "beside a digit"),
        ([(x, 0, 9, 19 + x % 17) for x, *_ in SPIRAL], [1] * 30, 0, "of many heights"),
        (BARCODE, [1] * 8, 8, "bars of a barcode, at any distances"),
        (
            [*BARCODE[:3], (64, 12, 28, 30), *BARCODE[3:]],
            [1] * 3 + [8] + [1] * 5,
            8,
            "with a digit among them",
        ),
        (BARCODE[:5], [1] * 5, 0, "five level strokes may be 1s"),
        (BARCODE, [7] * 8, 0, "level 7s"),
        ([(3 * x, y, 20, h) for x, y, _, h in BARCODE], [1] * 8, 0, "slanted 1s that happen to stand level"),
        ([(x, y + x % 7, w, h) for x, y, w, h in BARCODE], [1] * 8, 0, "of which none stand level"),
        (
            [(x, -3 * place, w, 48 + 3 * place) for place, (x, _, w, _) in enumerate(BARCODE)],
            [1] * 8,
            0,
            "each begins higher up than the one before it",
        ),
        (
            [(x, 0, w, 69 - 3 * place) for place, (x, _, w, _) in enumerate(BARCODE)],
            [1] * 8,
            0,
            "each ends higher up",
        ),
        ([(x, y + x // 30, w, h) for x, y, w, h in BARCODE], [1] * 8, 8, "held a little askew"),
        ([], [], 0, "nothing"),
    ],
)
def test_a_row_of_like_strokes(boxes: list[Box], labels: list[int], found: int, why: str) -> None:
    assert len(spirals_of(boxes, labels, [[*range(len(boxes))]])) == found, why


def test_rows_of_written_ones_stay() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        boxes = written(rng)
        assert not spirals_of(boxes, [1] * len(boxes), [[*range(len(boxes))]])
