"""The typical height of the digits on a page, and which pieces may be digits."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.connected import inner_of, written_on
from edgedigits.pieces.heights import typical_height
from edgedigits.results import Box


@pytest.mark.parametrize(
    ("heights", "stroke", "expected"),
    [
        ([40], 4, 40),  # one digit
        ([30, 30, 34], 3, 30),  # digits alone
        ([40] * 10 + [8] * 100, 4, 40),  # specks, ten times as many as digits
        ([30] * 33 + [186], 4, 30),  # the edge of a shadow, next to which a page of 33 digits was not read
        ([30] * 20 + [300, 280], 4, 30),  # a frame around the page in two pieces
        ([30] * 20 + [120, 400], 4, 30),  # after the largest piece is excluded, the next one has to be, too
        ([200] + [14] * 5, 9, 200),  # a digit and fragments from a dry pen beside it
        ([200] + [14] * 50, 9, 200),  # a digit on coarse paper: less than three strokes high is no writing
        ([80] * 2 + [35] * 4, 5, 80),  # two sizes of writing: too many are large for them to be no digits
        ([60] * 5 + [20] * 20, 4, 60),  # digits of which a dry pen left a quarter in pieces
    ],
)
def test_typical_height(heights: list[int], stroke: float, expected: float) -> None:
    blobs = [Blob((0, 0, height, height), ()) for height in heights]
    assert typical_height(blobs, stroke) == expected


def test_pieces_of_a_crease_do_not_tell_the_height() -> None:
    # Regression: with heights squared they did, and digits of two lines were joined, one below the other.
    digits = [Blob((0, 0, 25, 31), ())] * 24
    crease = [Blob((0, 0, 5, height), ()) for height in (90, 119, 119, 150)]
    assert typical_height([*digits, *crease], 7) == 31


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ((300, 200, 25, 40), True),  # like the others
        ((300, 100, 4, 110), False),  # what is left of a rule
        ((300, 100, 6, 110), True),  # a long 1
        ((300, 100, 30, 130), False),  # more than three times as high
        ((300, 100, 30, 100), True),  # a careless 1 or a long 9
        ((0, 100, 30, 100), False),  # the same at the picture's rim: the edge of a sheet on a table
        ((0, 200, 25, 40), True),  # a digit at the rim
        ((0, 200, 6, 40), False),  # a strip at the rim
        ((300, 200, 4, 4), False),  # a speck
    ],
)
def test_pieces_that_may_be_digits(box: Box, kept: bool) -> None:
    writing = [Blob((60 + 40 * place, 100, 25, 40), ()) for place in range(8)]
    inner, typical = inner_of([*writing, Blob(box, ())], (480, 640), 5)
    assert typical == 40
    assert (box in [blob.box for blob in inner]) == kept


@pytest.mark.parametrize(
    ("boxes", "kept", "why"),
    [
        ([(60, 20, 120, 230), (210, 20, 120, 200)], 2, "a headline of two digits"),
        (
            [(60, 20, 120, 150), (210, 20, 120, 110)],
            2,
            "the 0 of 03, of less than three times the height",
        ),
        ([(60, 20, 120, 230)], 0, "a smear along the sheet's edge, which took digits beside it for its line"),
        ([(60, 20, 120, 230), (210, 20, 120, 60)], 1, "the second is no headline's"),
        ([(60, 20, 120, 150), (60, 200, 120, 150)], 0, "two smears, one below the other"),
        ([(60, 20, 120, 230), (210, 20, 120, 200), (400, 20, 120, 250)], 2, "the third is too high"),
    ],
)
def test_large_pieces_are_a_headline_together(boxes: list[Box], kept: int, why: str) -> None:
    writing = [Blob((20 + 15 * place, 400, 12, 40), ()) for place in range(40)]
    inner, typical = inner_of([*writing, *[Blob(box, ()) for box in boxes]], (480, 640), 5)
    assert typical == 40
    assert len(inner) == len(writing) + kept, why


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        ((502, 200, 6, 40), False),  # the sheet's own edge looks like a 1
        ((480, 200, 6, 40), True),  # a 1 on the sheet
        ((484, 200, 25, 40), True),  # a digit that touches its edge
        ((488, 100, 20, 100), False),  # twice as high as digits: a fold at its edge
    ],
)
def test_the_edge_of_a_sheet_is_no_digit(box: Box, kept: bool) -> None:
    writing = [Blob((60 + 40 * place, 100, 25, 40), ()) for place in range(8)]
    sheet = np.zeros((480, 640), np.uint8)
    sheet[20:460, 20:510] = 255
    inner, _ = inner_of([*writing, Blob(box, ())], (480, 640), 5, sheet)
    assert (box in [blob.box for blob in inner]) == kept


@pytest.mark.parametrize(
    ("digits", "typical", "why"),
    [
        (11, 40, "two sides of a sheet that lies aslant, six strokes wide at the most, have no vote"),
        (3, 300, "among few others a long line may be a 1"),
    ],
)
def test_the_edges_of_a_sheet_do_not_tell_the_height(digits: int, typical: float, why: str) -> None:
    page = np.zeros((400, 600), np.uint8)
    for index in range(digits):
        cv2.rectangle(page, (80 + 40 * index, 180), (100 + 40 * index, 219), 200, 3)
    cv2.line(page, (40, 40), (60, 335), 200, 8)
    cv2.line(page, (560, 40), (540, 335), 200, 8)
    contours = cv2.findContours(page, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    blobs = [Blob(tuple(cv2.boundingRect(contour)), (contour,)) for contour in contours]
    inner, found = inner_of(blobs, page.shape, 3.0)
    assert found == pytest.approx(typical, abs=5), why
    assert sum(blob.box[3] < 50 for blob in inner) == digits, why
    assert (len(inner) > digits) == (digits < 4), why


def ink_with(shapes: str) -> np.ndarray:
    """Return a page of 200x300 with two strokes of 40 pixels, and the things named in `shapes`."""
    page = np.zeros((200, 300), np.uint8)
    for x in (120, 160):
        cv2.line(page, (x, 80), (x + 10, 119), 200, 4)
    if "sheet" in shapes:  # aslant on the table, of which a strip looks like ink: too broad for a rule
        corners = np.array([[4, 12], [280, 0], [292, 180], [14, 192]])
        cv2.polylines(page, [corners], True, 200, 14)
    if "gap" in shapes:
        page[180:, 100:200] = 0
    if "ring" in shapes:
        cv2.circle(page, (150, 100), 60, 200, 3)
    if "speck" in shapes:
        cv2.circle(page, (100, 100), 4, 200, -1)
    return page


@pytest.mark.parametrize(
    ("shapes", "why"),
    [
        ("", "two digits and nothing else"),
        ("sheet, gap", "the edge of a sheet that is broken somewhere"),
        ("sheet", "closed it hid all that stood on the sheet, and one recompression closed it"),
        ("ring", "a ring that somebody drew around them"),
        ("sheet, ring", "a frame within a frame"),
        ("sheet, speck", "what is too low for writing stays hidden"),
    ],
)
def test_a_closed_frame_hides_nothing(shapes: str, why: str) -> None:
    found = [piece.box for piece in written_on(ink_with(shapes), 20, 4.0).pieces]
    digits = sorted(box for box in found if 38 <= box[3] <= 48)
    assert len(digits) == 2, why
    assert [box[0] // 10 for box in digits] == [11, 15], why
    assert not [box for box in found if 8 <= box[2] <= 10], f"a speck on the page: {why}"


@pytest.mark.parametrize(
    ("digits", "typical", "why"),
    [
        (0, 320, "a large 0 alone is what is written"),
        (1, 320, "and so it is with something in it, as a theta's bar"),
        (2, 40, "two digits in a ring were a hundred times too small to be any"),
        (6, 40, "and so were six, which it outvoted"),
    ],
)
def test_a_ring_around_digits_does_not_tell_the_height(digits: int, typical: float, why: str) -> None:
    ring = Blob((150, 80, 320, 320), ())
    writing = [Blob((200 + 40 * place, 220, 25, 40), ()) for place in range(digits)]
    inner, found = inner_of([ring, *writing], (480, 640), 5)
    assert found == typical, why
    assert len(inner) == (digits if digits > 1 else 1 + digits), why


def test_dark_rules_do_not_tell_the_height_of_pencil() -> None:
    # Regression: their remains, darker than the writing, made digits of 40 pixels seem too tall.
    rng = np.random.default_rng(2)
    ink = rng.integers(0, 8, (360, 640)).astype(np.uint8)
    for line in range(3):
        for place, digit in enumerate("40796213"):
            at = (60 + 65 * place, 90 + 100 * line)
            cv2.putText(ink, digit, at, cv2.FONT_HERSHEY_SIMPLEX, 1.8, 70, 4, cv2.LINE_AA)
    for y in range(20, 360, 50):
        cv2.line(ink, (0, y), (640, y + 7), 220, 2, cv2.LINE_AA)
    assert len([piece for piece in written_on(ink, 20, 4.0).pieces if 30 < piece.box[3] < 50]) == 24


@pytest.mark.parametrize(
    ("firm", "found", "why"),
    [
        ([(80, 100, 8, 40), (130, 100, 8, 40)], 2, "two digits that a haze holds together"),
        ([(80, 100, 8, 12), (130, 104, 8, 10)], 1, "where a pencil pressed harder: it was torn to scraps"),
        ([], 1, "one shade"),
    ],
)
def test_wide_pieces_fall_into_digits_and_not_into_scraps(firm: list[Box], found: int, why: str) -> None:
    ink = np.zeros((240, 400), np.uint8)
    ink[98:142, 76:142] = 50
    for x, y, width, height in firm:
        ink[y : y + height, x : x + width] = 200
    for x in (200, 250, 300):  # the height of the page's digits
        ink[100:140, x : x + 20] = 120
    pieces = [piece.box for piece in written_on(ink, 20, 5.0).pieces if piece.box[0] < 180]
    assert len(pieces) == found, why


def test_a_tall_piece_falls_into_the_digits_of_two_lines() -> None:
    """It is no wider than a digit: only the others' height tells."""
    ink = np.zeros((240, 400), np.uint8)
    ink[58:152, 98:122] = 50
    for y in (60, 110):
        ink[y : y + 40, 100:120] = 200
    for x in (200, 250, 300):
        ink[100:140, x : x + 20] = 120
    pieces = [piece.box for piece in written_on(ink, 20, 5.0).pieces if piece.box[0] < 180]
    assert sorted(pieces) == [(100, 60, 20, 40), (100, 110, 20, 40)]


def test_no_rule_stays_within_a_loop() -> None:
    """Regression: a theta's outline includes the rule that crosses it, and was cut into a 6 and a 1."""
    ink = np.zeros((360, 640), np.uint8)
    for x in range(100, 600, 100):
        cv2.ellipse(ink, (x, 180), (20, 32), 0, 0, 360, 200, 5)
    rings = ink > 0
    for y in range(30, 360, 50):
        ink[y : y + 3] = np.maximum(ink[y : y + 3], 120)
    ink = cv2.GaussianBlur(ink, (3, 3), 0)
    written = written_on(ink, 20, 5.0)
    assert len(written.pieces) == 5
    for x, y, width, height in [piece.box for piece in written.pieces]:
        middle = slice(y + 15, y + height - 15), slice(x + 15, x + width - 15)
        assert ink[middle].any(), "there is a rule within"
        assert not written.ink[middle].any()
    assert written.ink[rings].min() > 20, "the strokes that it crosses are whole"
