"""Connected components: what stands in a box or ring is a piece, and the frame is not."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.ink.blob import outlined
from edgedigits.ink.contours import nested
from edgedigits.results import Box

Grey = npt.NDArray[np.uint8]
DIGIT: Box = (308, 220, 9, 40)


def page(*draw: Callable[[Grey], object]) -> Grey:
    binary = np.zeros((480, 640), np.uint8)
    for one in draw:
        one(binary)
    return binary


def box(x: int, y: int, width: int, height: int) -> Callable[[Grey], object]:
    return lambda picture: cv2.rectangle(picture, (x, y), (x + width, y + height), 255, 3)


def ring(x: int, y: int, radius: int) -> Callable[[Grey], object]:
    return lambda picture: cv2.circle(picture, (x, y), radius, 255, 3)


def stroke(x: int, y: int, width: int, height: int) -> Callable[[Grey], object]:
    return lambda picture: cv2.rectangle(picture, (x, y), (x + width - 1, y + height - 1), 255, cv2.FILLED)


@pytest.mark.parametrize(
    ("drawn", "boxes", "why"),
    [
        ([stroke(*DIGIT)], [DIGIT], "no frame at all"),
        ([stroke(*DIGIT), box(290, 205, 45, 70)], [DIGIT], "a form's box was taken for the digit"),
        ([stroke(*DIGIT), ring(312, 240, 38)], [DIGIT], "a ring was read as 0"),
        (
            [stroke(*DIGIT), ring(312, 240, 38), ring(312, 316, 38), stroke(308, 296, 9, 40)],
            [DIGIT, (308, 296, 9, 40)],
            "rings that touch are frames together, each judged by its own hole",
        ),
        (
            [stroke(*DIGIT), box(300, 212, 26, 56), box(290, 202, 45, 76)],
            [DIGIT],
            "a double frame",
        ),
        (
            [stroke(*DIGIT), box(290, 205, 45, 70), box(390, 205, 45, 70)],
            [DIGIT],
            "an empty box like the other was read as 0",
        ),
        (
            [stroke(*DIGIT), box(290, 205, 45, 70), box(390, 205, 45, 70), stroke(410, 235, 5, 12)],
            [DIGIT, (410, 235, 5, 12)],
            "a small digit in a box like the others' was lost with its box",
        ),
        (
            [
                box(180, 180, 300, 130),
                stroke(210, 190, 9, 60),
                box(290, 205, 45, 70),
                stroke(*DIGIT),
                box(390, 205, 45, 70),
                stroke(408, 220, 9, 40),
            ],
            [(210, 190, 9, 60), DIGIT, (408, 220, 9, 40)],
            "boxes within a box around them all were pieces of writing",
        ),
        (
            [stroke(*DIGIT), ring(312, 240, 38), ring(400, 240, 20)],
            [DIGIT, (378, 218, 45, 45)],
            "a 0 beside a digit in a ring is smaller than that",
        ),
        (
            [box(200, 200, 240, 80)]
            + [part for x in (240, 320, 400) for part in (stroke(x, 220, 9, 40), stroke(x + 40, 200, 3, 80))],
            [(240, 220, 9, 40), (320, 220, 9, 40), (400, 220, 9, 40)],
            "the lines between a form's cells were read as 1s",
        ),
        (
            [
                box(200, 200, 240, 80),
                stroke(240, 220, 9, 40),
                stroke(280, 200, 3, 80),
                stroke(360, 200, 3, 80),
            ],
            [(199, 199, 243, 83)],
            "of three squares one is filled: lines that writing may cross elsewhere",
        ),
        (
            [box(200, 200, 160, 80), stroke(220, 215, 9, 50), stroke(260, 245, 25, 12)],
            [(220, 215, 9, 50), (260, 245, 25, 12)],
            "a low 0, or a broken digit's part, beside another that tells the frame",
        ),
        ([ring(312, 240, 38)], [(272, 200, 81, 81)], "an empty ring is a 0"),
        (
            [ring(312, 240, 38), stroke(300, 236, 24, 8)],
            [(272, 200, 81, 81)],
            "a theta keeps its bar out of sight",
        ),
        ([ring(312, 240, 38), stroke(310, 238, 4, 4)], [(272, 200, 81, 81)], "a speck in a 0"),
        (
            [stroke(*DIGIT), box(200, 150, 300, 200)],
            [DIGIT],
            "a number in a box with much room, a heart or a star was no writing",
        ),
    ],
)
def test_frames(drawn: list[Callable[[Grey], object]], boxes: list[Box], why: str) -> None:
    found = outlined(page(*drawn))
    inside = [blob.box for blob in found]
    assert len(inside) == len(boxes), why
    for have, expected in zip(sorted(inside), sorted(boxes), strict=True):
        assert have == pytest.approx(expected, abs=2), why


@pytest.mark.parametrize(
    ("share", "side", "all_of_them", "why"),
    [
        (0.5, 200, True, "noise on a small picture takes a moment"),
        (0.5, 500, False, "a lattice of as many holes took seven seconds"),
        (0.1, 600, True, "specks on a small picture take a moment"),
        (0.5, 1000, False, "ink that holds together, full of holes: tens of seconds at two megapixels"),
        (0.1, 1000, False, "specks: as long"),
        (0.0, 1000, True, "a large page of writing may be a form"),
    ],
)
def test_frames_are_not_looked_for_in_large_noise(
    share: float, side: int, all_of_them: bool, why: str
) -> None:
    noise = np.random.default_rng(4).random((side, side)) < share
    binary = np.where(noise, 255, 0).astype(np.uint8)
    box(200, 200, 80, 80)(binary)
    _, parents = nested(binary)
    assert (max(parents) >= 0) == all_of_them, why


@pytest.mark.parametrize(
    ("pitch", "side", "all_of_them", "why"),
    [
        (
            6,
            1000,
            False,
            "one outline with thirty thousand holes, which are compared with each other: as long",
        ),
        (12, 1000, True, "a quarter as many take a moment"),
        (6, 600, True, "and so do ten thousand on a small picture"),
    ],
)
def test_frames_are_not_looked_for_in_a_large_sieve(
    pitch: int, side: int, all_of_them: bool, why: str
) -> None:
    sieve = np.full((side, side), 255, np.uint8)
    sieve[3:-3:pitch, 3:-3:pitch] = 0
    assert len(cv2.findContours(sieve, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]) == 1
    _, parents = nested(sieve)
    assert (len(parents) > 1) == all_of_them, why


def test_small_pieces_are_left_out_and_none_are_none() -> None:
    assert outlined(page(stroke(100, 100, 7, 7))) == []
    assert outlined(page()) == []


def test_pieces_whose_boxes_meet_are_not_alone() -> None:
    """Otherwise the corners of a ring would be read together with the digit in it."""
    cross = stroke(308, 210, 9, 60), stroke(282, 236, 60, 9)
    (inner,) = outlined(page(*cross, ring(312, 240, 38)))
    (outer,) = outlined(page(*cross))
    assert inner.box == outer.box
    assert outer.alone
    assert not inner.alone
