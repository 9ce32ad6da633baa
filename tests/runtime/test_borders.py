"""Borders around a page, and what is drawn around the digits within them."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink.blob import Blob, own_area
from edgedigits.ink.contours import is_within
from edgedigits.pieces.connected import written_on

Grey = npt.NDArray[np.uint8]
PLACES = [(x, y) for y in (130, 230) for x in range(145, 496, 70)]


def page(border: str, around: str) -> Grey:
    """Return ink, uint8 [360, 640]: twelve strokes of 7 x 57 pixels, something around each, in a border."""
    ink = np.zeros((360, 640), np.uint8)
    for x, y in PLACES:
        cv2.line(ink, (x, y - 25), (x, y + 25), 200, 5)
        if "ring" in around:
            cv2.ellipse(ink, (x, y), (32, 45), 0, 20, 350 if "open" in around else 380, 200, 3)
        if "box" in around:
            cv2.rectangle(ink, (x - 30, y - 42), (x + 30, y + 42), 200, 3)
    if "hanging" in around:
        cv2.line(ink, (PLACES[3][0], 155), (PLACES[3][0], 175), 200, 5)
    margins = {"none": [], "straight": [12], "two": [8, 18], "three": [6, 14, 22]}
    for margin in margins.get(border, []):
        cv2.rectangle(ink, (margin, margin), (639 - margin, 359 - margin), 200, 3)
    turns = np.linspace(0, 2 * np.pi, 400)
    for reach in {"bent": [160], "bent twice": [160, 145]}.get(border, []):  # no straight line: it is no rule
        reaches = reach + 5 * np.sin(40 * turns)
        outline = np.stack([320 + 1.9 * reaches * np.cos(turns), 180 + 1.05 * reaches * np.sin(turns)], 1)
        cv2.polylines(ink, [outline.astype(np.int32)], True, 200, 1)
    return ink


@pytest.mark.parametrize("border", ["none", "straight", "two", "three", "bent", "bent twice"])
@pytest.mark.parametrize(
    ("around", "why"),
    [
        ("", "within two borders the digits were wiped out, and their edges read as 1s"),
        ("ring", "within a border each ring was a 0"),
        ("box", "and each box was, or what it held and two of its sides"),
        ("ring, hanging", "one that hangs on its ring is found as well"),
        ("open ring", "whose ends do not meet"),
    ],
)
def test_what_a_border_surrounds_is_read_as_without_it(border: str, around: str, why: str) -> None:
    found = [piece.box for piece in written_on(page(border, around), 20, 5.0).pieces]
    digits = sorted((x + width // 2, y, width, height) for x, y, width, height in found if 30 <= height < 100)
    assert len(digits) == len(PLACES), why
    assert [x for x, *_ in digits] == pytest.approx(sorted(x for x, _ in PLACES), abs=3), why
    assert max(width for _, _, width, _ in digits) <= 12, why
    assert min(height for *_, height in digits) >= 50, why


def test_digits_that_touch_rings_joined_by_lines_are_found() -> None:
    """Regression: the rings of a tree were removed as a border, and with them the digits that touch them."""
    ink = page("none", "ring")
    for (x, y), (right, lower) in pairwise(PLACES):
        if y == lower:
            cv2.line(ink, (x + 32, y), (right - 32, lower), 200, 3)
        cv2.line(ink, (x, y - 45), (x, y - 20), 200, 5)
    cv2.line(ink, (PLACES[0][0], 175), (PLACES[0][0], 185), 200, 3)
    found = [piece.box for piece in written_on(ink, 20, 5.0).pieces]
    assert sum(50 <= height <= 90 and width <= 12 for _, _, width, height in found) == len(PLACES)


def test_cells_that_all_hold_a_digit_are_left_as_they_are() -> None:
    # Regression: as a border's, the lines between pictures of single digits went with the tops of the digits.
    ink = np.zeros((360, 640), np.uint8)
    for y in (60, 180, 300):
        cv2.line(ink, (20, y), (620, y), 200, 9)
    for x in range(20, 621, 100):
        cv2.line(ink, (x, 60), (x, 300), 200, 9)
        for y in (120, 240):
            if x < 620:
                cv2.ellipse(ink, (x + 50, y), (22, 36), 0, 0, 360, 200, 7)
    written = written_on(ink, 20, 7.0)
    assert len(written.pieces) == 12
    assert np.array_equal(written.ink, ink)


def test_small_digits_beside_a_bent_piece_stay() -> None:
    # Regression: what lay in the bounding box of a crease's shade, but not in it, was taken for its specks.
    ink = np.zeros((360, 640), np.uint8)
    arc = np.array([(60, 60), (300, 90), (560, 200), (600, 320), (500, 230), (280, 130)], np.int32)
    cv2.fillPoly(ink, [arc], 60)
    cv2.circle(ink, (540, 230), 10, 0, cv2.FILLED)
    for x in range(90, 400, 60):
        cv2.line(ink, (x, 220), (x, 245), 200, 5)
    found = [piece.box for piece in written_on(ink, 20, 12.0).pieces]
    assert sum(height in range(25, 35) for *_, height in found) == 6


def test_a_piece_within_another_one_is_part_of_their_area() -> None:
    # Regression: filled together, the inner outline was a hole, and its ink was lost.
    outer = np.array([(10, 10), (50, 10), (50, 70), (10, 70)], np.int32)[:, None]
    inner = np.array([(25, 30), (35, 30), (35, 40), (25, 40)], np.int32)[:, None]
    for contours in ((outer, inner), (inner, outer)):
        assert own_area(Blob((10, 10, 41, 61), contours)).all()


@pytest.mark.parametrize(
    ("one", "within", "why"),
    [
        ((11, 11, 8, 8), True, "one pixel apart on each side"),
        ((10, 11, 8, 8), False, "reaches the left side"),
        ((11, 10, 8, 8), False, "the top"),
        ((11, 11, 9, 8), False, "the right side"),
        ((11, 11, 8, 9), False, "the foot"),
    ],
)
def test_is_within(one: tuple[int, int, int, int], within: bool, why: str) -> None:
    assert is_within(one, (10, 10, 10, 10)) == within, why
