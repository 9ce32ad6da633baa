"""Hard edges of shadows are not ink, their remains are not 1s, and faint ink in grain is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, Reader
from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page, page_of
from edgedigits.pieces.candidates import Candidate
from edgedigits.pieces.connected import written_on
from edgedigits.signs.slivers import slivers_of

Grey = npt.NDArray[np.uint8]
TWO, THREE, SEVEN = (
    [(3, 12), (12, 2), (25, 2), (33, 12), (27, 27), (3, 58), (36, 58)],
    [(3, 5), (18, 0), (32, 9), (27, 24), (13, 28), (30, 34), (35, 48), (20, 60), (2, 54)],
    [(1, 2), (36, 2), (14, 60)],
)


def shaded(corners: Sequence[tuple[int, int]], light: int) -> Any:
    """Return white paper, 640x480, with a sharp shadow; float32."""
    picture = np.full((480, 640), 215, np.float32)
    cv2.fillPoly(picture, [np.array(corners, np.int32)], float(light))
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def write(picture: Any, strokes: Sequence[tuple[int, int]], left: int, top: int, dark: float) -> None:
    """Draw a digit 60 pixels high that leaves the share `dark` of the light."""
    ink = np.zeros_like(picture)
    points = np.array(strokes) + np.array([left, top])
    cv2.polylines(ink, [points.astype(np.int32)], False, 1.0, 6, cv2.LINE_AA)
    picture *= 1 - (1 - dark) * ink


@pytest.mark.parametrize(
    ("corners", "light", "why"),
    [
        ([(300, 200), (640, 200), (640, 480), (300, 480)], 60, "a phone's, level"),
        ([(320, 180), (640, 215), (640, 480), (290, 480)], 60, "aslant: lines along both sides"),
        ([(320, 180), (640, 215), (640, 480), (290, 480)], 120, "a paler one"),
        ([(0, 0), (250, 0), (140, 480), (0, 480)], 40, "half of the page, nearly black"),
    ],
)
def test_a_hard_shadow_leaves_no_line_of_ink(
    corners: Sequence[tuple[int, int]], light: int, why: str
) -> None:
    picture = shaded(corners, light)
    for left in (40, 110, 420, 490, 560):
        write(picture, SEVEN, left, 300, 0.3)
    page = page_of(np.rint(picture).astype(np.uint8))
    ink = page.ink > page.threshold
    rows = slice(round(290 / page.scale[1]), round(370 / page.scale[1]))
    ink[rows] = False  # without the digits; the shadow's edges continue above or below
    assert ink.sum() < 150, why  # corners only; lines along the edges would be thousands of pixels


def test_digits_on_both_sides_of_a_shadows_edge_are_read() -> None:
    picture = shaded([(225, 150), (640, 170), (640, 480), (205, 480)], 70)
    for place, strokes in enumerate((TWO, THREE, SEVEN, TWO, SEVEN)):
        write(picture, strokes, 60 + 75 * place, 200, 0.3)
    assert Reader(Classifier.load()).read(np.rint(picture).astype(np.uint8)).text == "23727"


def candidate(label: int, box: tuple[int, int, int, int], darkness: float) -> Candidate:
    x, y, width, height = box
    corners = [[x, y], [x + width - 1, y], [x + width - 1, y + height - 1], [x, y + height - 1]]
    contour = np.array(corners, np.int32)[:, None]
    frame = np.zeros((28, 28), np.uint8)
    return Candidate(Blob(box, (contour,)), frame, darkness, darkness, label, 1.0, (), 1.0)


@pytest.mark.parametrize(
    ("digits", "slivers", "why"),
    [
        ([(7, 6, 200), (3, 6, 200), (1, 1, 60)], {2}, "a line one pixel wide, pale: a shadow's edge"),
        ([(7, 6, 200), (3, 6, 200), (1, 6, 90)], set(), "pale, but as broad as the others"),
        ([(7, 6, 200), (3, 6, 200), (1, 1, 200)], set(), "thin, but as dark as the others"),
        ([(7, 2, 70), (3, 2, 70), (1, 2, 70)], set(), "all written with a pencil"),
        ([(7, 6, 200), (3, 2, 70), (1, 2, 70)], set(), "a pencil's 3 stands beside it"),
        ([(7, 6, 200), (3, 2, 70), (1, 1, 25)], {2}, "far less ink than even the pencil's"),
        ([(7, 6, 200), (3, 6, 200), (7, 1, 60)], {2}, "a corner of the edge"),
        ([(7, 6, 200), (3, 6, 200), (2, 1, 60)], set(), "an edge does not look like a 2"),
        ([(1, 1, 60)], set(), "nothing to compare it with"),
    ],
)
def test_a_1_with_hardly_any_ink_is_what_an_edge_left(
    digits: Sequence[tuple[int, int, int]], slivers: set[int], why: str
) -> None:
    ink = np.zeros((100, 300), np.uint8)
    found = []
    for place, (label, width, darkness) in enumerate(digits):
        x, across = 20 + 60 * place, width if label == 1 else 24
        ink[30:60, x : x + across] = darkness
        ink[30 + width : 60 - width, x + width : x + across - width] = 0
        found.append(candidate(label, (x, 30, across, 30), darkness))
    page = Page(ink, 20, 6.0 if digits[0][1] == 6 else 2.0, (1.0, 1.0), False)
    assert slivers_of(page, found, [list(range(len(found)))]) == slivers, why


@pytest.mark.parametrize(
    ("last", "seed", "why"),
    [
        (0.78, 1, "all written with a pencil"),
        (0.78, 2, "the same in other grain"),
        (0.2, 1, "a pen's 7 beside a pencil's digits hid these: the ink was dark on the mean"),
        (0.2, 3, "the same in other grain"),
    ],
)
def test_faint_ink_in_the_grain_of_dim_light_is_found(last: float, seed: int, why: str) -> None:
    picture = np.full((240, 480), 180, np.float32)
    for place, strokes in enumerate((TWO, THREE, SEVEN, TWO, SEVEN)):
        write(picture, strokes, 60 + 75 * place, 90, last if place == 4 else 0.78)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8)
    picture += np.random.default_rng(seed).normal(0, 11, picture.shape)
    text = Reader(Classifier.load()).read(np.clip(picture, 0, 255).astype(np.uint8)).text
    assert text == "23727", why


def page_of_rows(rows: Sequence[str], height: int, pen: int, across: int) -> Any:
    """Return a page of 2s, 3s and 7s, 410x594, `height` pixels high and `across` pixels apart; float32."""
    picture = np.full((410, 594), 215, np.float32)
    for row, text in enumerate(rows):
        for place, label in enumerate(text):
            strokes = {"2": TWO, "3": THREE, "7": SEVEN}[label]
            points = np.array(strokes) * height / 60 + (60 + across * place, 30 + (height + 25) * row)
            cv2.polylines(picture, [points.astype(np.int32)], False, 60.0, pen, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize(
    ("height", "pen", "left", "top", "right", "why"),
    [
        (40, 7, 150, 100, 430, "the writing left of it and right of it was taken for clutter around a sheet"),
        (50, 5, 60, 60, 300, "it was read alone, cut off in the middle of digits"),
        (50, 7, 100, 200, 500, "digits at its edge were left out of the rows above"),
    ],
)
def test_a_shadow_on_a_page_is_no_sheet_of_its_own(
    height: int, pen: int, left: int, top: int, right: int, why: str
) -> None:
    rows = ["2722722", "7377377", "3233233", "2722722", "7377377"]
    picture = page_of_rows(rows, height, pen, 70) + np.random.default_rng(1).normal(0, 1, (410, 594))
    shadow = np.zeros((410, 594), np.float32)
    cv2.fillPoly(
        shadow, [np.array([(left, top), (right, top), (right + 5, 410), (left, 410)], np.int32)], 1.0
    )
    picture *= 1 - 0.78 * cv2.GaussianBlur(shadow, (0, 0), 1.0)
    reading = Reader(Classifier.load()).read(np.clip(picture, 0, 255).astype(np.uint8))
    assert reading.text.split("\n") == rows, why


def test_a_dark_strip_along_the_rim_is_no_rule() -> None:
    # Regression: it was taken for one, and the digits fell apart into the darker spots of uneven pencil.
    ink = np.zeros((410, 594), np.uint8)
    for place in range(10):
        left, top = 60 + 100 * (place % 5), 60 + 100 * (place // 5)
        points = np.array((TWO, THREE, SEVEN)[place % 3], np.int32) + np.array((left, top), np.int32)
        cv2.polylines(ink, [points], False, 90, 3)
        for x, y in points[1::2].tolist():
            ink[y - 4 : y + 5, x - 4 : x + 5][ink[y - 4 : y + 5, x - 4 : x + 5] > 0] = 220
    ink[:4, 300:500] = 200
    heights = [blob.box[3] for blob in written_on(ink, 20, 3.0).pieces if blob.box[1] > 10]
    assert len(heights) == 10
    assert min(heights) >= 58


def test_hairlines_in_a_shadow_on_twelve_megapixels_are_read() -> None:
    # At low resolution a row is one piece, which was taken for a drawing, and a speck beside it for the page.
    rows = ["2372372372", "3723723723", "7237237237", "2372372372"]
    picture = np.full((3000, 4000), 215, np.float32)
    for row, text in enumerate(rows):
        for place, label in enumerate(text):
            strokes = {"2": TWO, "3": THREE, "7": SEVEN}[label]
            points = np.array(strokes) + np.array((300 + 78 * place, 300 + 96 * row))
            cv2.polylines(picture, [points.astype(np.int32)], False, 60.0, 2, cv2.LINE_AA)
    picture[1000:, 1500:] *= 0.4
    assert Reader(Classifier.load()).read(picture.astype(np.uint8)).text.split("\n") == rows
