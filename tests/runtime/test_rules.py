"""Rules and tables are removed; the strokes that touch them stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.rules import without_rules
from edgedigits.ink.smooth import fitted, heights

WIDTH, HEIGHT = 800, 500


def strokes() -> np.ndarray:
    """A 1, a 7 and a 4, about 80 high."""
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for points in (
        [(175, 200), (175, 280)],
        [(300, 205), (350, 205), (315, 280)],
        [(450, 200), (440, 250), (490, 250)],
    ):
        cv2.polylines(ink, [np.array(points, np.int32)], False, 220, 7)
    cv2.line(ink, (475, 210), (475, 280), 220, 7)
    return ink


def lines(slope: float, bend: float, thickness: int, upright: bool) -> np.ndarray:
    ink = np.zeros((WIDTH, WIDTH) if upright else (HEIGHT, WIDTH), np.uint8)
    x = np.linspace(0, WIDTH, 40)
    for start in range(40, 800, 95):
        y = start + slope * x + bend * WIDTH * (2 * x / WIDTH - 1) ** 2
        cv2.polylines(ink, [np.rint(np.column_stack([x, y])).astype(np.int32)], False, 180, thickness)
    return np.ascontiguousarray(ink.T[:HEIGHT, :WIDTH]) if upright else ink


@pytest.mark.parametrize(
    ("slope", "bend", "thickness"),
    [
        (0.0, 0.0, 2),
        (0.0, 0.0, 4),
        (0.05, 0.0, 3),  # the page was held askew
        (-0.05, 0.0, 3),
        (0.01, 0.02, 3),  # the paper is bent
        (0.2, 0.0, 2),  # the camera was turned by 11 degrees: thin rules have no long level run
        (-0.36, 0.0, 3),  # by 20 degrees
    ],
)
@pytest.mark.parametrize("kind", ["rules", "grid"])
def test_lines_go_and_strokes_stay(slope: float, bend: float, thickness: int, kind: str) -> None:
    ink = strokes()
    page = np.maximum(ink, lines(slope, bend, thickness, False))
    if kind == "grid":
        page = np.maximum(page, lines(-slope, bend, thickness, True))
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    kept = np.count_nonzero(cleared[ink > 0]) / np.count_nonzero(ink)
    left = np.count_nonzero(cleared[cv2.dilate(ink, np.ones((9, 9), np.uint8)) == 0])
    drawn = np.count_nonzero(page) - np.count_nonzero(ink)
    assert kept > 0.9
    assert left < 0.05 * drawn


@pytest.mark.parametrize(
    ("pitch", "thickness", "stroke"),
    [
        (24, 2, 4.0),  # a rule has a piece per square: pieces of known rules used up all tries for new ones
        (11, 1, 7.0),  # lines less than four stroke widths apart: no rule was found, and no digit
    ],
)
def test_squared_paper_with_hundreds_of_squares(pitch: int, thickness: int, stroke: float) -> None:
    ink = strokes()
    page = ink.copy()
    for line in range(thickness):
        page[line::pitch], page[:, line::pitch] = 180, 180
    cleared = without_rules(page, 20, stroke)
    assert cleared is not None
    away = cv2.dilate(ink, np.ones((9, 9), np.uint8)) == 0
    assert np.count_nonzero(cleared[away]) < 0.02 * np.count_nonzero(page[away])


@pytest.mark.parametrize(
    ("pen", "gone"),
    [
        (220, True),  # paler than the pen: it can only be part of a rule
        (70, False),  # nearly as dark as the pen, it may be writing
    ],
)
def test_what_is_left_of_a_rule_that_bends_twice(pen: int, gone: bool) -> None:
    """Regression: no parabola fits it, and its remains were read as 1s."""
    page = np.minimum(strokes(), pen)
    written = page > 0
    for y in (40, 120, 360, 440):
        page[y : y + 3] = np.maximum(page[y : y + 3], 60)
    x = np.arange(0, WIDTH, 8)
    wave = np.column_stack([x, 400 + 25 * np.sin(x / 60)]).astype(np.int32)
    cv2.polylines(page, [wave], False, 60, 3)
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    assert (np.count_nonzero(cleared[370:432]) == 0) == gone
    assert np.count_nonzero(cleared[written]) > 0.9 * np.count_nonzero(written)


@pytest.mark.parametrize(
    ("squared", "kept"),
    [
        (False, True),  # remains of rules in one direction are narrow, so this was written
        (True, False),  # it may be the corner of a square
    ],
)
def test_pale_writing_beside_bold_on_ruled_paper(squared: bool, kept: bool) -> None:
    """Regression: wherever other digits were darker, those of a thin pen were taken for remains of rules."""
    page = strokes()
    cv2.polylines(page, [np.array([(600, 200), (580, 240), (630, 240)], np.int32)], False, 100, 5)
    pale = page == 100
    for y in (40, 120, 360, 440):
        page[y : y + 3] = 120
    if squared:
        for x in (60, 250, 540, 700):
            page[:, x : x + 3] = np.maximum(page[:, x : x + 3], 120)
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    assert (np.count_nonzero(cleared[pale]) > 0.9 * np.count_nonzero(pale)) == kept


@pytest.mark.parametrize(
    ("part", "kept", "why"),
    [
        ([(600, 200), (600, 260)], True, "a pale 1 stands across the rules"),
        ([(462, 190), (500, 186)], True, "the flag of a digit, far from any rule"),
        ([(600, 230), (650, 229)], False, "a piece of a rule that was not found"),
        ([(440, 290), (520, 290)], False, "a piece beside a rule, below a digit"),
    ],
)
@pytest.mark.parametrize("upright", [False, True])
def test_narrow_pale_pieces_of_writing_stay(
    part: list[tuple[int, int]], kept: bool, why: str, upright: bool
) -> None:
    """Regression: a thin pen's 1s and flags were removed as remains, which lie along and near rules."""
    page = strokes()
    cv2.polylines(page, [np.array(part, np.int32)], False, 100, 4)
    pale = page == 100
    for y in (40, 120, 297, 440):
        page[y : y + 3] = 120
    if upright:
        page, pale = np.ascontiguousarray(page.T), pale.T
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    assert (np.count_nonzero(cleared[pale]) > 0.8 * np.count_nonzero(pale)) == kept, why


@pytest.mark.parametrize(
    ("shade", "kept", "why"),
    [
        (200, True, "the bar of a 4, as dark as the pen"),
        (128, False, "a wet place of the rule, hardly darker than the rest of it"),
    ],
)
@pytest.mark.parametrize("upright", [False, True])
def test_strokes_along_a_rule(shade: int, kept: bool, why: str, upright: bool) -> None:
    """Regression: strokes along a rule were removed with it: 4s became two 1s, and 2s 7s."""
    page = strokes()
    for y in (40, 120, 297, 440):
        page[y : y + 3] = 120
    along = np.zeros(page.shape, bool)
    along[440:443, 300:350] = True
    page[along] = shade
    if upright:
        page, along = np.ascontiguousarray(page.T), along.T
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    assert cleared[along].all() if kept else not cleared[along].any(), why


def test_pages_without_rules_are_not_touched() -> None:
    assert without_rules(strokes(), 20, 7.0) is None
    assert without_rules(np.zeros((100, 100), np.uint8), 20, 3.0) is None


@pytest.mark.parametrize(
    ("bar", "legs", "stays"),
    [
        ((140, 270), 110, True),  # a pi, or a T: no broader than it is high
        ((150, 300), 70, False),  # twice as long as what hangs on it
        ((140, 270), 0, False),  # nothing hangs on it: a dash, or an underline
        ((0, 130), 110, False),  # comes from beyond the rim
    ],
)
@pytest.mark.parametrize("upright", [False, True], ids=["level", "upright"])
def test_the_bar_of_a_sign_is_no_rule(bar: tuple[int, int], legs: int, stays: bool, upright: bool) -> None:
    """Regression: without its bar a pi was read as 11."""
    ink = np.zeros((400, 400), np.uint8)
    ink[149:152, bar[0] : bar[1]] = 220
    for x in (bar[0] + 40, bar[1] - 40):
        if legs:
            points = np.array([(x, 150), (x - 8, 150 + legs // 2), (x + 6, 150 + legs)], np.int32)
            cv2.polylines(ink, [points], False, 220, 5)
    if upright:
        ink = np.ascontiguousarray(ink.T)
    cleared = without_rules(ink, 20, 5.0)
    assert cleared is not None
    kept = (cleared.T if upright else cleared)[149:152, bar[0] + 5 : bar[0] + 30]
    assert bool(kept.any()) == stays


def test_the_frame_of_one_high_digit_is_no_bar() -> None:
    """The sides of a square box are no longer than what stands on them, but meet one another."""
    ink = np.zeros((400, 400), np.uint8)
    cv2.rectangle(ink, (120, 120), (280, 280), 180, 3)
    cv2.line(ink, (200, 140), (200, 281), 220, 11)
    cleared = without_rules(ink, 20, 9.0)
    assert cleared is not None
    assert not cleared[:, 100:180].any()
    assert cleared[150:270, 200].all()


def test_a_row_of_dashes_is_no_rule() -> None:
    # The bars of sevens and the feet of twos stand on one line too.
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x in range(60, 760, 70):
        cv2.line(ink, (x, 200), (x + 28, 200), 220, 6)
        cv2.line(ink, (x + 28, 200), (x + 10, 260), 220, 6)
    assert without_rules(ink, 20, 6.0) is None


@pytest.mark.parametrize(
    ("degree", "columns"),
    [
        (1, [3, 4, 5, 9, 40]),
        (2, [3, 4, 5, 9, 40]),
        (2, [3900, 3901, 3950, 3990, 3999, 3999]),  # far from the origin, where sums of powers lose precision
    ],
)
def test_the_fit_is_that_of_least_squares(degree: int, columns: list[int]) -> None:
    x = np.array(columns)
    y = np.array([7, 9, 8, 12, 30, 31])[: len(x)]
    expected = np.polyval(np.polyfit(x - x[0], y, degree), x - x[0])
    assert np.allclose(heights(fitted(x, y, degree), x), expected, atol=1e-6)


@pytest.mark.parametrize("columns", [[5, 5, 5], [5, 5, 6, 6]])
def test_a_fit_through_too_few_columns_is_the_plainest(columns: list[int]) -> None:
    """One column gives a level line, two give a straight one: a parabola through them would be arbitrary."""
    x = np.array(columns)
    bend, tilt, _ = fitted(x, np.arange(len(x)), 2)
    assert bend == 0
    assert tilt == (0 if columns[0] == columns[-1] else 2)
