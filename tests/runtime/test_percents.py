"""Percent signs: of their two rings and the stroke, any two look like a digit."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.blob import outlined
from edgedigits.ink.page import Page
from edgedigits.pieces.percents import MOST, without_percents

HEIGHT = 40


def ring(ink: Any, x: float, y: float, radius: int = 7) -> None:
    cv2.circle(ink, (round(x), round(y)), radius, 220, 3)


def sign(upper: tuple[int, int] = (0, 8), lower: tuple[int, int] = (34, 33), lean: int = 20) -> Any:
    """Return the ink of a percent sign, uint8 [120, 200]; the middles of its rings are relative to it."""
    ink = np.zeros((120, 200), np.uint8)
    x, y = 80, 40
    cv2.line(ink, (x + 17 + lean // 2, y), (x + 17 - lean // 2, y + HEIGHT), 220, 4)
    for ring_x, ring_y in (upper, lower):
        ring(ink, x + ring_x, y + ring_y)
    return ink


def left(ink: Any) -> int:
    """Return how many of a page's pieces are left."""
    return len(without_percents(outlined(ink), HEIGHT, Page(ink, 20, 4.0, (1.0, 1.0), False)))


@pytest.mark.parametrize(
    ("ink", "pieces", "why"),
    [
        (sign(), 0, "the stroke with either ring was a 9, and with both an 8"),
        (sign(lean=2), 0, "an upright stroke"),
        (sign(upper=(14, 8)), 0, "the upper ring touches the stroke"),
        (sign(lower=(22, 33)), 0, "the lower one does"),
        (sign(upper=(34, 8), lean=0), 3, "both on the right: exponent and index of a 1"),
        (sign(upper=(0, 33), lower=(34, 8), lean=0), 3, "at the lower left and the upper right"),
        (sign(lower=(90, 33)), 3, "the second one belongs to something else"),
        (sign(lower=(34, 60)), 3, "the second one is far below"),
    ],
)
def test_two_rings_on_both_sides_of_a_stroke_are_a_sign(ink: Any, pieces: int, why: str) -> None:
    assert left(ink) == pieces, why


def test_a_digit_with_holes_is_no_stroke() -> None:
    eight = np.zeros((120, 200), np.uint8)
    ring(eight, 90, 50, 9)
    ring(eight, 86, 70, 10)
    ring(eight, 110, 74, 6)
    assert left(eight) == 2


def test_points_are_no_rings() -> None:
    ink = sign(upper=(-60, -60), lower=(-60, -20))
    for x, y in ((84, 48), (112, 74)):
        cv2.circle(ink, (x, y), 5, 220, cv2.FILLED)
    assert left(ink) == len(outlined(ink))


def test_noise_is_left_alone() -> None:
    ink = np.zeros((1000, 1000), np.uint8)
    for index in range(MOST + 1):
        ring(ink, 20 + 40 * (index % 24), 20 + 40 * (index // 24))
    assert left(ink) == MOST + 1


def test_percentages_are_read_without_the_sign() -> None:
    """Regression: every second percent sign was read as one or two digits."""
    picture = np.full((480, 640), 225, np.uint8)
    for row, number in enumerate(["28", "7", "83"]):
        for place, digit in enumerate(number):
            write(picture, digit, (80 + 42 * place, 80 + 110 * row), 40)
        x, y = 90 + 42 * len(number), 80 + 110 * row
        cv2.line(picture, (x + 30, y), (x + 8, y + 40), 40, 4, cv2.LINE_AA)
        for away in ((4, 8), (34, 33)):
            cv2.circle(picture, (x + away[0], y + away[1]), 7, 40, 3, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(picture).text == "28\n7\n83"
