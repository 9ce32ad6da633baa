"""Digits cut out so tightly that they touch the picture's rim, where they passed for edges of a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.cropped import shows_more
from edgedigits.ink.blob import Blob
from edgedigits.ink.cut import uncut
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import NOT_A_DIGIT
from edgedigits.stages import Stages

Grey = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Classifier.load())


def cut_out(text: str, height: int, pen: int, margin: int) -> Any:
    """Return lines of digits, 0..1, with a margin of exactly this many pixels."""
    lines = text.split()
    ink = np.zeros((int(height * (1.5 * len(lines) + 1)), int(height * (1.1 * len(lines[0]) + 2))), np.uint8)
    for row, line in enumerate(lines):
        for place, sign in enumerate(line):
            write(ink, sign, (height * (0.5 + 1.1 * place), height * (0.5 + 1.5 * row)), 255, pen, height)
    x, y, across, down = cv2.boundingRect(ink)
    close = ink[y : y + down, x : x + across]
    return cv2.copyMakeBorder(close, *(margin,) * 4, cv2.BORDER_CONSTANT, value=0).astype(np.float32) / 255


def photographed(picture: Any) -> Grey:
    noise = np.random.default_rng(3).normal(0, 2, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.7) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("text", "height", "pen", "margin"),
    [
        ("2837", 60, 7, 0),  # regression: nothing was read
        ("2837", 60, 7, 2),  # two pixels are not a margin
        ("32", 200, 22, 3),  # nor are three at this size
        ("2", 24, 3, 0),  # one digit, of few pixels
        ("3", 160, 26, 0),  # a pen so broad that the paper passed for ink
        ("2\n8\n3\n7", 70, 8, 0),  # a column
        ("32", 170, 21, 0),  # regression: boxes began and ended a pixel beyond the rim
        ("8372837", 250, 31, 0),
        ("3728372837", 90, 10, 0),  # at low resolution its strokes close up: "a sheet" of two digits
    ],
)
@pytest.mark.parametrize("bright", [False, True])
def test_what_touches_the_rim_is_read(
    text: str, height: int, pen: int, margin: int, bright: bool, reader: Reader
) -> None:
    ink = cut_out(text, height, pen, margin)
    reading = reader.read(photographed(30 + 190 * ink if bright else 215 * (1 - 0.8 * ink)))
    assert reading.text == text
    height, width = ink.shape
    for digit in reading.digits:
        x, y, across, down = digit.box
        assert 0 <= x < x + across <= width  # in pixels of the picture, not of the paper around it
        assert 0 <= y < y + down <= height


@pytest.mark.parametrize("bright", [False, True])
def test_the_stages_show_the_paper_around_what_touches_the_rim(
    bright: bool, tmp_path: Path, reader: Reader
) -> None:
    """Regression: the grey picture was cut from its lower right end, and stretched over the digits."""
    ink = cut_out("2837", 100, 12, 0)
    picture = photographed(30 + 190 * ink if bright else 215 * (1 - 0.8 * ink))
    assert reader.read(picture, tmp_path).text == "2837"
    names = ("1_grey", "2_background", "3_ink")
    grey, paper, seen = (
        cv2.imread(str(tmp_path / f"{name}.png"), cv2.IMREAD_GRAYSCALE).astype(float) for name in names
    )
    height, width = picture.shape
    assert grey.shape == paper.shape == seen.shape
    x, y, across, down = cv2.boundingRect((seen > 60).astype(np.uint8))
    assert x > 0.2 * down < y  # there is paper around it
    assert across / down == pytest.approx(width / height, rel=0.05)
    small = cv2.resize(picture, (across, down), interpolation=cv2.INTER_AREA)
    shown = grey[y : y + down, x : x + across]
    assert np.corrcoef(shown.ravel(), small.ravel())[0, 1] > 0.95
    low, high = np.percentile(paper[y : y + down, x : x + across], (10, 90))
    assert high - low < 40, "the ink is gone from it"


@pytest.mark.parametrize(("pen", "lean"), [(4, 8), (4, 16), (6, 12)])
def test_a_slanted_one_is_no_rule(pen: int, lean: int, reader: Reader) -> None:
    # It covers a quarter of so short a picture's length; made level, it had a run as thin as a rule.
    ink = np.zeros((140, 440), np.uint8)
    write(ink, "8", (20, 20), 255, pen, 100)
    cv2.line(ink, (160 + lean, 20), (160, 120), 255, pen, cv2.LINE_AA)
    write(ink, "2", (220, 20), 255, pen, 100)
    x, y, across, down = cv2.boundingRect(ink)
    close = ink[y - 4 : y + down + 4, x - 4 : x + across + 4].astype(np.float32) / 255
    assert reader.read(photographed(215 * (1 - 0.8 * close))).text == "812"


@pytest.mark.parametrize("slope", [0, 5])
def test_writing_at_the_rim_on_ruled_paper(slope: int, reader: Reader) -> None:
    # With the rule under it, it is one piece from rim to rim, like a strip of table.
    ink = 0.35 * cut_out("28372873\n73828237", 60, 6, 0)
    height, width = ink.shape
    rules = np.zeros((height, width), np.uint8)
    for y in (28, 118):
        cv2.line(rules, (0, y), (width - 1, y + slope), 255, 2, cv2.LINE_AA)
    picture = photographed(215 * (1 - 0.85 * np.maximum(ink, rules.astype(np.float32) / 255)))
    assert reader.read(picture).text == "28372873\n73828237"


def test_squared_paper_reaches_across_a_strip(reader: Reader) -> None:
    # Regression: beside the long strip the vertical lines were too short for rules, and joined the digits.
    ink = cut_out("283728", 60, 6, 16)
    height, width = ink.shape
    lines = np.zeros((height, width), np.float32)
    lines[30:32] = lines[78:80] = 0.4
    for at in range(25, width, 48):
        lines[:, at : at + 2] = 0.4
    assert reader.read(photographed(215 * (1 - np.maximum(0.8 * ink, lines)))).text == "283728"


@pytest.mark.parametrize(
    ("rows", "gap", "paper", "between"),
    [
        (("23837",), 8, 0, 255),  # the bars between them were read as 1s
        (("23", "78", "32"), 8, 0, 255),
        (("2837", "7328"), 0, 0, 0),
        (("8323",), 6, 255, 0),
        (("27382", "83723", "37287", "82338", "32783"), 5, 0, 255),
    ],
)
def test_pictures_of_digits_side_by_side(
    rows: tuple[str, ...], gap: int, paper: int, between: int, reader: Reader
) -> None:
    side = 80
    pitch = side + gap
    size = (len(rows) * pitch + gap, len(rows[0]) * pitch + gap)
    picture = np.full(size, between, np.uint8)
    for row, text in enumerate(rows):
        for column, sign in enumerate(text):
            tile = np.full((side, side), paper, np.uint8)
            write(tile, sign, (24, 14), 255 - paper, 7, 52)
            top, left = gap + row * pitch, gap + column * pitch
            picture[top : top + side, left : left + side] = tile
    assert reader.read(picture).text == "\n".join(rows)


def test_a_picture_full_of_digits_is_no_sheet_with_nothing_around_it(reader: Reader) -> None:
    # Regression: at low resolution strokes closed up to the rim, and the median of no pixels raised an error.
    ink = np.zeros((560, 560), np.uint8)
    for row in range(20):
        for column in range(20):
            write(ink, "2837"[(row + column) % 4], (8 + 28 * column, 4 + 28 * row), 255, 3, 20)
    assert len(reader.read(ink).text.split()) == 20


@pytest.mark.parametrize(
    ("left", "top", "why"),
    [
        (0, 0, "a table's edge down the left"),
        (110, 0, "one down the middle"),
    ],
)
def test_an_edge_from_rim_to_rim_is_no_digit(left: int, top: int, why: str, reader: Reader) -> None:
    picture = np.full((120, 160), 200, np.float32)
    picture[top:, left : left + 9] = 60
    assert reader.read(photographed(picture)).text == "", why


@pytest.mark.parametrize("right", [0, 18, 22])  # within its tile, at its edge, and over it
def test_a_digit_that_reaches_the_edge_of_its_tile(right: int, reader: Reader) -> None:
    # Regression: it touched what lies between the tiles, and was left out with it.
    picture = np.full((265, 265), 255, np.uint8)
    rows = ("2387", "3723", "8232", "7328")
    for row, text in enumerate(rows):
        for column, sign in enumerate(text):
            tile = np.zeros((60, 60), np.uint8)
            write(tile, sign, (18 + right * (row == column == 1), 12), 255, 4, 36)
            picture[5 + 65 * row : 65 + 65 * row, 5 + 65 * column : 65 + 65 * column] = tile
    assert reader.read(picture).text == "\n".join(rows)


@pytest.mark.parametrize(
    ("digits", "others", "before", "more", "why"),
    [
        ("2372", 0, "", True, "digits, and hardly anything else"),
        ("2372", 0, "2372", False, "no more than without the paper around them"),
        ("2372", 20, "", False, "among things that are none"),
        ("23", 0, "", False, "two are no page"),
    ],
)
def test_what_is_taken_with_paper_around_it(
    digits: str, others: int, before: str, more: bool, why: str
) -> None:
    def reading(labels: str, others: int = 0) -> Stages:
        marks = [
            Candidate(
                Blob((0, 0, 25, 40), ()),
                np.zeros((28, 28), np.uint8),
                200,
                200,
                label,
                1.0,
                (0.1,) * 10,
                0.99,
            )
            for label in [*map(int, labels), *[NOT_A_DIGIT] * others]
        ]
        grey = np.zeros((480, 640), np.uint8)
        kept = marks[: len(labels)]
        return Stages(
            grey, Page(grey, 20, 5.0, (1.0, 1.0), False), [one.blob for one in marks], marks, 0, kept, []
        )

    wide = uncut(np.full((480, 640), 235, np.uint8))
    assert shows_more(wide, reading(digits, others), reading(before)) == more, why
