"""Print beside handwriting: pages of letters and forms on which few or no digits were read."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.results import Box
from edgedigits.small_print import DESCENDED, _is_in_word, _printed

Grey = npt.NDArray[np.uint8]
LETTERS = (
    ([(0, 0), (0, 14)], [(0, 8), (4, 6), (8, 8), (8, 14)]),  # h
    ([(0, 10), (8, 10), (6, 6), (2, 6), (0, 10), (2, 14), (8, 13)],),  # e
    ([(0, 6), (0, 14)], [(0, 8), (4, 6), (8, 8), (8, 14)]),  # n
    ([(1, 7), (6, 6), (8, 8), (8, 14)], [(8, 9), (2, 9), (0, 12), (3, 14), (8, 12)]),  # a
    ([(0, 6), (2, 14), (4, 8), (6, 14), (8, 6)],),  # w
    ([(0, 0), (0, 14)], [(7, 6), (0, 10), (7, 14)]),  # k
    ([(0, 6), (0, 14)], [(0, 8), (3, 6), (5, 8), (5, 14)], [(5, 8), (8, 6), (10, 8), (10, 14)]),  # m
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Classifier.load())


def print_on(picture: Any, rows: range, height: float, pen: int, left: int = 40) -> None:
    """Print words of these letters, with ascenders of this height, in rows that begin at `rows`."""
    rng = np.random.default_rng(7)
    for y in rows:
        x = float(left)
        while x < 920 - height:
            if rng.random() < 0.2:
                x += 0.6 * height
            for stroke in LETTERS[int(rng.integers(len(LETTERS)))]:
                points = np.array(stroke) * height / 14 + (x, y)
                cv2.polylines(
                    picture, [np.rint(16 * points).astype(np.int32)], False, 90, pen, cv2.LINE_AA, 4
                )
            x += 0.95 * height


def page(text: str = "", height: float = 70, gap: float = 1.6, y: int = 320) -> Grey:
    """Return white paper with a number across its middle, one digit per `gap` heights."""
    picture = np.full((720, 960), 235, np.uint8)
    for place, sign in enumerate(text):
        write(picture, sign, (120 + gap * height * place, y), 40, round(height / 10), height)
    return picture


@pytest.mark.parametrize(
    ("letter", "pitch", "text", "height", "gap", "why"),
    [
        (12, 26, "283723", 95, 1.6, "digits of more than six times the letters' height were drawings"),
        (16, 32, "283", 70, 3.5, "hundreds of letters spoke against each digit"),
        (26, 46, "283", 60, 3.5, "the same, nearly half as high as the digits"),
        (12, 24, "2837", 40, 5.0, "the same, a third of digits of 40 pixels"),
        (
            10,
            20,
            "2837",
            60,
            3.0,
            "letters less than 8 pixels high are no pieces, and were left of the print",
        ),
    ],
)
def test_a_number_between_paragraphs_is_read(
    letter: int, pitch: int, text: str, height: int, gap: float, why: str, reader: Reader
) -> None:
    picture = page(text, height, gap)
    print_on(picture, range(30, 320 - pitch - 10, pitch), letter, max(1, letter // 8))
    print_on(picture, range(320 + height + 15, 700 - pitch, pitch), letter, max(1, letter // 8))
    assert reader.read(picture).text == text, why


def test_words_of_letters_that_pass_for_digits_are_print(reader: Reader) -> None:
    """Regression: "glass" was read five times, as 91255, and the five digits written not once."""
    picture = page("28372", 80, 2.0)
    for rows in (range(30, 290, 40), range(440, 680, 40)):
        print_on(picture, rows, 22, 2, left=240)
        for y in rows[::2]:
            for place, sign in enumerate("28323"):
                write(picture, sign, (60 + 22 * place, y + 4), 90, 2, 18)
    assert reader.read(picture).text == "28372"


def test_print_alone_is_no_number(reader: Reader) -> None:
    picture = page()
    print_on(picture, range(30, 660, 32), 16, 2)
    assert reader.read(picture).text == ""


def test_rows_of_small_digits_below_a_few_large_ones_are_no_print(reader: Reader) -> None:
    picture = page("28", 150, y=40)
    for row in range(6):
        for place in range(12):
            write(picture, "2837"[(place + row) % 4], (60 + 70 * place, 260 + 70 * row), 60, 4, 40)
    reading = reader.read(picture)
    assert len(reading.digits) == 74
    assert reading.text.split("\n")[1:] == [3 * ("2837" + "2837")[row % 4 :][:4] for row in range(6)]


@pytest.mark.parametrize(
    ("box", "found", "why"),
    [
        ((22, 0, 10, 45), True, "joined letters of two lines"),
        ((22, 0, 60, 45), False, "a letter on one side only"),
        ((54, 4, 12, 24), True, "a y at the end of its word kept the letters beside it"),
        ((70, 0, 10, 45), False, "a digit beyond the end of the line"),
        ((22, 40, 10, 45), False, "a digit below it"),
    ],
)
def test_letters_of_two_lines_that_touch_are_print(box: Box, found: bool, why: str) -> None:
    letters = np.array([(0, 4, 18, 16), (36, 4, 14, 16)], np.float64)
    amid = box[3] > DESCENDED * 16
    assert _is_in_word(np.array(box, np.float64), letters, 8.0, amid=amid) == found, why


@pytest.mark.parametrize(
    ("boxes", "printed", "why"),
    [
        ([(30, 0, 50, 18)], [True], "a word after a word that has a small letter"),
        ([(90, 0, 50, 18), (30, 0, 50, 18)], [True, True], "the next word, from word to word"),
        ([(30, 0, 20, 18)], [False], "a digit beside print"),
        ([(50, 0, 50, 18)], [False], "digits that touch, a long way from the print"),
        ([(30, 20, 50, 18)], [False], "digits that touch, below the print"),
        ([(30, 0, 50, 26)], [False], "a word with a y and an l, at the end of its line"),
        ([(30, 0, 50, 26), (90, 0, 10, 10)], [True, True], "the same within its line"),
        ([(30, 0, 80, 38)], [False], "large digits that touch"),
    ],
)
def test_words_beside_words_are_print(boxes: list[Box], printed: list[bool], why: str) -> None:
    """Regression: a page of italics, whose letters touch, was read as 147 digits, most of them 1s."""
    letters = [(10 - 12 * index, 0, 10, 10) for index in range(3)]
    every = np.array([*letters, *boxes], np.float64)
    assert _printed(every, 10.0, np.zeros(len(every), bool)).tolist() == [True] * 3 + printed, why


@pytest.mark.parametrize(
    ("box", "digit", "printed", "why"),
    [
        ((60, 0, 10, 16), True, False, "a digit 1.6 times as high as letters, with no letter beside it"),
        ((60, 0, 10, 16), False, True, "a b or an l"),
        ((23, 0, 10, 16), True, True, "an l that passes for a 1, at the end of its word"),
        ((60, 0, 10, 12), True, True, "a printed digit"),
        ((89, 0, 10, 20), True, False, "a digit at the end of a row of points"),
    ],
)
def test_digits_alone_are_print_only_if_they_are_low(box: Box, digit: bool, printed: bool, why: str) -> None:
    """Regression: on a bill with rows of points every second number was taken for print."""
    letters = [(10 - 12 * index, 0, 10, 10) for index in range(3)]
    points = [(78 + 4 * index, 8, 2, 2) for index in range(3)]
    every = np.array([*letters, *points, box], np.float64)
    digits = np.array([False] * 6 + [digit])
    assert _printed(every, 10.0, digits).tolist()[-1] == printed, why


def test_numbers_at_the_end_of_rows_of_points_are_read(reader: Reader) -> None:
    """Regression: of a bill's numbers, 1.6 times as high as its print, most were left out."""
    picture = page()
    for row, number in enumerate(["28", "3", "72", "83", "2", "77", "38", "22"]):
        y = 40 + 80 * row
        print_on(picture[:, :340], range(y + 12, y + 13), 24, 2)
        for x in range(350, 690, 10):
            cv2.circle(picture, (x, y + 34), 2, 90, cv2.FILLED, cv2.LINE_AA)
        for place, sign in enumerate(number):
            write(picture, sign, (700 + 40 * place, y), 40, 4, 38)
    assert reader.read(picture).text.split() == ["28", "3", "72", "83", "2", "77", "38", "22"]
