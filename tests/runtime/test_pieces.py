"""Which height stands for a page: neither its specks' nor that of what is no writing."""

from __future__ import annotations

import pytest

from edgedigits.pieces import Blob, typical_height


@pytest.mark.parametrize(
    ("heights", "stroke", "expected"),
    [
        ([40], 4, 40),  # one digit
        ([30, 30, 34], 3, 30),  # digits alone
        ([40] * 10 + [8] * 100, 4, 40),  # specks, ten times as many as digits
        ([30] * 33 + [186], 4, 30),  # the edge of a shadow: a page of 33 digits was read as nothing
        ([30] * 20 + [300, 280], 4, 30),  # a frame around the page in two pieces
        ([30] * 20 + [120, 400], 4, 30),  # one outvoter behind the other
        ([200] + [14] * 5, 9, 200),  # a digit and what a dry pen left beside it
        ([200] + [14] * 50, 9, 200),  # a digit on coarse paper: less than three strokes is no writing
        ([80] * 2 + [35] * 4, 5, 80),  # two sizes of writing: too many are large to be no digits
        ([60] * 5 + [20] * 20, 4, 60),  # digits of which a dry pen left a quarter in pieces
    ],
)
def test_typical_height(heights: list[int], stroke: float, expected: float) -> None:
    blobs = [Blob((0, 0, 10, height), ()) for height in heights]
    assert typical_height(blobs, stroke) == expected
