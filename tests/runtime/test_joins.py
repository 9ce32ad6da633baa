"""Which groups of pieces may form one digit, and when they do."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.joins import groups_of, settle
from edgedigits.results import Box


def blob(*box: int) -> Blob:
    x, y, width, height = box
    corners = [[x, y], [x + width - 1, y], [x + width - 1, y + height - 1], [x, y + height - 1]]
    return Blob((x, y, width, height), (np.array(corners, np.int32)[:, None],))


@pytest.mark.parametrize(
    ("boxes", "groups"),
    [
        ([(0, 20, 40, 60), (30, 10, 30, 8)], [(0, 1)]),  # a 5 and its flag
        ([(0, 0, 30, 50), (25, 0, 8, 80)], [(0, 1)]),  # an open 4: its second stroke reaches beyond the first
        ([(0, 0, 30, 40), (2, 50, 30, 40)], [(0, 1)]),  # an 8 in two halves
        ([(0, 0, 30, 80), (35, 0, 30, 80)], []),  # two digits close together
        ([(0, 0, 30, 80), (80, 0, 30, 20)], []),  # a mark that is too far away
        ([(0, 0, 30, 80), (5, 95, 30, 80)], []),  # the next line, written close below
        ([(0, 0, 40, 30), (5, 35, 30, 20), (0, 60, 40, 25)], [(0, 1), (0, 1, 2), (1, 2)]),  # a dry pen
        ([(0, 0, 50, 80), (56, 30, 40, 8), (56, 50, 40, 8)], []),  # 5=
        ([(0, 0, 50, 80), (56, 2, 40, 8)], [(0, 1)]),  # the flag of a 5 is at its top
        ([(0, 0, 50, 80), (40, 36, 40, 8)], [(0, 1)]),  # a bar that starts within the digit, like that of a 4
        ([(0, 30, 9, 10), (1, 64, 10, 9)], []),  # the points of a colon
        ([(0, 30, 9, 10), (1, 46, 10, 34)], [(0, 1)]),  # a point that is detached from its stroke
        ([(0, 40, 80, 7), (20, 55, 45, 70)], []),  # the bar of a fraction above its denominator
        ([(0, 78, 80, 7), (20, 0, 45, 70)], []),  # and below its numerator
        ([(0, 0, 45, 7), (5, 12, 40, 68)], [(0, 1)]),  # the bar of a 5 or 7 is not wider than the rest
        ([(0, 0, 30, 80)], []),
        ([], []),
    ],
)
def test_groups(boxes: list[Box], groups: list[tuple[int, ...]]) -> None:
    assert groups_of([blob(*box) for box in boxes], 80.0) == groups


@pytest.mark.parametrize(
    ("joined", "alone", "chosen"),
    [
        (0.98, [0.9, None], [0]),  # the body looks like a 5 already, but the flag is too large for dirt
        (0.98, [0.2, 0.97], [0]),  # an open 4: its stem alone is a good 1, its angle is nothing
        (0.30, [0.98, 0.97], []),  # two digits that came near each other
        (0.05, [0.98, None], []),  # a digit and a mark that is not part of it
        (0.99, [0.0, 0.0], [0]),  # neither half is anything
    ],
)
def test_settle(joined: float, alone: list[float | None], chosen: list[int]) -> None:
    assert settle([(0, 1)], [joined], alone, [(0, 0, 40, 60), (30, 0, 30, 30)]) == chosen


def test_a_speck_is_dirt_and_no_part() -> None:
    # A speck that changes nothing is not joined; otherwise every box would grow by the dirt around it.
    assert settle([(0, 1)], [0.85], [0.97, None], [(0, 0, 40, 60), (42, 0, 4, 4)]) == []


def test_each_piece_is_used_once() -> None:
    groups = [(0, 1), (0, 1, 2), (1, 2)]
    boxes = [(0, 0, 40, 30), (0, 35, 40, 20), (0, 60, 40, 25)]
    assert settle(groups, [0.5, 0.99, 0.6], [0.01, 0.01, 0.01], boxes) == [1]
    assert settle(groups, [0.9, 0.1, 0.8], [0.01, 0.01, 0.95], boxes) == [0]
