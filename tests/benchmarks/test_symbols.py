"""The signs between the digits of drawn amounts and sums."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits_bench.drawn.symbols import DATES, DIGIT, LISTS, PATTERNS, SIGNS, SPACE, WORD, draw

HEIGHT = 60


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_takes_the_room_that_it_says(sign: str) -> None:
    for seed in range(5):
        ink = np.zeros((200, 200), np.float32)
        width = draw(ink, sign, 50, 70, HEIGHT, np.random.default_rng(seed))
        rows, columns = np.nonzero(ink)
        assert columns.min() == pytest.approx(50, abs=3)
        assert columns.max() == pytest.approx(50 + width, abs=3)
        assert 70 - HEIGHT / 2 < rows.min() <= rows.max() < 70 + 1.5 * HEIGHT
        assert 0 < ink.max() <= 1


def test_a_space_is_blank() -> None:
    ink = np.zeros((200, 200), np.float32)
    assert draw(ink, " ", 50, 70, HEIGHT, np.random.default_rng(0)) == SPACE * HEIGHT
    assert not ink.any()


def test_all_signs_stand_in_rows_with_digits() -> None:
    rows = (*PATTERNS, *LISTS, *DATES)
    assert set("".join(rows)) - {DIGIT, WORD, " "} == set(SIGNS)
    assert all(DIGIT in row for row in rows)
