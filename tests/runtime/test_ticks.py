"""The tick marks of forms, and the teeth of combs: strokes that are low compared with nearby digits."""

from __future__ import annotations

import pytest

from edgedigits.results import Box
from edgedigits.signs.ticks import ticks_of

DIGITS: list[Box] = [(60 * place, 100, 28, 40) for place in range(4)]
ROW = [5, 3, 0, 7]


@pytest.mark.parametrize(
    ("top", "heights", "label", "ticks", "why"),
    [
        (130, [17] * 4, 1, {4, 5, 6, 7}, "the ticks of a form's comb, which made lines of their own"),
        (130, [17] * 1, 1, {4}, "one tick, or a comma"),
        (130, [17] * 4, 2, set(), "small digits"),
        (
            122,
            [24] * 4,
            1,
            {4, 5, 6, 7},
            "teeth of a comb, all of which were 1s: they stand below the digits",
        ),
        (122, [24, 24, 25, 24], 1, {4, 5, 6, 7}, "which a pixel does not tell apart"),
        (122, [24] * 2, 1, set(), "two are not enough: a hand may write low 1s"),
        (122, [21, 24, 27, 30], 1, set(), "nor are strokes that differ as a hand's do"),
        (114, [24] * 4, 1, set(), "low 1s that stand on the line with the digits"),
        (112, [32] * 4, 1, set(), "1s that are hardly lower, written a little below the line"),
    ],
)
def test_strokes_low_beside_digits(
    top: int, heights: list[int], label: int, ticks: set[int], why: str
) -> None:
    boxes = [*DIGITS, *[(60 * place + 44, top, 4, height) for place, height in enumerate(heights)]]
    assert ticks_of(boxes, [*ROW, *[label] * len(heights)]) == ticks, why


def test_the_line_below_a_comb_does_not_hide_its_teeth() -> None:
    """The three digits nearest to a tooth may belong to two lines."""
    below: list[Box] = [(60 * place + 30, 160, 28, 40) for place in range(4)]
    teeth: list[Box] = [(60 * place + 44, 122, 4, 24) for place in range(4)]
    assert ticks_of([*DIGITS, *below, *teeth], [*ROW, *ROW, *[1] * 4]) == {8, 9, 10, 11}


def test_one_high_digit_makes_no_teeth_of_the_ones_elsewhere() -> None:
    """They are as high as the digits beside them, all but, and a little below these."""
    ones: list[Box] = [(60 * place + 44, 112, 4, 32) for place in range(4)]
    assert ticks_of([*DIGITS, (900, 80, 40, 60), *ones], [*ROW, 8, *[1] * 4]) == set()


def test_without_digits_nothing_is_low() -> None:
    assert ticks_of([(60 * place, 120, 4, 20) for place in range(5)], [1] * 5) == set()


@pytest.mark.parametrize(
    ("tops", "heights", "ticks", "why"),
    [
        ([80] * 4, [60] * 4, {4, 5, 6, 7}, "bars between pictures of digits"),
        ([80, 81, 80, 80], [60, 60, 59, 60], {4, 5, 6, 7}, "which a pixel does not tell apart"),
        ([80] * 4, [150, 153, 150, 150], {4, 5, 6, 7}, "nor three, of bars as high as four digits"),
        ([80] * 2, [60] * 2, set(), "two are not enough"),
        ([80] * 4, [46] * 4, set(), "1s that are hardly higher than the other digits"),
        ([80, 76, 84, 79], [60, 66, 57, 63], set(), "high 1s: a hand is not as exact"),
    ],
)
def test_bars_higher_than_the_digits(tops: list[int], heights: list[int], ticks: set[int], why: str) -> None:
    bars = [(60 * place + 44, *bar) for place, bar in enumerate(zip(tops, [4] * 4, heights, strict=False))]
    assert ticks_of([*DIGITS, *bars], [*ROW, *[1] * len(bars)]) == ticks, why


@pytest.mark.parametrize(
    ("top", "height", "below", "ticks", "why"),
    [
        (
            100,
            100,
            60,
            {8},
            "a brace beside two rows: it led digits of both into one line, and most were lost",
        ),
        (90, 120, 60, {8}, "one that is higher than the rows"),
        (100, 100, 400, set(), "a high 1 in a row by itself: the next row is further down"),
        (100, 70, 60, set(), "a 1 beside the two digits of a fraction, as in 1 3/4"),
    ],
)
def test_strokes_beside_several_rows(top: int, height: int, below: int, ticks: set[int], why: str) -> None:
    rows = [*DIGITS, *[(x, y + below, width, down) for x, y, width, down in DIGITS]]
    assert ticks_of([*rows, (300, top, 14, height)], [*ROW, *ROW, 1]) == ticks, why
