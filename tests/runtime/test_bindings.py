"""The holes and loops of a notebook's binding: a column of them was read as 1s, 3s and 8s."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.blob import Blob
from edgedigits.pieces.bindings import MOST, without_bindings
from edgedigits.results import Box

DIGITS: list[Box] = [
    (100 + 70 * column, 100 + 90 * row, 20 + (7 * row + 11 * column) % 23, 50)
    for row in range(3)
    for column in range(6)
]
"""Three rows of six digits, of many widths, starting at x = 100."""
LOOPS: list[Box] = [(10, 20 + 40 * place, 14, 18) for place in range(14)]

AT_RIM: list[Box] = [(0, 20 + 40 * place, 24, 18) for place in range(16)]


def turned(boxes: list[Box]) -> list[Box]:
    """Return the boxes with x and y swapped."""
    return [(y, x, height, width) for x, y, width, height in boxes]


@pytest.mark.parametrize(
    ("digits", "row", "left_out", "why"),
    [
        (DIGITS, LOOPS, 14, "loops on the left"),
        (DIGITS, [(700, *box[1:]) for box in LOOPS], 14, "on the right"),
        (turned(DIGITS), turned(LOOPS), 14, "at the top"),
        (DIGITS, [(10 + place, y, w, h) for place, (_, y, w, h) in enumerate(LOOPS)], 14, "askew"),
        (
            DIGITS,
            [(10, 20 + round(40 * place * 0.98**place), 14, 18) for place in range(14)],
            14,
            "seen from one end: the steps become shorter",
        ),
        (DIGITS, [*LOOPS[:11], (11, 470, 12, 58)], 12, "and two that run together"),
        (
            DIGITS,
            [*AT_RIM[:4], (0, 180, 6, 18), *AT_RIM[5:9], (0, 380, 6, 18), *AT_RIM[10:]],
            16,
            "at the rim, where a rule goes through two of them",
        ),
        (
            DIGITS,
            [*LOOPS[:4], (10, 180, 6, 18), *LOOPS[5:9], (10, 380, 6, 18), *LOOPS[10:]],
            0,
            "elsewhere others between them may be digits",
        ),
        (DIGITS, LOOPS[:9], 0, "nine of them may be written"),
        (DIGITS, [(10, y + place % 3 * 9, w, h) for place, (_, y, w, h) in enumerate(LOOPS)], 0, "uneven"),
        (
            DIGITS,
            [*LOOPS[:7], *((10, y + 17, w, h) for _, y, w, h in LOOPS[7:])],
            0,
            "two columns of seven: the step between them is another",
        ),
        (DIGITS, [(10, y, w + place % 3 * 8, h) for place, (_, y, w, h) in enumerate(LOOPS)], 0, "unlike"),
        (DIGITS, [(*box[:2], 14 + place, 18) for place, box in enumerate(LOOPS)], 0, "the last unlike"),
        (DIGITS, [(250, *box[1:]) for box in LOOPS], 0, "a column amid the others"),
        ([], [(10 + 40 * column, *box[1:]) for column in range(4) for box in LOOPS], 0, "a sheet full of 0s"),
        ([], LOOPS, 0, "nothing else on the page"),
        (DIGITS, [(7 * place, 300, 14, 18) for place in range(MOST)], 0, "noise"),
    ],
)  # fmt: skip
def test_a_row_of_like_pieces(digits: list[Box], row: list[Box], left_out: int, why: str) -> None:
    pieces = [Blob(box, ()) for box in [*row, *digits]]
    kept = without_bindings(pieces, (720, 960))
    assert len(pieces) - len(kept) == left_out, why
    assert kept[len(kept) - len(digits) :] == pieces[len(row) :], "digits stay"


@pytest.mark.parametrize("side", ["left", "bottom"])
def test_the_loops_of_a_notebook_are_no_digits(side: str) -> None:
    picture = np.full((640, 640), 225, np.uint8)
    for place, sign in enumerate("283"):
        write(picture, sign, (150 + 130 * place, 250), 50, 8, 80)
    for place in range(20):
        down = 20 + 31 * place
        ends = [(30, down), (14, down + 12)] if side == "left" else [(down, 610), (down + 10, 626)]
        cv2.circle(picture, ends[0], 7, 70, cv2.FILLED, cv2.LINE_AA)
        cv2.line(picture, *ends, 90, 4, cv2.LINE_AA)
    assert Reader(Classifier.load()).read(picture).text == "283"
