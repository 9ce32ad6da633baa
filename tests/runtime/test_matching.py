"""The motion of a page between two frames, from digits at known places."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.results import Box, Digit
from edgedigits.webcam import matching
from edgedigits.webcam.matching import common_motion, match

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


def test_a_row_of_one_digit_moves_by_one_place() -> None:
    """All but the first stand where another one stood: that is no page at rest."""
    boxes, _ = page(4)
    assert common_motion(boxes, [5] * 4, moved(boxes, [5] * 4, (40, 0)), LAST).tolist() == [40, 0]


@pytest.mark.parametrize(
    ("new", "pairs", "why"),
    [
        ([(5, (40, 40, 9, 14)), (3, (80, 40, 9, 14))], {0: 0, 1: 1}, "both where they were"),
        ([(3, (80, 40, 9, 14)), (5, (40, 40, 9, 14))], {1: 0, 0: 1}, "in another order"),
        ([(6, (41, 40, 9, 14))], {0: 0}, "read as another digit, and in its place"),
        ([(5, (36, 40, 9, 14)), (5, (42, 40, 9, 14))], {1: 0}, "one of old is no two of new: the nearest"),
        ([(8, (41, 40, 9, 14)), (5, (42, 40, 9, 14))], {1: 0}, "of two about as near the one that is alike"),
        ([(5, (40, 33, 18, 28))], {}, "another size"),
        ([(5, (40, 90, 9, 14))], {}, "elsewhere"),
        ([], {}, "nothing is left"),
    ],
)
def test_which_digit_is_which(new: list[tuple[int, Box]], pairs: dict[int, int], why: str) -> None:
    digits = [Digit(label, 1.0, (0.1,) * 10, box) for label, box in new]
    assert match([(40, 40, 9, 14), (80, 40, 9, 14)], [5, 3], digits, LAST) == pairs, why


def test_two_digits_that_become_one_are_told_by_the_nearer() -> None:
    new = Digit(5, 1.0, (0.1,) * 10, (45, 40, 9, 14))
    assert match([(40, 40, 9, 14), (46, 40, 9, 14)], [5, 5], [new], LAST) == {0: 1}


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
