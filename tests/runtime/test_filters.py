"""Ink that differs from its paper in colour: which colour channel is used, and when none is."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink import filters
from edgedigits.ink.page import Page
from edgedigits.pictures import through, to_grey

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]
WHITE, BLACK, YELLOW, BOARD, RED, SKY = (
    (245, 245, 245),
    (30, 30, 30),
    (40, 215, 250),
    (80, 105, 60),
    (50, 45, 210),
    (240, 205, 150),
)


def page(pen: Colour, paper: Colour, noise: float = 3) -> Picture:
    """Return a line of digits in a pen, on a paper in uneven light, uint8 [480, 640, 3]."""
    picture = np.full((480, 640, 3), paper, np.uint8)
    cv2.putText(picture, "4079", (120, 240), cv2.FONT_HERSHEY_SIMPLEX, 2.5, pen, 7, cv2.LINE_AA)
    light = np.linspace(0.75, 1, 640)[None, :, None]
    return np.clip(picture * light + np.random.default_rng(1).normal(0, noise, picture.shape), 0, 255).astype(
        np.uint8
    )


@pytest.mark.parametrize(
    ("pen", "paper", "channels", "why"),
    [
        (YELLOW, WHITE, {0}, "yellow ink takes nothing but blue"),
        (RED, BOARD, {1, 2}, "as bright as the board in grey"),
        (YELLOW, SKY, {0}, "two colours as bright as each other"),
        (BLACK, WHITE, set[int](), "no colour to speak of"),
        (BLACK, SKY, set[int](), "black ink is as clear in grey, and less noisy"),
        (WHITE, BOARD, set[int](), "chalk is clear in grey"),
        (WHITE, WHITE, set[int](), "nothing is written"),
        (SKY, SKY, set[int](), "nothing is written on coloured paper"),
    ],
)
def test_the_colour_in_which_ink_is_clearest(
    pen: Colour, paper: Colour, channels: set[int], why: str
) -> None:
    picture = page(pen, paper)
    found = filters.clearest(picture, to_grey(picture))
    if found is None:
        assert not channels, why
    else:
        assert any(np.array_equal(found, through(picture, channel)) for channel in channels), why


@pytest.mark.parametrize(
    ("pen", "paper", "box", "channels", "why"),
    [
        (RED, BOARD, True, {1, 2}, "a black box was clear in grey, and the writing beside it lost"),
        (RED, BOARD, False, {1, 2}, "nothing beside it"),
        (YELLOW, SKY, True, {0}, "two colours as bright as each other"),
        (BLACK, SKY, True, set[int](), "all ink is in grey as well"),
        (SKY, SKY, True, set[int](), "nothing is written beside the box"),
        (SKY, SKY, False, set[int](), "nor anything at all"),
    ],
)
def test_the_colour_with_ink_that_is_none_in_grey(
    pen: Colour, paper: Colour, box: bool, channels: set[int], why: str
) -> None:
    picture = page(pen, paper)
    if box:
        cv2.rectangle(picture, (60, 60), (560, 420), BLACK, 6)
    found = filters.beside_grey(picture, to_grey(picture))
    if found is None:
        assert not channels, why
    else:
        assert any(np.array_equal(found, through(picture, channel)) for channel in channels), why


def test_a_speck_of_colour_is_no_writing() -> None:
    picture = page(BOARD, BOARD)
    cv2.circle(picture, (300, 200), 3, RED, -1)
    assert filters.beside_grey(picture, to_grey(picture)) is None


@pytest.mark.parametrize("noise", [0, 6, 15])
def test_noise_is_no_ink(noise: float) -> None:
    """Noise differs between the channels, so that a noisy empty page has every colour."""
    picture = page(WHITE, WHITE, noise)
    assert filters.clearest(picture, to_grey(picture)) is None
    assert filters.beside_grey(picture, to_grey(picture)) is None


def test_pictures_without_colours() -> None:
    grey = to_grey(page(YELLOW, WHITE))
    assert filters.clearest(grey, grey) is None
    assert filters.clearest(grey[:, :, None], grey) is None
    assert filters.beside_grey(grey, grey) is None
    assert filters.beside_grey(grey[:, :, None], grey) is None


def test_a_transparent_drawing_is_laid_on_its_backdrop_in_each_colour() -> None:
    """Yellow on transparent: pixels that are not drawn may hold any colour, and are hidden."""
    drawn = np.zeros((480, 640), np.uint8)
    cv2.line(drawn, (200, 100), (200, 300), 255, 9)
    picture = np.zeros((480, 640, 4), np.uint8)
    picture[:, :, :3] = np.where(drawn[:, :, None] > 0, YELLOW, (7, 90, 200))
    picture[:, :, 3] = drawn
    blue, red = through(picture, 0), through(picture, 2)
    assert set(np.unique(blue)) == {YELLOW[0], 255}  # dark in blue: on white
    assert set(np.unique(red)) == {YELLOW[2], 0}  # bright in red: on black


def test_clarity_is_the_median_piece_over_the_threshold() -> None:
    sheet = Page(np.zeros((4, 4), np.uint8), 20, 3.0, (1.0, 1.0), False)
    assert filters.clarity(sheet, [30, 50, 200]) == 2.5
    assert filters.clarity(sheet, []) == 0.0
