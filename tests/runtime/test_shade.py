"""What is broad, pale and covers much of a page is shade; strokes in it are still ink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits.ink.page import page_of

PAPER = 220


def dappled(shades: tuple[float, ...], soft: float, pen: float) -> tuple[Any, Any]:
    """A page in dappled light, uint8 [480, 640], and where it has the strokes of three 3s, bool [480, 640].

    There are blots of each of the shades, shares of the light; the pen leaves the share `pen` of it.
    """
    random = np.random.default_rng(3)
    light, ink = np.full((480, 640), PAPER, np.float32), np.zeros((480, 640), np.uint8)
    for shade in shades:
        blots = cv2.GaussianBlur(random.normal(0, 1, light.shape), (0, 0), 20)
        light[blots > np.quantile(blots, 0.65)] = shade * PAPER
    for x in (60, 130, 200):
        curve = [(x, 220), (x + 30, 220), (x + 12, 238), (x + 30, 254), (x + 22, 268), (x, 266)]
        cv2.polylines(ink, [np.array(curve, np.int32)], False, 255, 5, cv2.LINE_AA)
    page = cv2.GaussianBlur(light, (0, 0), soft) * (1 - (1 - pen) * ink.astype(np.float32) / 255)
    return page.astype(np.uint8), ink > 250


@pytest.mark.parametrize(
    ("shades", "soft", "pen", "reason"),
    [
        ((0.6,), 1, 0.14, "one shade with hard edges"),
        ((0.5,), 3, 0.14, "the soft edges of a shade are a level of their own"),
        ((0.41,), 3, 0.14, "a darker shade with soft edges"),
        ((0.6, 0.36), 3, 0.14, "where one thing is in the shade of another, it is darker"),
        ((0.4,), 3, 0.45, "on lit paper the pen is no darker than the shade, and was lost with it"),
    ],
)
def test_strokes_in_dappled_light_are_told_from_the_shade(
    shades: tuple[float, ...], soft: float, pen: float, reason: str
) -> None:
    """Regression: only two levels were told apart, and the shade passed for broad strokes."""
    picture, strokes = dappled(shades, soft, pen)
    page = page_of(picture)
    assert page.stroke * page.scale[0] < 15, reason
    # A closing as narrow as the strokes leaves corners of the shade, and is used only where it must be.
    assert (page.reach > 0) == (pen > 0.4), reason
    ink = cv2.resize(page.ink, picture.shape[::-1]) > page.threshold
    assert np.count_nonzero(ink[strokes]) >= 0.95 * np.count_nonzero(strokes), reason
    assert np.count_nonzero(ink) < 20000, reason


def test_small_remains_of_shade_do_not_bring_it_back() -> None:
    # Regression: they had the page read at a larger scale, and there its paper was estimated with the shade.
    picture, _ = dappled((0.4,), 3, 0.45)
    assert Reader(Classifier.load()).read(picture).text == "333"


def test_a_blurred_stroke_is_no_shade() -> None:
    # Regression: from its soft edges to its middle a thin pen has several levels, and only scraps were left.
    picture = np.full((188, 188), 130, np.uint8)
    cv2.ellipse(picture, (104, 112), (13, 20), 0, 0, 360, 30, 3, cv2.LINE_AA)
    cv2.line(picture, (92, 105), (110, 70), 30, 3, cv2.LINE_AA)
    assert page_of(np.asarray(cv2.GaussianBlur(picture, (0, 0), 4), np.uint8)).shade == 0


def test_the_grain_of_a_blurred_pen_is_no_shade() -> None:
    # Regression: the darkest of its ink passed for strokes in the shade of the rest.
    random = np.random.default_rng(1)
    curve = [(48, 32), (80, 24), (108, 40), (96, 67), (72, 75), (105, 88), (115, 112), (84, 132), (48, 121)]
    ink = np.zeros((160, 160), np.float32)
    cv2.polylines(ink, [np.array(curve, np.int32)], False, 1, 8, cv2.LINE_AA)
    picture = 200 - 160 * cv2.GaussianBlur(ink, (0, 0), 4) + random.normal(0, 1, ink.shape)
    assert page_of(np.clip(picture, 0, 255).astype(np.uint8)).shade == 0


def test_specks_darker_than_a_broad_pen_are_no_strokes() -> None:
    # Regression: the pen passed for their shade, and its digits for what is drawn in shade.
    picture = np.full((480, 640), 235, np.uint8)
    curve = [(420, 265), (490, 205), (545, 178), (600, 210), (530, 280), (470, 355)]
    cv2.polylines(picture, [np.array(curve, np.int32)], False, 100, 20, cv2.LINE_AA)
    cv2.line(picture, (297, 175), (265, 375), 100, 16, cv2.LINE_AA)
    for place in range(14):
        cv2.circle(picture, (40 + 41 * place, 40 + 67 * (place % 7)), 5, 10, cv2.FILLED, cv2.LINE_AA)
    assert page_of(picture).shade == 0
