"""Commas, apostrophes and plus signs between digits."""

from __future__ import annotations

import pytest

from edgedigits.lines import lines_of
from edgedigits.results import Box
from edgedigits.signs.punctuation import signs_of

LINE: list[Box] = [(40, 100, 28, 40), (130, 100, 28, 40), (220, 100, 28, 40)]


@pytest.mark.parametrize(
    ("box", "label", "sign"),
    [
        ((85, 130, 6, 18), 1, True),  # a comma
        ((85, 96, 6, 16), 1, True),  # the apostrophe of 1'000
        ((85, 110, 20, 20), 4, True),  # a plus
        ((85, 100, 8, 40), 1, False),  # a 1
        ((85, 116, 7, 24), 1, False),  # a short 1 is still higher than any comma
        ((85, 110, 20, 20), 0, False),  # a small digit on the midline
        ((95, 110, 20, 20), 3, False),  # a clear one, apart from the digit before it
        ((85, 107, 22, 25), 4, True),  # a large one
        ((85, 107, 22, 25), 7, False),  # a low 7
        ((85, 110, 36, 20), 4, False),  # a 4 written flat
        ((85, 119, 20, 21), 4, False),  # a small 4 on the baseline, which just crosses the midline
        ((80, 92, 20, 56), 1, True),  # the slash of a date
        ((82, 93, 8, 54), 1, True),  # a bracket
        ((80, 92, 20, 56), 7, False),  # a tall 7, which is no single stroke
        ((82, 85, 10, 56), 1, False),  # a tall 1 stands on the baseline
        ((75, 92, 36, 56), 1, True),  # regression: a slash that leans far was read as a 1
        ((70, 92, 52, 56), 1, False),  # as wide as high, it is no slash
        ((82, 97, 10, 46), 1, False),  # digits differ in height as much as this
    ],
)
def test_a_mark_between_digits(box: Box, label: int, sign: bool) -> None:
    boxes = [LINE[0], box, *LINE[1:]]
    assert signs_of(boxes, [8, label, 8, 8], [[0, 1, 2, 3]], [1.0] * 4) == ({1} if sign else set())


def test_slashes_do_not_tell_the_height_of_a_date() -> None:
    """12/05/24: the slashes are the neighbours of its digits."""
    boxes: list[Box] = [(40 * place, 100, 26, 40) for place in range(8)]
    for place in (2, 5):
        boxes[place] = (40 * place + 5, 91, 20, 58)
    assert signs_of(boxes, [1, 2, 1, 0, 5, 1, 2, 4], [[*range(8)]], [1.0] * 8) == {2, 5}


@pytest.mark.parametrize("end", [0, 3])
def test_a_comma_at_the_end_of_a_line(end: int) -> None:
    comma: Box = ((10 if end == 0 else 260), 130, 6, 18)
    boxes = [*LINE[:end], comma, *LINE[end:]]
    assert signs_of(boxes, [1] * 4, [[0, 1, 2, 3]], [1.0] * 4) == {end}


def test_as_many_commas_as_digits() -> None:
    boxes = [box for x in (40, 130, 220) for box in ((x, 100, 28, 40), (x + 45, 130, 6, 18))]
    assert signs_of(boxes, [1] * 6, [[*range(6)]], [1.0] * 6) == {1, 3, 5}


def test_the_middle_of_a_line_that_slopes() -> None:
    boxes: list[Box] = [(40 + 60 * place, 100 + 15 * place, 28, 40) for place in range(8)]
    boxes[3] = (220, 175, 6, 18)
    assert signs_of(boxes, [1] * 8, [[*range(8)]], [1.0] * 8) == {3}


@pytest.mark.parametrize(
    ("box", "label", "quality", "sign", "why"),
    [
        ((72, 92, 16, 20), 3, 0.998, False, "an exponent"),
        ((72, 132, 16, 20), 3, 0.998, False, "an index"),
        ((72, 92, 16, 20), 3, 0.9, True, "what may be no digit is a mark"),
        ((72, 92, 16, 20), 0, 1.0, True, "the ring of a degree is a good 0"),
        ((74, 92, 6, 16), 1, 1.0, True, "and an apostrophe a good 1"),
        ((74, 130, 9, 18), 7, 1.0, True, "and a comma with a head a good 7"),
        ((100, 92, 16, 20), 3, 0.998, True, "far behind a digit, where small letters may stand"),
    ],
)
def test_a_small_digit_behind_a_digit(box: Box, label: int, quality: float, sign: bool, why: str) -> None:
    boxes = [LINE[0], box, *LINE[1:]]
    found = signs_of(boxes, [8, label, 8, 8], [[0, 1, 2, 3]], [1.0, quality, 1.0, 1.0])
    assert found == ({1} if sign else set()), why


@pytest.mark.parametrize(
    ("labels", "signs", "why"),
    [
        (
            (3, 2, 0),
            set(),
            "10 to the power of 0: exponents of 0, 1 and 7 were lost on pages full of exponents",
        ),
        ((3, 2, 1), set(), "of 1"),
        ((3, 1, 1), {3, 5}, "one exponent among apostrophes"),
        ((3, 2, 0, 0, 1), {5, 7, 9}, "fewer exponents than degree signs and apostrophes"),
    ],
)
def test_what_looks_like_a_mark_among_exponents(labels: tuple[int, ...], signs: set[int], why: str) -> None:
    boxes, named = list[Box](), list[int]()
    for place, label in enumerate(labels):
        boxes += [(90 * place, 100, 28, 40), (90 * place + 32, 92, 16, 20)]
        named += [8, label]
    assert signs_of(boxes, named, [[*range(len(boxes))]], [1.0] * len(boxes)) == signs, why


def test_a_small_digit_behind_a_small_one_is_a_letter() -> None:
    boxes: list[Box] = [LINE[0], (90, 124, 14, 18), (108, 124, 14, 18), *LINE[1:]]
    assert signs_of(boxes, [8, 5, 8, 8, 8], [[*range(5)]], [1.0] * 5) == {1, 2}


def test_commas_do_not_lead_the_next_digits_out_of_their_line() -> None:
    # Regression: with the 6 the comma behind it stood for the line, and a slightly higher 3 began a new one.
    boxes: list[Box] = [(40 * place, 100, 28, 40) for place in range(6)]
    boxes += [(235, 132, 8, 18), (260, 90, 28, 32)]
    assert lines_of(boxes) == [[*range(8)]]
