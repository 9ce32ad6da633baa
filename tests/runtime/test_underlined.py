"""Digits that touch the line below them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import judge
from edgedigits.pieces.connected import written_on
from edgedigits.pieces.underlined import without_lines
from edgedigits.results import Predictions

Grey = npt.NDArray[np.uint8]


class Rings:
    """Calls a ring 0 and a stroke 1; anything with a level line at its foot is no digit."""

    def predict(self, images: Grey) -> Predictions:
        ink = images > 60
        lined = np.array([frame[frame.any(1)][-2:].mean(1).max() > 0.4 for frame in ink])
        narrow = np.array([frame.any(0).sum() < 9 for frame in ink])
        labels = np.where(lined, -1, narrow.astype(np.int64))
        score = np.where(lined, 0.01, 1.0).astype(np.float32)
        probabilities = np.eye(10, dtype=np.float32)[np.maximum(labels, 0)]
        return Predictions(labels, np.ones(len(images), np.float32), probabilities, score)


def page(*lines: tuple[int, int, int], stroke: int = -1) -> Page:
    """Eight rings, or strokes from number `stroke` on, and lines below them, given as x, x and slant."""
    ink = np.zeros((160, 620), np.uint8)
    for place in range(8):
        x = 50 + 70 * place
        if stroke in range(place + 1):
            cv2.line(ink, (x, 40), (x, 105), 255, 6)
        else:
            cv2.ellipse(ink, (x, 75), (20, 32), 0, 0, 360, 255, 6)
    for start, end, slant in lines:
        cv2.line(ink, (start, 110), (end, 110 + slant), 255, 5)
    return Page(ink, 100, 6.0, (1.0, 1.0), False)


@pytest.mark.parametrize(
    ("drawn", "found", "why"),
    [
        (page(), 8, "no line"),
        (page((20, 80, 0)), 8, "one digit on a line"),
        (page((20, 80, 4)), 8, "which is a little aslant"),
        (page((20, 150, 2)), 8, "two of them on one line, which were lost together"),
        (
            page((20, 80, 0), (90, 150, 0), (160, 220, 0)),
            5,
            "three: a form's blanks, which are told elsewhere",
        ),
        (page((450, 570, 0), stroke=6), 6, "strokes alone: the foot of an L or an E"),
    ],
)
def test_digits_on_a_line(drawn: Page, found: int, why: str) -> None:
    pieces = written_on(drawn.ink, drawn.threshold, 0).pieces
    classifier = Rings()
    judged = without_lines(drawn, judge(drawn, pieces, classifier), classifier)
    assert sum(one.label >= 0 for one in judged) == found, why


def test_a_line_counts_on_a_page_of_digits_only() -> None:
    drawn = page((20, 80, 0))
    drawn.ink[:, 250:] = 0
    classifier = Rings()
    before = judge(drawn, written_on(drawn.ink, drawn.threshold, 0).pieces, classifier)
    assert without_lines(drawn, before, classifier) == before


@pytest.mark.parametrize("gap", [34, 42])
@pytest.mark.parametrize("pen", [2, 4])
def test_a_number_is_parted_from_its_line_before_it_is_cut(gap: int, pen: int) -> None:
    """Regression: cut on trial, 837 above a line was 832, because a 7 with a part of the line is a 2."""
    picture = np.full((300, 600), 230, np.uint8)
    for y, text, pitch in ((40, "28373", 60), (130, "837", gap), (220, "37283", 60)):
        for place, sign in enumerate(text):
            write(picture, sign, (100 + pitch * place, y), 40, 4, 40)
    cv2.line(picture, (92, 170), (134 + 2 * gap, 170), 40, pen, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(picture).text.split() == ["28373", "837", "37283"]
