"""Striped pages: lines that are too close together, and too thick, to be rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink import smooth
from edgedigits.ink.rules import without_rules
from edgedigits.ink.smooth import follow

Places = npt.NDArray[np.int64]


def striped(pitch: int, thick: int, side: int = 320) -> npt.NDArray[np.uint8]:
    ink = np.zeros((side, side), np.uint8)
    ink[np.arange(side) % pitch < thick] = 200
    return ink


@pytest.mark.parametrize(
    ("pitch", "thick", "why"),
    [
        (12, 7, "as much ink as paper: each stripe grew over the next ones, up to the rims"),
        (8, 5, "narrow stripes"),
        (40, 5, "rules"),
    ],
)
def test_a_stripe_that_grows_over_others_is_given_up(
    pitch: int, thick: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: each grew over the whole page before it was refused, visiting 200 times the page's ink."""
    fitted, looked_at = smooth.fitted, list[int]()

    def counting(x: Places, y: Places, degree: int) -> Any:
        looked_at.append(len(x))
        return fitted(x, y, degree)

    monkeypatch.setattr(smooth, "fitted", counting)
    ink = striped(pitch, thick)
    without_rules(ink, 20, 5.0)
    assert looked_at, why
    assert sum(looked_at) < 20 * np.count_nonzero(ink), why


@pytest.mark.parametrize(
    ("thickest", "found", "why"),
    [
        (np.inf, 320 * 7 * 27, "nothing says how thick a line may be: all of the page"),
        (10, 0, "thicker than that at the second step"),
        (5, 0, "its seed is"),
    ],
)
def test_how_thick_a_line_may_grow(thickest: float, found: int, why: str) -> None:
    columns, rows = np.nonzero(striped(12, 7).T)
    seed = np.flatnonzero(rows // 12 == 13)
    followed = follow(columns, rows, np.ones(len(rows), bool), seed, thickest)
    assert (0 if followed is None else np.count_nonzero(followed[1])) == found, why
