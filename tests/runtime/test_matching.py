"""The motion of a page between two frames, from digits at known places."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.results import Box, Digit
from edgedigits.webcam import matching
from edgedigits.webcam.matching import common_motion

LAST = np.array([0.0, 0.0])


def page(count: int, columns: int = 25) -> tuple[list[Box], list[int]]:
    """Return the boxes and labels of `count` digits of 9 by 14 pixels in rows."""
    rng = np.random.default_rng(0)
    places = [divmod(place, columns) for place in range(count)]
    boxes = [(40 + 40 * column, 40 + 30 * row, 9, 14) for row, column in places]
    return boxes, rng.integers(0, 10, count).tolist()


def moved(boxes: list[Box], labels: list[int], by: tuple[int, int], wrong: int = 0) -> list[Digit]:
    """Return the digits after a motion, the first `wrong` of them misread."""
    return [
        Digit((label + (place < wrong)) % 10, 1.0, (0.1,) * 10, (x + by[0], y + by[1], *size))
        for place, ((x, y, *size), label) in enumerate(zip(boxes, labels, strict=True))  # type: ignore[misc]
    ]


@pytest.mark.parametrize("at_once", [1, 500, 100_000, 10**9])
@pytest.mark.parametrize(
    ("count", "by", "wrong", "why"),
    [
        (40, (12, 7), 0, "all are read as before"),
        (40, (-25, 18), 6, "some are misread"),
        (300, (12, 7), 20, "hundreds"),
        (2, (30, 0), 0, "two"),
    ],
)
def test_the_motion_under_which_most_digits_land(
    count: int, by: tuple[int, int], wrong: int, why: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result does not depend on how many motions are tried at once."""
    monkeypatch.setattr(matching, "_AT_ONCE", at_once)
    boxes, labels = page(count)
    motion = common_motion(boxes, labels, moved(boxes, labels, by, wrong), LAST)
    assert motion.tolist() == list(by), why


def test_digits_that_land_nowhere_tell_no_motion() -> None:
    boxes, labels = page(3)
    far = moved(boxes, labels, (4000, 3000))
    assert common_motion(boxes, labels, far, np.array([5.0, 5.0])).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("count", "most", "why"),
    [
        (300, 100_000, "each motion for itself: all of them took gigabytes for seven hundred digits"),
        (30, 100_000, "all of them, as they are few pairs"),
        (400, 160_000, "no fewer than one"),
    ],
)
def test_few_motions_are_looked_at_in_one_go(
    count: int, most: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    landed, pairs = matching._landed, list[int]()

    def counting(misfit: npt.NDArray[np.float64], *others: Any) -> npt.NDArray[np.bool_]:
        pairs.append(misfit.size // 2)
        return landed(misfit, *others)

    monkeypatch.setattr(matching, "_landed", counting)
    boxes, labels = page(count)
    assert common_motion(boxes, labels, moved(boxes, labels, (12, 7)), LAST).tolist() == [12, 7]
    assert sum(pairs) > 40 * count**2, why
    assert max(pairs) <= most, why
