"""Strokes that cross rules, or run along them, stay whole."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits.ink.rules import without_rules

PEN, PALER, RULE = 60, 150, 200


def pages(slope: float, thickness: int) -> tuple[np.ndarray, np.ndarray]:
    """A page with a 1, a 7 and a 0 across a rule, and the strokes alone."""
    ink = np.zeros((500, 800), np.uint8)
    cv2.line(ink, (190, 200), (175, 280), PEN, 8)
    cv2.polylines(ink, [np.array([(300, 205), (350, 205), (315, 280)], np.int32)], False, PEN, 8)
    cv2.ellipse(ink, (480, 240), (25, 40), 0, 0, 360, PEN, 8)
    page = ink.copy()
    for y in range(40, 500, 100):
        cv2.line(page, (0, round(y + 400 * slope)), (800, round(y - 400 * slope)), RULE, thickness)
    return page, ink


@pytest.mark.parametrize(
    ("slope", "thickness"),
    [
        (0.0, 2),
        (0.0, 5),  # as thick as the pen
        (0.03, 3),
        (0.2, 2),  # the page was held askew
    ],
)
@pytest.mark.parametrize("upright", [False, True], ids=["level", "upright"])
def test_a_pale_digit_on_a_dark_rule_stays_in_one_piece(slope: float, thickness: int, upright: bool) -> None:
    """Regression: a page of pencil on rules darker than it fell into halves, which were read as 1s."""
    page, ink = pages(slope, thickness)
    if upright:
        page, ink = np.ascontiguousarray(page.T), np.ascontiguousarray(ink.T)
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    assert np.count_nonzero(cleared[ink > 0]) > 0.95 * np.count_nonzero(ink)
    near = cv2.dilate(ink, np.ones((9, 9), np.uint8)) > 0
    assert not cleared[~near].any()
    assert cv2.connectedComponents(cleared)[0] - 1 == 3


def test_strokes_that_end_at_a_rule_do_not_reach_into_it() -> None:
    page, ink = pages(0.0, 5)
    page[200:240], ink[200:240] = 0, 0
    cv2.line(page, (0, 240), (800, 240), RULE, 5)
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    assert not cleared[238:243].any()
    assert cleared[ink > 0].any()


def test_strokes_away_from_rules_are_not_joined() -> None:
    page, ink = pages(0.0, 3)
    for y in (275, 287):
        page[y : y + 6, 600:660] = ink[y : y + 6, 600:660] = PEN
    cleared = without_rules(page, 20, 7.0)
    assert cleared is not None
    assert np.array_equal(cleared[270:300, 590:670], np.where(ink > 0, 255, 0)[270:300, 590:670])


@pytest.mark.parametrize(
    ("gap", "pen", "slope", "parts", "why"),
    [
        (4, RULE, 0.0, 1, "the bar of a 4 had a gap, and its stem was a 1"),
        (10, RULE, 0.0, 1, "nearly twice as long as the rule is thick"),
        (20, RULE, 0.0, 2, "three times as long: the strokes may not belong together"),
        (4, PALER, 0.0, 2, "a paler pen: bumps of the rule are no strokes"),
        (4, RULE, 0.2, 2, "of slanting rules steps remain that would be joined"),
    ],
)
@pytest.mark.parametrize("upright", [False, True], ids=["level", "upright"])
def test_a_stroke_along_a_rule_has_no_narrow_gaps(
    gap: int, pen: int, slope: float, parts: int, why: str, upright: bool
) -> None:
    page = np.zeros((500, 800), np.uint8)
    for part in ([(150, 190), (150, 246)], [(150, 246), (192 - gap, 246)], [(200, 190), (200, 290)]):
        cv2.line(page, *part, pen, 8)
    for y in range(40, 500, 100):
        cv2.line(page, (0, round(y + 175 * slope)), (800, round(y - 625 * slope)), RULE, 6)
    cleared = without_rules(np.ascontiguousarray(page.T) if upright else page, 20, 8.0)
    assert cleared is not None
    assert cv2.connectedComponents(cleared)[0] - 1 == parts, why
