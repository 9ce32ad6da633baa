"""Shapes that look like digits, but stand among things or letters."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import NOT_A_DIGIT
from edgedigits.signs.writing import unwritten
from edgedigits.stages import in_lines

GOOD, FAIR, POOR = 0.9995, 0.95, 0.7


def piece(place: int, row: int, label: int, quality: float = GOOD) -> Candidate:
    """Return a piece on a grid of 30 x 100 pixels, where neighbours in a row form a word."""
    box = (30 * place, 100 * row, 25, 40)
    frame = np.zeros((28, 28), np.uint8)
    return Candidate(Blob(box, ()), frame, 200, 200, label, 1.0, (0.1,) * 10, quality)


def row_of(text: str, row: int, quality: float = GOOD) -> list[Candidate]:
    """Return a row of digits; x stands for a piece that is no digit."""
    return [
        piece(place, row, NOT_A_DIGIT if sign == "x" else int(sign), 0.01 if sign == "x" else quality)
        for place, sign in enumerate(text)
        if sign != " "
    ]


def left_of(*rows: list[Candidate]) -> str:
    """Return the remaining labels of all rows as one text."""
    pieces = [one for row in rows for one in row]
    clutter = unwritten(pieces, [one.label != NOT_A_DIGIT for one in pieces])
    return "".join(
        str(one.label) for place, one in enumerate(pieces) if one.label >= 0 and place not in clutter
    )


@pytest.mark.parametrize(
    ("rows", "stay", "why"),
    [
        ([row_of("5071", 0)], "5071", "a page of digits"),
        ([row_of("1111", 0), row_of("171", 1)], "1111171", "rows of 1s, and nothing else"),
        ([row_of("1", 0, POOR)], "1", "a poor digit is all there is"),
        ([row_of("50719", 0), row_of("x", 1)], "50719", "a blot beside a row of digits"),
        ([row_of("5 x", 0)], "5", "one digit and one blot"),
        ([row_of("50719", 0), row_of("xxxx xxx", 1), row_of("1 8", 2)], "5071918", "a caption among digits"),
        ([row_of("1 x x x 1 x x 1 x x", 0)], "", "legs of chairs"),
        ([row_of("7 x x x 4 x x 2 x x", 0, POOR)], "", "things that look a little like digits"),
        ([row_of("x x 5071 x x x x x x", 0)], "5071", "a number on a shirt in a crowd"),
        ([row_of("xx0xx1", 0), row_of("2846", 1)], "2846", "o and l of a word"),
        (
            [row_of("x4", 0), row_of("x12", 1), row_of("x7x05", 2)],
            "412705",
            "dollars: their sign is no letter",
        ),
        ([row_of("3x4x7", 0), row_of("9x1x8", 1)], "347918", "sums, whose signs are as many as their digits"),
        ([row_of("60x", 0), row_of("5x", 1), row_of("100x", 2)], "605100", "per cent"),
        ([row_of("xx4", 0), row_of("xx12", 1), row_of("846", 2)], "846", "letters stand beside letters"),
        (
            [row_of("xx5", 0), row_of("288", 1), row_of("018", 2)],
            "288018",
            "the s of a word: each of its letters has one beside it, be it on one side",
        ),
        (
            [row_of("x4", 0, POOR), row_of("x5", 1, POOR), row_of("846", 2)],
            "846",
            "what is doubtful is no amount",
        ),
        (
            [row_of("x0xx 12", 0), row_of("xx5x 7", 1), row_of("8460", 2)],
            "1278460",
            "words and numbers of a form",
        ),
        ([row_of("5x719", 0), row_of("30264", 1)], "571930264", "a blot within a number"),
        (
            [row_of("2 x xxxx", 0), row_of("3 x xxxxx", 1), row_of("6 x xxxx", 2), row_of("4 x xxx", 3)],
            "2364",
            "a shopping list: each digit was outvoted by the letters of its line",
        ),
        (
            [row_of("3 1 1 8 x", 0, POOR), row_of("1 1 6 1 x", 1, POOR)],
            "",
            "all of it is doubtful: a pattern",
        ),
        ([row_of("3 1 1 8", 0, POOR)], "3118", "nothing else is there: a network that doubts all it sees"),
        (
            [row_of("5" * 900, 0), row_of("xxx", 1)],
            "5" * 900,
            "more digits in a row than an exponent can tell",
        ),
        ([], "", "an empty picture"),
    ],
)
def test_what_is_written_stays(rows: list[list[Candidate]], stay: str, why: str) -> None:
    assert left_of(*rows) == stay, why


@pytest.mark.parametrize(
    ("top", "height", "stay", "why"),
    [
        (7, 26, "28460407", "half-way up: a plus"),
        (9, 28, "28460407", "a little lower: a cross"),
        (16, 24, "28460", "on the line: an a"),
        (2, 38, "28460", "as high as the digits: an &"),
    ],
)
def test_a_sign_between_blurred_digits_is_no_letter(top: int, height: int, stay: str, why: str) -> None:
    """Regression: of blurred sums, such as 40+7, two in three were left out."""
    rows = [row_of("28460", 0), row_of("40x7", 1, FAIR), row_of("xxxx", 2), row_of("xxxx", 3)]
    sign = rows[1][2]
    x, y, width, _ = sign.blob.box
    rows[1][2] = sign._replace(blob=Blob((x, y + top, width, height), ()))
    assert left_of(*rows) == stay, why


@pytest.mark.parametrize(("cut", "stay"), [(False, "125528460"), (True, "28460")])
def test_what_is_a_digit_only_once_it_is_cut_tells_less(cut: bool, stay: str) -> None:
    """Regression: a word of touching letters fell into a 1, a 2, two 5s and a letter."""
    word = [one._replace(cut=cut) if one.label >= 0 else one for one in row_of("1255x", 0)]
    assert left_of(word, row_of("28460", 1), row_of("xxxx", 2)) == stay


def test_what_is_cut_is_no_part_of_a_number_written_wide() -> None:
    """Regression: the 1512 in front of such a word was lost with it."""
    word = [one._replace(cut=True) for one in row_of("      11255", 0)]
    assert left_of(row_of("1512", 0) + word, row_of("xxxx xxxx", 1), row_of("28", 2)) == "151228"


def test_what_is_no_digit_already_is_not_named() -> None:
    pieces = row_of("1xx1xxx", 0)
    digits = [False] * len(pieces)  # lone marks have been taken out before
    assert unwritten(pieces, digits) == set()


@pytest.mark.parametrize(("gap", "stays"), [(0, False), (8, False), (16, True), (40, True)])
def test_words_are_told_by_their_gaps(gap: int, stays: bool) -> None:
    word = row_of("xxxx", 0)
    last = piece(0, 0, 0)
    digit = last._replace(blob=Blob((30 * 3 + 25 + gap, 0, 25, 40), ()))
    company = row_of("50719", 2)
    pieces = [*word, digit, *company]
    assert (4 not in unwritten(pieces, [one.label >= 0 for one in pieces])) == stays


@pytest.mark.parametrize(("height", "stays"), [(12, True), (40, False)])
def test_a_low_sign_within_a_number_is_no_letter(height: int, stays: bool) -> None:
    one, sign, other = piece(0, 0, 1), piece(1, 0, NOT_A_DIGIT, 0.01), piece(2, 0, 7, FAIR)
    sign = sign._replace(blob=Blob((30, 14, 25, height), ()))
    pieces = [one, sign, other, *row_of("x x x", 1)]
    assert (unwritten(pieces, [each.label >= 0 for each in pieces]) == set()) == stays


@pytest.mark.parametrize(
    ("grow", "stay"),
    [
        (4, 3),  # boxes around the digits: three words of a box and a digit each, of which none was read
        (-4, 0),  # boxes within the digits may be anything
    ],
)
def test_frames_do_not_speak_against_what_is_in_them(grow: int, stay: int) -> None:
    digits = [piece(3 * place, 0, 4, FAIR) for place in range(3)]
    others = []
    for one in digits:
        x, y, width, height = one.blob.box
        box = (x - grow, y - grow, width + 2 * grow, height + 2 * grow)
        others.append(one._replace(blob=Blob(box, ()), label=NOT_A_DIGIT, digit_score=0.01))
    ink = np.full((200, 400), 200, np.uint8)
    kept, lines = in_lines(Page(ink, 20, 5.0, (1.0, 1.0), False), [*digits, *others])
    assert len(kept) == stay
    assert sum(map(len, lines)) == stay


def test_ticks_lead_no_digit_out_of_its_line() -> None:
    """Regression: the low ticks of a form's comb put some of its digits into lines of their own."""
    digits = [piece(2 * place, 0, label) for place, label in enumerate((4, 0, 7, 2, 5, 9, 8, 3))]
    ticks = [
        one._replace(blob=Blob((x + 38, 134, 4, 18), ()), label=1)
        for one in digits
        for x in (one.blob.box[0],)
    ]
    digits = [
        one._replace(blob=Blob((one.blob.box[0], 100 + one.blob.box[0] // 40, 25, 40), ())) for one in digits
    ]
    page = Page(np.full((400, 800), 200, np.uint8), 20, 5.0, (1.0, 1.0), False)
    kept, lines = in_lines(page, [*digits, *ticks])
    assert [[kept[index].label for index in line] for line in lines] == [[4, 0, 7, 2, 5, 9, 8, 3]]
