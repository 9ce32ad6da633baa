"""Sheets among other things: which patches are tried, and which of the readings is kept."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.background import COARSE_SIDE, shrink
from edgedigits.ink.cut import patches_of, uncut
from edgedigits.ink.sheet import MARGIN, MOST, inside, sheet_of, written_patches

Grey = npt.NDArray[np.uint8]
SHAPE = (480, 640)


def things(seed: int = 1) -> Grey:
    """Draw overlapping boards and boxes of all sizes and shades, some as narrow as a 1."""
    rng = np.random.default_rng(seed)
    picture = np.full(SHAPE, 90, np.uint8)
    for _ in range(260):
        middle = rng.uniform(0, 1, 2) * SHAPE[::-1]
        size = rng.uniform(8, 60) * np.array([1, rng.uniform(0.1, 1)])
        corners = cv2.boxPoints((middle.tolist(), size.tolist(), float(rng.uniform(0, 180))))
        cv2.fillPoly(picture, [corners.astype(np.int32)], int(rng.integers(20, 190)), cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1), np.uint8)


def note(picture: Grey, box: tuple[int, int, int, int], *rows: str) -> Grey:
    """Put a white note with rows of digits, 40 pixels high, into a picture."""
    x, y, width, height = box
    noted = picture.copy()
    noted[y : y + height, x : x + width] = 215
    for row, text in enumerate(rows):
        for place, sign in enumerate(text):
            write(noted, sign, (x + 25 + 42 * place, y + 25 + 62 * row), 40)
    return noted


def coarse(picture: Grey) -> Grey:
    return shrink(picture, COARSE_SIDE)


@pytest.mark.parametrize(
    ("box", "why"),
    [
        ((330, 90, 200, 150), "less than a tenth of the picture"),
        ((60, 200, 240, 160), "another place"),
        ((440, 330, 200, 150), "in the corner"),
    ],
)
def test_a_small_note_before_things_is_read(box: tuple[int, int, int, int], why: str) -> None:
    picture = note(things(), box, "2372", "7323")
    sheet = sheet_of(coarse(picture))
    assert sheet is None or not sheet.is_sure, why  # too small to be the page for sure
    reading = Reader(Classifier.load()).read(picture)
    assert reading.text == "2372\n7323", why
    x, y, width, height = box
    for digit in reading.digits:
        left, top, across, down = digit.box
        assert x <= left < left + across <= x + width, why
        assert y <= top < top + down <= y + height, why


def test_a_digit_left_of_the_things_in_a_room_is_no_page() -> None:
    """Their bright edges passed for ink; without the largest of them two "digits" ended the search."""
    rng = np.random.default_rng(0)
    picture = np.full((360, 480), 96, np.uint8)
    for _ in range(15):
        middle, size = (
            rng.uniform(0, 1, 2) * (480, 360),
            rng.uniform(5, 16) * np.array([1, rng.uniform(0.3, 1)]),
        )
        corners = cv2.boxPoints((middle.tolist(), size.tolist(), float(rng.uniform(0, 180))))
        level = int(rng.integers(150, 240)) if rng.random() < 0.8 else 40
        cv2.fillPoly(picture, [corners.astype(np.int32)], level, cv2.LINE_AA)
    cv2.circle(picture, (450, 170), 36, 235, -1, cv2.LINE_AA)
    picture[30:321, 40:401] = 102  # the sheet, hardly brighter than what is behind it
    write(picture, "7", (10, 100), 235, 4, 30)
    for row, text in enumerate(("28372", "73283")):
        for place, sign in enumerate(text):
            write(picture, sign, (90 + 50 * place, 160 + 50 * row), 45, 3, 26)
    noise = np.random.default_rng(0).normal(0, 2, picture.shape)
    photograph = np.clip(cv2.GaussianBlur(picture, (0, 0), 0.8) + noise, 0, 255).astype(np.uint8)
    assert Reader(Classifier.load()).read(photograph).text == "28372\n73283"


def test_nothing_is_told_of_things() -> None:
    # Regression: seven digits were reported before the reader judged all pieces together.
    assert Reader(Classifier.load()).read(things()).text == ""


def test_the_whole_is_taken_where_no_patch_has_more() -> None:
    # Two notes: neither has as many digits as both.
    picture = note(note(things(), (40, 60, 230, 160), "2372", "7323"), (370, 260, 230, 160), "3227", "2733")
    text = Reader(Classifier.load()).read(picture).text
    assert sum(text.count(sign) for sign in "237") >= 8


def test_patches_are_written_on_and_few() -> None:
    picture = note(things(), (60, 200, 240, 160), "2372")
    cv2.rectangle(picture, (400, 60), (560, 180), 215, cv2.FILLED)  # a blank one
    (patch,) = [one for one in written_patches(coarse(picture)) if one[70, 45]]
    assert not patch[30, 120]
    assert 0.6 < cv2.countNonZero(patch) / (60 * 40) <= 1
    many = np.full((480, 640), 60, np.uint8)
    for left in range(8, 600, 105):
        for top in (10, 250):
            many[top : top + 200, left : left + 90] = 215
            cv2.line(many, (left + 45, top + 40), (left + 40, top + 90), 40, 4)
    assert len(written_patches(coarse(many))) == MOST


def test_patches_have_their_place_in_the_picture() -> None:
    picture = note(things(), (60, 200, 240, 160), "2372")
    (cut,) = [one for one in patches_of(picture, uncut(picture)) if abs(one.origin[0] - 60) < 32]
    (x, y), (height, width) = cut.origin, cut.grey.shape
    assert 60 <= x < x + width <= 300
    assert 200 <= y < y + height <= 360
    np.testing.assert_array_equal(cut.grey, picture[y : y + height, x : x + width])
    tiny = picture[:100, :100]
    assert patches_of(tiny, uncut(tiny)) == []


def test_a_whole_page_is_no_patch_of_itself() -> None:
    # Regression: pages of print were read twice.
    page = note(np.full((480, 640), 215, np.uint8), (0, 0, 640, 480), "2372", "7323")
    assert written_patches(coarse(page))[0].all()
    assert patches_of(page, uncut(page)) == []


def test_a_margin_is_taken_off_where_the_sheet_ends_and_not_where_the_picture_does() -> None:
    sheet = np.zeros((120, 160), np.uint8)
    sheet[30:90, :100] = 255
    margin = round(160 * MARGIN)
    left = inside(sheet)
    assert cv2.boundingRect(left) == (0, 30 + margin, 100 - margin, 60 - 2 * margin)
