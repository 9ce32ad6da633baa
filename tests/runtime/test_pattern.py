"""Patterns that cover the whole page are removed, and anything that may be writing stays."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink.pattern import without_pattern
from edgedigits.pieces.connected import written_on

Grey = npt.NDArray[np.uint8]
SHAPE = (480, 640)


def writing(darkness: int = 180, lines: int = 3) -> Grey:
    """Lines of digits, 25 high."""
    ink = np.zeros(SHAPE, np.uint8)
    for line in range(lines):
        cv2.putText(
            ink,
            "40796 25831",
            (150, 180 + 60 * line),
            cv2.FONT_HERSHEY_SIMPLEX,
            1.1,
            darkness,
            3,
            cv2.LINE_AA,
        )
    return ink


def squares(pitch: int = 12, darkness: int = 40) -> Grey:
    """Return squares of hairlines broken by noise: none of them is as long as a rule."""
    ink = np.zeros(SHAPE, np.uint8)
    ink[::pitch], ink[:, ::pitch] = darkness, darkness
    broken = np.random.default_rng(3).random(SHAPE) < 0.1
    return np.where(broken, 0, ink).astype(np.uint8)


def rules() -> Grey:
    """Level lines alone, two cells apart."""
    ink = np.zeros(SHAPE, np.uint8)
    ink[::50] = 40
    return ink


def full() -> Grey:
    """Pale writing all over the page."""
    return np.maximum.reduce([np.roll(writing(60, 8), (row, 0), (0, 1)) for row in (-150, 0, 150)])


def cleared(ink: Grey) -> Grey | None:
    return without_pattern(ink, 20)


@pytest.mark.parametrize(
    ("ground", "darkness", "gone", "why"),
    [
        (squares, 180, True, "a pen four times as dark as the squares"),
        (lambda: squares(20), 180, True, "squares as wide as a cell"),
        (squares, 90, True, "a pen twice as dark"),
        (squares, 60, False, "hardly darker: it might be taken for the squares' crossings"),
        (lambda: squares(60), 180, False, "wide squares leave cells empty; they are found as rules"),
        (rules, 180, False, "rules are found as rules"),
        (full, 180, False, "pale writing is not everywhere"),
        (lambda: np.zeros(SHAPE, np.uint8), 180, False, "plain paper"),
    ],
)
def test_what_is_everywhere_and_paler_goes(
    ground: Callable[[], Grey], darkness: int, gone: bool, why: str
) -> None:
    ink = writing(darkness)
    found = cleared(np.maximum(ink, ground()))
    assert (found is not None) == gone, why
    if found is not None:
        away = cv2.dilate(ink, np.ones((7, 7), np.uint8)) == 0
        assert np.count_nonzero(found[away]) == 0
        assert np.count_nonzero(found[ink > 60]) == np.count_nonzero(ink > 60)


@pytest.mark.parametrize(
    ("margin", "gone", "why"),
    [
        (40, True, "two cells"),
        (90, True, "an eighth of the page: its squares were read as rows of 1s"),
        (300, False, "a patch of squares on a large sheet is a drawing"),
    ],
)
def test_a_margin_without_squares(margin: int, gone: bool, why: str) -> None:
    page = np.pad(np.maximum(writing(), squares()), margin)
    assert (cleared(page) is not None) == gone, why


def test_squares_without_writing_stay() -> None:
    """Nothing shows that they are no writing; that is left to the classifier."""
    assert cleared(squares()) is None
    assert cleared(np.zeros((8, 8), np.uint8)) is None  # too small for cells


def test_digits_on_broken_squares_are_pieces_of_their_own() -> None:
    """Regression: hundreds of line fragments were found around them, and read as 1s and 4s."""
    page = np.maximum(writing(), squares())
    written = written_on(page, 20, 3.0)
    assert len(written.pieces) == 30
    assert not written.ink[cv2.dilate(writing(), np.ones((5, 5), np.uint8)) == 0].any()
