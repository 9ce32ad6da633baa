"""Boxes and rings that lost a side to the removal of rules, and pieces that look like them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink.blob import outlined
from edgedigits.pieces.connected import written_on
from edgedigits.pieces.open_frames import without_open_frames

Grey = npt.NDArray[np.uint8]
Draw = Callable[[Grey], object]
Point = tuple[int, int]


def line(*points: tuple[int, int]) -> Draw:
    return lambda page: cv2.polylines(page, [np.array(points, np.int32)], False, 255, 4)


def arc(x: int, y: int, start: int, end: int) -> Draw:
    return lambda page: cv2.ellipse(page, (x, y), (40, 50), 0, start, end, 255, 4)


DIGIT = line((85, 70), (115, 70), (95, 130))
CUP = line((60, 50), (60, 150), (140, 150), (140, 50))
SIDES = [line((260, 52), (260, 150)), line((340, 50), (340, 148))]
OTHER = line((285, 70), (315, 70), (295, 130))


@pytest.mark.parametrize(
    ("drawn", "left", "why"),
    [
        ([DIGIT, CUP], 1, "a box without its upper side"),
        ([DIGIT, line((60, 140), (60, 50), (140, 50), (140, 140))], 1, "without its lower one"),
        ([DIGIT, arc(100, 100, -50, 230)], 1, "a ring without its top"),
        ([DIGIT, arc(100, 100, -170, -10)], 2, "less than half a ring is a stroke"),
        ([CUP], 1, "nothing in it: it may be a U"),
        ([line((90, 90), (90, 110)), CUP], 2, "a dot in it"),
        ([DIGIT, CUP, *SIDES, OTHER], 2, "two sides are a frame's where another is as high"),
        ([*SIDES, OTHER], 3, "but 171 where there is none"),
        ([line((60, 50), (140, 50), (80, 150)), line((75, 80), (75, 130))], 2, "a 7 around a stroke"),
    ],
)
def test_what_is_left_of_frames(drawn: list[Draw], left: int, why: str) -> None:
    page = np.zeros((200, 400), np.uint8)
    for draw in drawn:
        draw(page)
    assert len(without_open_frames(outlined(page))) == left, why


@pytest.mark.parametrize(
    ("closed", "left", "why"),
    [
        ([100], 1, "the boxes of another row, which no rule opened, are as high"),
        ([60], 3, "those are lower: 171"),
        ([], 3, "there are none: 171"),
    ],
)
def test_two_sides_beside_closed_frames(closed: list[int], left: int, why: str) -> None:
    """Regression: the rows of boxes above were whole, and each box of this one was two 1s."""
    page = np.zeros((200, 400), np.uint8)
    for draw in (*SIDES, OTHER):
        draw(page)
    assert len(without_open_frames(outlined(page), closed)) == left, why


def boxed(pitch: int) -> Grey:
    """A row of boxes 70 wide and 90 high, with a stroke in each."""
    page = np.zeros((300, 640), np.uint8)
    for x in range(30, 530, pitch):
        cv2.rectangle(page, (x, 60), (x + 70, 150), 255, 3)
        cv2.line(page, (x + 35, 80), (x + 35, 130), 255, 5)
    return page


@pytest.mark.parametrize(
    ("pitch", "rules", "why"),
    [
        (100, [((0, y), (639, y - 3)) for y in (148, 208, 268)], "the lower sides went with a rule: cups"),
        (100, [((0, y), (639, y - 3)) for y in (62, 122, 182)], "the upper sides"),
        (84, [((0, 280), (639, 250))], "a fold beside them: the upper sides of all boxes were one rule more"),
    ],
)
def test_boxes_and_rules(pitch: int, rules: list[tuple[Point, Point]], why: str) -> None:
    page = boxed(pitch)
    for start, end in rules:
        cv2.line(page, start, end, 255, 3)
    sizes = [blob.box[2:] for blob in written_on(page, 20, 4.0).pieces]
    assert sizes == [(7, 57)] * len(range(30, 530, pitch)), why
