"""The marks of a number line or an axis, which look like 1s."""

from __future__ import annotations

import pytest

from edgedigits.results import NOT_A_DIGIT, Box
from edgedigits.signs.scales import marks_of_scales

DIGITS: list[Box] = [(60 * place, 100, 28, 40) for place in range(6)]
ROW = [5, 3, 0, 7, 6, 2]


@pytest.mark.parametrize(
    ("tops", "heights", "label", "marks", "why"),
    [
        ([66] * 6, [28] * 6, 1, True, "the marks of a number line, above its digits: all were 1s"),
        ([132] * 6, [28] * 6, 1, True, "and below them"),
        ([66, 68, 71, 66, 70, 72], [30, 26, 24, 33, 28, 25], 1, True, "drawn by hand"),
        ([66, 69, 72, 75, 78, 81], [28] * 6, 1, True, "on a line that slopes"),
        ([66] * 3, [28] * 3, 1, False, "three may be 111"),
        ([66] * 6, [40] * 6, 1, False, "a row of 1s as high as the other digits"),
        ([100] * 6, [28] * 6, 1, False, "low 1s among the digits"),
        ([0, 60, 0, 60, 0, 60], [28] * 6, 1, False, "in rows of three"),
        ([66] * 6, [28] * 6, 7, False, "low 7s"),
        ([66] * 6, [28] * 6, NOT_A_DIGIT, False, "what is no digit anyway"),
    ],
)
def test_a_row_of_low_strokes(tops: list[int], heights: list[int], label: int, marks: bool, why: str) -> None:
    strokes = [
        (60 * place + 10, top, 4, down) for place, (top, down) in enumerate(zip(tops, heights, strict=True))
    ]
    found = marks_of_scales([*DIGITS, *strokes], [*ROW, *[label] * len(strokes)])
    assert found == (set(range(6, 12)) if marks else set()), why


def test_without_digits_nothing_is_low() -> None:
    assert marks_of_scales([(60 * place, 120, 4, 20) for place in range(5)], [1] * 5) == set()
