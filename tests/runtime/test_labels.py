"""Small capitals of words beside digits: the O, S and B of labels were read as 0s, 5s and 8s."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import Box
from edgedigits.signs.labels import labels_of

NUMBER: list[Box] = [(100 + 60 * place, 40, 36, 50) for place in range(5)]
"""Five digits, 50 pixels high, from x = 100 on."""


def candidate(box: Box, quality: float = 0.99) -> Candidate:
    frame = np.zeros((28, 28), np.uint8)
    return Candidate(Blob(box, ()), frame, 200, 200, 5, 1.0, (0.1,) * 10, quality)


@pytest.mark.parametrize(
    ("small", "quality", "others", "found", "why"),
    [
        ([(20, 66, 16, 24)], 0.99, [(38, 72, 12, 18), (52, 72, 12, 18)], {5}, "Size: an S and small letters"),
        ([(20, 66, 16, 24)], 0.99, [], set(), "a small digit before the others"),
        (
            [(20, 66, 16, 24), (38, 66, 16, 24)],
            0.99,
            [(56, 66, 16, 24)],
            {5, 6},
            "OO of OOZE: by way of an O",
        ),
        ([(20, 66, 16, 24)], 0.99, [(60, 72, 12, 18)], set(), "a number, and a word beyond a space"),
        ([(20, 66, 16, 24)], 0.99, [(38, 30, 12, 18)], set(), "a word above it"),
        ([(20, 66, 16, 24)], 0.99, [(24, 70, 8, 14)], set(), "a piece within its own box"),
        ([(20, 66, 16, 24)], 0.99, [(37, 84, 5, 6)], set(), "a decimal point"),
        ([(20, 66, 16, 24)], 0.99, [(38, 80, 12, 14)], {5}, "a letter that reaches below the line"),
        ([(20, 50, 26, 40)], 0.99, [(48, 60, 12, 24)], set(), "a digit of four fifths of the others"),
        ([(20, 66, 16, 24)], 0.7, [(38, 72, 12, 18)], set(), "part of a broken digit, beside other parts"),
        (
            [(20, 66, 16, 24)],
            0.7,
            [(38, 72, 12, 18), (52, 72, 12, 18), (66, 72, 12, 18)],
            {5},
            "Paid: a doubtful P and three small letters",
        ),
        (
            [(20, 66, 16, 24), (38, 72, 12, 18)],
            0.7,
            [(52, 72, 12, 18), (66, 72, 12, 18)],
            set(),
            "two of each tell nothing",
        ),
    ],
)
def test_small_capitals(
    small: list[Box], quality: float, others: list[Box], found: set[int], why: str
) -> None:
    kept = [candidate(box) for box in NUMBER] + [candidate(box, quality) for box in small]
    pieces = [Blob(box, ()) for box in [*NUMBER, *small, *others]]
    assert labels_of(kept, pieces) == found, why


def test_the_word_of_a_label_is_found_in_whatever_order_its_pieces_are_told() -> None:
    kept = [candidate((38, 66, 16, 24)), *[candidate(box) for box in NUMBER], candidate((20, 66, 16, 24))]
    pieces = [Blob((2, 66, 16, 24), ()), *[one.blob for one in reversed(kept)]]
    assert labels_of(kept, pieces) == {0, 6}


def test_noise_is_not_compared_piece_by_piece() -> None:
    kept = [candidate(box) for box in [*NUMBER, (20, 66, 16, 24)]]
    specks = [Blob((place % 900, place // 30, 12, 18), ()) for place in range(30_000)]
    assert labels_of(kept, [*(one.blob for one in kept), *specks]) == set()


def test_a_page_without_digits() -> None:
    assert labels_of([], [Blob((0, 0, 10, 20), ())]) == set()
