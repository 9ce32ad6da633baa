"""Blanks and combs of drawn forms, tinted rows, bars above and below digits, and borders of pages."""

from __future__ import annotations

import cv2
import numpy as np

from edgedigits.results import Box
from edgedigits_bench.drawn.forms import bars, blanks, border, shaded_rows

DIGITS: list[Box] = [(40 + 60 * place, 50, 30, 40) for place in range(5)]


def test_a_form_is_below_its_digits() -> None:
    pieces = set()
    for seed in range(12):
        page = blanks((150, 400), DIGITS, np.random.default_rng(seed), 40)
        assert 0.3 <= page.max() <= 0.9
        assert not page[:90, 40:70].any(), "nothing is drawn over a digit"
        assert page[90:105].any()
        pieces.add(cv2.connectedComponents((page > 0.1).astype(np.uint8))[0] - 1)
    assert pieces == {1, 5}, "a comb for all, or a short rule for each"


def test_bars_touch_no_digit_and_reach_beyond_it() -> None:
    above = below = 0
    for seed in range(12):
        page = bars((150, 400), DIGITS, np.random.default_rng(seed), 40)
        assert not page[50:90].any(), "nothing is drawn over a digit"
        above, below = above + bool(page[:50].any()), below + bool(page[90:].any())
        wide = cv2.boundingRect((page > 0).astype(np.uint8))[2]
        assert wide == 0 or wide > DIGITS[0][2], "a bar is wider than one digit"
    assert min(above, below) > 2


def test_a_border_surrounds_the_page_and_leaves_the_writing_free() -> None:
    lines = set()
    for seed in range(12):
        page = border(np.zeros((300, 400), np.float32), np.random.default_rng(seed), 40)
        assert 0.4 <= page.max() <= 0.9
        assert not page[32:-32, 32:-32].any(), "pages are written on from 8 % of their width on"
        empty = (page < 0.1).astype(np.uint8)
        lines.add(cv2.connectedComponents(empty, connectivity=4)[0] - 1)
    assert min(lines) >= 2, "it is closed: there is an inside and an outside"
    assert max(lines) >= 3, "some are double"


def test_some_rows_of_a_table_are_tinted() -> None:
    rows = [[(x, y + 120 * row, w, h) for x, y, w, h in DIGITS] for row in range(5)]
    shades = set[bool]()
    for seed in range(12):
        page = shaded_rows((640, 400), [box for row in rows for box in row], np.random.default_rng(seed), 40)
        levels = np.unique(page).tolist()
        assert len(levels) <= 2, "one tint"
        assert max(levels) <= 0.35, "paler than the pens of drawn pages"
        for row in rows:
            x, y = row[0][:2]
            tinted = page[y - 5 : y + 45, x - 5 : row[-1][0] + 35]
            assert tinted.min() == tinted.max(), "a row is tinted as a whole, or not at all"
            shades.add(bool(tinted.max()))
    assert shades == {False, True}
