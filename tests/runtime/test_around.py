"""Signs around digits that look like a digit themselves."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import handwriting
import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import Box
from edgedigits.signs.around import around_digits
from edgedigits.stages import in_lines


def read(label: int, box: Box, quality: float = 0.99) -> Candidate:
    """Return a piece that is read as this digit."""
    return Candidate(
        Blob(box, ()), np.zeros((28, 28), np.uint8), 200, 200, label, quality, (0.1,) * 10, quality
    )


ROOT = read(5, (0, 0, 150, 70))
NINE, FOUR = read(9, (30, 20, 30, 45)), read(4, (90, 20, 30, 45))


@pytest.mark.parametrize(
    ("candidates", "found", "why"),
    [
        ([ROOT, NINE, FOUR], {0}, "the sign of a root or a division around a number was a 5"),
        ([NINE, ROOT], {1}, "around one digit"),
        ([ROOT, read(9, (140, 20, 30, 45))], set(), "a digit that reaches out of it touches its box only"),
        ([ROOT, read(9, (30, 20, 30, 45), 0.4)], set(), "a part of a broken digit is no clear one"),
        ([ROOT, read(1, (30, 20, 9, 45))], set(), "nor is a stroke"),
        (
            [read(5, (0, 0, 150, 70), 0.3), read(1, (30, 20, 9, 45))],
            {0},
            "unless the sign is a doubtful digit",
        ),
        ([ROOT, read(0, (30, 20, 10, 14))], set(), "nor a small ring"),
        ([NINE, FOUR], set(), "digits side by side"),
        ([], set(), "nothing"),
    ],
)
def test_what_stands_around_digits(candidates: Sequence[Candidate], found: set[int], why: str) -> None:
    assert around_digits(candidates) == found, why


def test_what_stands_around_a_digit_is_in_no_line_with_it() -> None:
    """Regression: beside a ring, a doubtful 0, the 4 in it was low and in the middle of the line: a plus."""
    page = Page(np.zeros((240, 240), np.uint8), 20, 6.0, (1.0, 1.0), False)
    kept, lines = in_lines(page, [read(0, (25, 30, 185, 186), 0.2), read(4, (67, 71, 101, 103))])
    assert [kept[index].label for line in lines for index in line] == [4]


def test_numbers_below_the_signs_of_roots_are_read() -> None:
    """Regression: each root was joined with its number, as the pale part of a broken 5."""
    picture = np.full((480, 640), 235, np.uint8)
    for place in range(6):
        x, y = 70 + 180 * (place % 3), 120 + 180 * (place // 3)
        root = [(x, y + 30), (x + 14, y + 62), (x + 32, y - 16), (x + 110, y - 18)]
        cv2.polylines(picture, [np.array(root, np.int32)], False, 60, 5, cv2.LINE_AA)
        for left in range(1 + place % 2):
            handwriting.write(picture, "237"[place % 3], (x + 45 + 34 * left, y), 60, 5, 56)
    assert Reader(Classifier.load()).read(picture).text == "2337\n22377"
