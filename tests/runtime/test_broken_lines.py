"""Pieces of one long upright line, which look like 1s."""

from __future__ import annotations

from itertools import accumulate

import pytest

from edgedigits.results import Box
from edgedigits.signs.broken_lines import broken_lines_of


@pytest.mark.parametrize(
    ("heights", "gaps", "lean", "width", "label", "found", "why"),
    [
        ([60, 45, 50], [4, 6], 0, 6, 1, True, "the edge of a sheet on wood fell into pieces: each was a 1"),
        ([60, 45, 50, 80], [4, 6, 10], 3, 6, 1, True, "an edge that leans"),
        ([60, 45, 50], [-8, 5], 0, 6, 1, True, "pieces that overlap a little"),
        ([60, 45], [4], 0, 6, 1, False, "two are not enough"),
        ([40, 40, 40], [26, 26], 0, 6, 1, False, "1s in a column, one in each row"),
        ([40, 40, 40], [4, 4], 20, 6, 1, False, "1s in rows close to each other, not below one another"),
        ([40, 40, 40], [4, 4], 0, 20, 1, False, "1s that lean, as written ones do"),
        ([60, 45, 50], [4, 6], 0, 6, 7, False, "7s"),
    ],
)
def test_strokes_end_to_end(
    heights: list[int], gaps: list[int], lean: int, width: int, label: int, found: bool, why: str
) -> None:
    tops = accumulate([height + gap for height, gap in zip(heights, gaps, strict=False)], initial=50)
    line: list[Box] = [
        (400 + lean * place, top, width, height)
        for place, (top, height) in enumerate(zip(tops, heights, strict=True))
    ]
    digits: list[Box] = [(60 * place, 100, 28, 40) for place in range(4)]
    boxes, labels = [*digits, *line], [5, 3, 1, 7, *[label] * len(line)]
    assert broken_lines_of(boxes, labels) == (set(range(4, len(boxes))) if found else set()), why
