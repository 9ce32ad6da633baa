"""Check marks of a corrected page, which were read as 1s."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.blob import above, outlined
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.check_marks import check_marks_of

Points = list[tuple[int, int]]


def drawn(*lines: Points, pen: int = 5) -> Page:
    ink = np.zeros((140, 140), np.uint8)
    for line in lines:
        cv2.polylines(ink, [np.array(line, np.int32)], False, 255, pen)
    return Page(ink, 100, float(pen), (1.0, 1.0), False)


def candidate(page: Page, score: float = 0.5) -> Candidate:
    (blob,) = outlined(above(page.ink, 100))
    return Candidate(blob, np.zeros((28, 28), np.uint8), 200, 100, 1, 1.0, (0.0, 1.0) + (0.0,) * 8, score)


MARK: Points = [(30, 70), (45, 90), (85, 30)]


@pytest.mark.parametrize(
    ("page", "found", "why"),
    [
        (drawn(MARK), True, "read as a 1"),
        (drawn(MARK, pen=11), True, "a broad pen: the gap between its strokes is short"),
        (drawn([(45, 90), (85, 30)]), False, "a 1 that leans"),
        (drawn([(30, 60), (70, 30), (60, 90)]), False, "a 1 with a long upstroke"),
        (drawn([(40, 90), (80, 90)], [(60, 90), (60, 30)]), False, "a 1 with a foot"),
        (drawn([(30, 30), (50, 90), (75, 30)]), False, "a V: both strokes are long"),
        (drawn([(30, 70), (45, 90), (60, 88), (65, 60), (50, 45), (85, 30)]), False, "a 5: its side is bent"),
        (drawn([(50, 30), (35, 65), (80, 65)], [(75, 45), (65, 95)]), False, "a 4"),
        (drawn([(75, 30), (45, 60), (40, 80), (55, 92), (70, 80), (60, 65), (44, 70)]), False, "a 6"),
        (drawn([(30, 87), (45, 90), (85, 30)]), False, "a short stroke as flat as the foot of a 1"),
        (drawn([(30, 70), (45, 90), (52, 30)]), False, "the foot is not on the left"),
    ],
)
def test_check_marks(page: Page, found: bool, why: str) -> None:
    assert check_marks_of(page, [candidate(page)]) == ({0} if found else set()), why


def test_what_is_clearly_a_digit_is_no_check_mark() -> None:
    page = drawn(MARK)
    assert check_marks_of(page, [candidate(page, 1.0)]) == set()
