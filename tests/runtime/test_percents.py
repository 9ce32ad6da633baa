"""Percent signs, of which the stroke is a 1 and the rings are noughts."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest

from edgedigits.ink.page import Page
from edgedigits.pieces.choose import choose
from edgedigits.pieces.connected import written_on
from edgedigits.pieces.percents import percents_of
from edgedigits.results import NOT_A_DIGIT, Box, Predictions

STROKE: Box = (100, 100, 40, 60)
UPPER: Box = (95, 100, 20, 22)
LOWER: Box = (125, 138, 20, 22)


@pytest.mark.parametrize(
    ("boxes", "found", "why"),
    [
        ([STROKE, UPPER, LOWER], [(0, 1, 2)], "a percent sign"),
        ([LOWER, STROKE, (40, 100, 40, 60), UPPER], [(0, 1, 3)], "behind a digit"),
        ([STROKE, UPPER], [], "one ring: a 9 whose stem is apart"),
        ([STROKE, UPPER, (127, 102, 20, 22)], [], "both above"),
        ([STROKE, (125, 100, 20, 22), (95, 138, 20, 22)], [], "the wrong way round"),
        ([STROKE, (95, 100, 20, 45), LOWER], [], "a digit is higher than a ring"),
        ([STROKE, UPPER, (125, 150, 9, 8)], [], "a point is lower"),
        ([STROKE, (78, 104, 26, 18), LOWER], [], "beside the stroke, not above it"),
        ([(100, 100, 8, 60), (70, 118, 36, 16), (102, 138, 36, 16)], [], "the bars of two dashes"),
    ],
)
def test_a_stroke_between_two_rings(boxes: list[Box], found: list[tuple[int, ...]], why: str) -> None:
    assert list(percents_of(boxes, combinations(range(len(boxes)), 2))) == found, why


class ByPieces:
    """Takes each single piece for a nought, and several of them for no digit."""

    def predict(self, images: np.ndarray) -> Predictions:
        ink = images > 60
        joined = np.array([cv2.connectedComponents(image.astype(np.uint8))[0] > 2 for image in ink])
        score = np.where(joined, 0.3, 0.99).astype(np.float32)
        labels = np.where(joined, NOT_A_DIGIT, 0).astype(np.int64)
        probabilities = np.eye(10, dtype=np.float32)[np.zeros(len(images), np.int64)]
        return Predictions(labels, np.ones(len(images), np.float32), probabilities, score)


def drawn(*, bars: bool) -> Page:
    """Five noughts, and behind the last a %, or, by `bars`, an = that nearly touches it."""
    ink = np.zeros((140, 560), np.uint8)
    for place in range(5):
        cv2.ellipse(ink, (50 + 80 * place, 70), (24, 40), 0, 0, 360, 255, 7)
    if bars:
        for y in (58, 82):
            cv2.line(ink, (411, y), (453, y), 255, 7)
    else:
        cv2.line(ink, (500, 32), (440, 108), 255, 7)
        cv2.circle(ink, (446, 46), 10, 255, 6)
        cv2.circle(ink, (494, 94), 10, 255, 6)
    return Page(ink, 100, 7.0, (1.0, 1.0), False)


def test_a_percent_sign_is_one_thing_and_no_digit() -> None:
    """Its stroke was read as a 1, and its rings as noughts, or both together as a 9 and a 6."""
    page = drawn(bars=False)
    found = choose(page, written_on(page.ink, 100, 0).pieces, 87.0, ByPieces())
    assert [one.label for one in found if not one.is_sign] == [0] * 5
    assert [(one.label, one.blob.box[:2]) for one in found if one.is_sign] == [(NOT_A_DIGIT, (433, 28))]


def test_no_digit_is_lost_to_the_sign_beside_it() -> None:
    """The bars of = were dirt or part of the digit, and with them it was none."""
    page = drawn(bars=True)
    found = choose(page, written_on(page.ink, 100, 0).pieces, 87.0, ByPieces())
    assert sum(one.label == 0 and one.blob.box[3] > 60 for one in found) == 5
