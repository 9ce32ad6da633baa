"""A few digits that fill the picture: none of these was read correctly when the test was added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.close_ups import OPEN, may_fill, openness, other_pages
from edgedigits.ink.background import is_bright
from edgedigits.ink.blob import Blob, outlined
from edgedigits.ink.cut import cut_out
from edgedigits.ink.page import Page, page_from
from edgedigits.pieces.candidates import Candidate
from edgedigits.pieces.tight import tightened
from edgedigits.stages import Stages

Grey = npt.NDArray[np.uint8]
SHAPE = (480, 640)


def written(text: str, height: int, pen: int, *, left: int = 190, top: int = 90) -> Any:
    """Return ink, float32 of `SHAPE`, 0 or 1, with digits of this height side by side."""
    ink = np.zeros(SHAPE, np.uint8)
    for place, sign in enumerate(text):
        write(ink, sign, (left + 0.9 * height * place, top), 255, pen, height)
    return ink.astype(np.float32) / 255


def photographed(picture: Any) -> Grey:
    """Return the picture as seen through a lens and a sensor."""
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8) + np.random.default_rng(3).normal(0, 2, SHAPE)
    return np.clip(picture, 0, 255).astype(np.uint8)


def line(y: int, slope: int, width: int) -> Any:
    """Return a rule across the picture: float32, 0 or 1."""
    ink = np.zeros(SHAPE, np.uint8)
    cv2.line(ink, (0, y), (SHAPE[1] - 1, y + slope), 255, width, cv2.LINE_AA)
    return ink.astype(np.float32) / 255


def patches() -> Any:
    """Return light through leaves: 0 or 1."""
    grain = cv2.GaussianBlur(np.random.default_rng(5).normal(0, 1, SHAPE).astype(np.float32), (0, 0), 24)
    return cv2.GaussianBlur((grain > 0).astype(np.float32), (0, 0), 3)


def broad() -> Any:
    """A marker 60 pixels wide: the holes of the 8 passed for bright ink."""
    return 210 * (1 - 0.8 * written("8", 340, 60, left=200, top=60))


def squared() -> Any:
    """Squares much paler than the pen, but most of the ink: they were not removed, and joined everything."""
    squares = np.zeros(SHAPE, np.float32)
    for at in range(-40, 640, 140):
        squares = np.maximum(squares, line(at, 12, 5))
        squares[:, max(0, at + 70) : at + 75] = 1
    return 215 * (1 - np.maximum(0.85 * written("33", 200, 30, left=120, top=120), 0.17 * squares))


def crossed() -> Any:
    """A rule in two halves, each shorter than what is written over it: neither led to the other."""
    return 215 * (1 - 0.8 * np.maximum(written("3", 200, 60, left=200, top=80), line(250, 10, 13)))


def pencilled() -> Any:
    """Pencil below a rule twice as dark: so broad and pale that it passed for shade."""
    return 215 * (1 - np.maximum(0.33 * written("3", 200, 50, left=200, top=80), 0.8 * line(230, 8, 8)))


def in_shade() -> Any:
    """Patches of shade, half as dark as the pen and as broad."""
    return 215 * (1 - 0.8 * written("3", 300, 40)) * (1 - 0.45 * patches())


@pytest.mark.parametrize(
    ("draw", "text"), [(broad, "8"), (squared, "33"), (crossed, "3"), (pencilled, "3"), (in_shade, "3")]
)
def test_close_up(draw: Callable[[], Any], text: str) -> None:
    reading = Reader(Classifier.load()).read(photographed(draw()))
    assert reading.text == text, draw.__doc__


@pytest.mark.parametrize(("pen", "height"), [(30, 200), (40, 300), (60, 340)])
@pytest.mark.parametrize("bright", [False, True])
def test_polarity_of_broad_strokes(pen: int, height: int, *, bright: bool) -> None:
    # Relative to the mean of a small square, the paper in the holes of an 8 deviates as much as its ink.
    ink = cv2.resize(written("8", height, pen, top=60), (160, 120), interpolation=cv2.INTER_AREA)
    grey = 30 + 180 * ink if bright else 210 - 170 * ink
    assert is_bright(grey.astype(np.uint8)) == bright


def other_thresholds(picture: Any) -> tuple[int, list[int]]:
    """Return the threshold of the picture's first page, and those of its alternative pages."""
    cut = cut_out(photographed(picture))
    page = page_from(cut)
    others = other_pages(cut, Stages(cut.grey, page, [], [], 0, [], []))
    return page.threshold, [other.threshold for other, _, _ in others if other.bright == page.bright]


def test_only_shade_is_left_out() -> None:
    first, others = other_thresholds(in_shade())
    assert others[0] > 2 * first
    # A pale bar inside a ring belongs to the letter and is not shade: without it a theta is a 0.
    theta = np.zeros(SHAPE, np.float32)
    cv2.ellipse(theta, (320, 240), (100, 150), 0, 0, 360, 0.8, 30, cv2.LINE_AA)
    cv2.line(theta, (250, 240), (390, 240), 0.35, 24, cv2.LINE_AA)
    first, others = other_thresholds(215 * (1 - theta))
    assert max(others) < 2 * first


@pytest.mark.parametrize(
    ("box", "stands", "reason"),
    [
        ((80, 80, 160, 320), True, "all of its outline is where the grey changes"),
        ((80, 80, 80, 320), False, "it goes on beyond its right side, as paper between strokes does"),
        ((80, 80, 160, 290), False, "it goes on beyond its foot"),
    ],
)
def test_a_digit_stands_on_paper(box: tuple[int, int, int, int], stands: bool, reason: str) -> None:
    grey = np.full(SHAPE, 200, np.uint8)
    cv2.rectangle(grey, (80, 80), (239, 399), 60, cv2.FILLED)
    steps = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    piece = Blob(box, (), own=np.full((box[3], box[2]), 255, np.uint8))
    assert (openness(np.asarray(steps, np.uint8), piece) <= OPEN) == stands, reason


@pytest.mark.parametrize(
    ("shade", "box", "reason"),
    [
        (30, (100, 60, 40, 120), "the shade beside it is no part of it"),
        (90, (100, 60, 140, 120), "a pale stroke of its own is"),
    ],
)
def test_box_without_shade(shade: int, box: tuple[int, int, int, int], reason: str) -> None:
    ink = np.zeros((240, 320), np.uint8)
    ink[100:180, 140:240] = shade
    ink[60:180, 100:140] = 200
    (blob,) = outlined((ink > 20).astype(np.uint8) * 255)
    pale = float(np.percentile(ink[ink > 20], 40))
    candidate = Candidate(blob, np.zeros((28, 28), np.uint8), 200.0, pale, 1, 1.0, (), 1.0)
    page = Page(ink, 20, 40.0, (1.0, 1.0), bright=False)
    assert tightened(page, candidate).blob.box == box, reason


@pytest.mark.parametrize(
    ("high", "small", "tried", "why"),
    [
        (1, 0, True, "a digit that fills the picture"),
        (1, 10, True, "and some shade"),
        (0, 10, False, "a page of small digits"),
        (1, 10_000, False, "grain, and one edge that is as high as a digit"),
        (0, 0, False, "nothing"),
    ],
)
def test_what_a_second_look_is_spent_on(high: int, small: int, tried: bool, why: str) -> None:
    page = Page(np.zeros(SHAPE, np.uint8), 20, 5.0, (1.0, 1.0), False)
    boxes = [(100, 20, 200, 440)] * high + [(10, 10, 12, 20)] * small
    assert may_fill(page, [Blob(box, ()) for box in boxes]) == tried, why
