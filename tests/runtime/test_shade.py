"""What is broad, pale and covers much of a page is shade; strokes in it are still ink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits.ink.page import page_of

PAPER, PEN = 220, 30


def dappled(shades: tuple[int, ...], soft: float) -> Any:
    """A page in dappled light, uint8 [480, 640]: blots in each of the shades, and three 3s."""
    random = np.random.default_rng(3)
    page = np.full((480, 640), PAPER, np.uint8)
    for shade in shades:
        blots = cv2.GaussianBlur(random.normal(0, 1, page.shape), (0, 0), 20)
        page[blots > np.quantile(blots, 0.65)] = shade
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), soft), np.uint8)
    for x in (60, 130, 200):
        curve = [(x, 220), (x + 30, 220), (x + 12, 238), (x + 30, 254), (x + 22, 268), (x, 266)]
        cv2.polylines(page, [np.array(curve, np.int32)], False, PEN, 5, cv2.LINE_AA)
    return page


@pytest.mark.parametrize(
    ("shades", "soft", "reason"),
    [
        ((130,), 1, "one shade with hard edges"),
        ((110,), 3, "the soft edges of a shade are a level of their own"),
        ((90,), 3, "a darker shade with soft edges"),
        ((130, 80), 1, "where one thing is in the shade of another, it is darker"),
    ],
)
def test_strokes_in_dappled_light_are_told_from_the_shade(
    shades: tuple[int, ...], soft: float, reason: str
) -> None:
    """Regression: only two levels were told apart, and the shade passed for broad strokes."""
    page = page_of(dappled(shades, soft))
    assert page.stroke * page.scale[0] < 12, reason
    rows = page.ink[round(210 / page.scale[1]) : round(280 / page.scale[1])]
    assert np.count_nonzero(rows > page.threshold) == np.count_nonzero(page.ink > page.threshold), reason
