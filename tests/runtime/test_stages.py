"""Which of several readings of a picture is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import NOT_A_DIGIT
from edgedigits.small_print import is_clear
from edgedigits.stages import FEW, MOST, Stages, has_far_more, is_cluttered, is_promising, rescues

PAGE: Any = None  # the page does not matter here


def mark(label: int) -> Candidate:
    blob = Blob((0, 0, 25, 40), ())
    return Candidate(blob, np.zeros((28, 28), np.uint8), 200, 200, label, 1.0, (0.1,) * 10, 0.99)


def reading(labels: str, others: int = 0) -> Stages:
    """Return certain digits with these labels, and `others` pieces that are no digits."""
    kept = [mark(int(label)) for label in labels]
    candidates = kept + [mark(NOT_A_DIGIT)] * others
    grey = np.zeros((480, 640), np.uint8)
    return Stages(grey, PAGE, [one.blob for one in candidates], candidates, 0, kept, [])


@pytest.mark.parametrize(
    ("one", "other", "more", "why"),
    [
        ("2372", "", True, "the other missed the page"),
        ("23723723", "2372", True, "or half of it"),
        ("237237", "2372", False, "letters without their hairlines look like other digits than 1s, too"),
        ("23723", "2372", False, "one digit more is chance"),
        ("23", "", False, "two are no page"),
        ("1111111", "2", False, "any edge is a 1"),
    ],
)
def test_a_reading_with_far_more(one: str, other: str, more: bool, why: str) -> None:
    assert has_far_more(reading(one), reading(other)) == more, why


@pytest.mark.parametrize(
    ("rest", "others", "whole", "clear", "why"),
    [
        ("237", 1, "2", True, "hardly anything beside the digits"),
        ("237", 4, "2", True, "a heading was left of the print, and the page with its digits was not taken"),
        ("237237237", 20, "2372", True, "the same beside a few digits"),
        ("2372", 1, "2372", True, "the print is gone, and each digit is still there"),
        ("237", 4, "23", False, "one more is chance: letters that look like digits"),
        ("23", 4, "", False, "two are no page"),
        ("1111111", 20, "", False, "letters of which only stems are left"),
        ("23", 0, "23723", False, "most digits went with the print"),
        ("", 0, "", False, "nothing is left"),
    ],
)
def test_a_page_without_its_print(rest: str, others: int, whole: str, clear: bool, why: str) -> None:
    assert is_clear(reading(rest, others), reading(whole, 99)) == clear, why


@pytest.mark.parametrize(
    ("firm", "others", "whole", "taken", "why"),
    [
        ("237237", 2, "2", True, "shade had joined them"),
        ("237111111", 0, "2", False, "letters without their hairlines were told as 1s"),
        ("237237", 6, "2", False, "still more clutter than digits"),
    ],
)
def test_the_darker_ink_alone(firm: str, others: int, whole: str, taken: bool, why: str) -> None:
    assert rescues(reading(firm, others), reading(whole, 9)) == taken, why


@pytest.mark.parametrize(
    ("digits", "others", "scraps", "cluttered", "why"),
    [
        ("237", 0, 0, False, "digits alone"),
        ("237", 20, 0, True, "things that are none"),
        ("237", 0, 20, False, "scraps, of which nothing was made, beside sure digits"),
        ("111", 0, 20, True, "beside strokes, which any edge is"),
        ("", 0, 1, True, "nothing was read"),
        ("", 0, 0, False, "nothing is there"),
    ],
)
def test_what_there_is_to_see_beside_digits(
    digits: str, others: int, scraps: int, cluttered: bool, why: str
) -> None:
    found = reading(digits, others)
    found = found._replace(pieces=found.pieces + [mark(NOT_A_DIGIT).blob] * scraps)
    assert is_cluttered(found) == cluttered, why


class Never:
    """A classifier that must not be asked."""

    def predict(self, images: object) -> Any:
        raise AssertionError("asked about noise")


@pytest.mark.parametrize(
    ("count", "why"),
    [
        (FEW, "too few for a page"),
        (MOST + 1, "noise: framing its pieces took a minute on twelve megapixels"),
    ],
)
def test_what_cannot_be_a_page_is_not_classified(count: int, why: str) -> None:
    pieces = [mark(3).blob] * count
    assert not is_promising(PAGE, pieces, 40.0, Never()), why
