"""Annotations on every kind of picture that the reader takes."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits import draw
from edgedigits.draw import DOUBTFUL, REJECTED, SURE, annotate
from edgedigits.results import Box, Digit, Reading

EVEN = (0.1,) * 10


def reading(box: Box, confidence: float = 0.99, *, split: bool = False, label: int = 4) -> Reading:
    return Reading("4", (Digit(label, confidence, EVEN, box, uncertain_split=split),))


def has(picture: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((picture == np.array(colour)).all(axis=2).any())


@pytest.mark.parametrize(
    "shape",
    [
        (240, 320),  # grey
        (240, 320, 3),
        (240, 320, 4),  # with alpha
        (3000, 4000),  # a photograph
        (9, 9),  # smaller than any letter
    ],
)
def test_every_kind_of_picture_gives_bgr_of_its_size_and_stays_untouched(shape: tuple[int, ...]) -> None:
    picture = np.full(shape, 200, np.uint8)
    drawn = annotate(picture, reading((2, 2, 5, 5)))
    assert drawn.shape == (*shape[:2], 3)
    assert drawn.dtype == np.uint8
    assert (picture == 200).all()
    assert has(drawn, SURE)


@pytest.mark.parametrize(
    "box",
    [
        (0, 0, 320, 240),  # the whole picture: no room above or below
        (-20, -20, 30, 30),  # kept by the tracker while it leaves
        (310, 230, 40, 40),
        (100, 0, 20, 30),  # at the top: the label goes below
        (100, 210, 20, 30),  # at the bottom: no room for the confidence
        (100, 100, 1, 1),
    ],
)
def test_a_box_anywhere_is_drawn(box: Box) -> None:
    assert has(annotate(np.full((240, 320), 200, np.uint8), reading(box)), SURE)


@pytest.mark.parametrize(
    ("confidence", "split", "colour"),
    [(0.99, False, SURE), (0.6, False, DOUBTFUL), (0.99, True, DOUBTFUL)],
)
def test_the_colour_says_how_sure_it_is(confidence: float, split: bool, colour: tuple[int, int, int]) -> None:
    drawn = annotate(np.full((240, 320), 200, np.uint8), reading((100, 100, 30, 40), confidence, split=split))
    assert has(drawn, colour)
    assert not has(drawn, DOUBTFUL if colour == SURE else SURE)


def test_the_ink_inside_of_the_box_stays_visible() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (240, 320, 3)).astype(np.uint8)
    drawn = annotate(picture, reading((100, 100, 30, 40)))
    assert (drawn[100:140, 100:130] == picture[100:140, 100:130]).all()


def test_what_is_no_digit_is_drawn_only_on_request() -> None:
    picture = np.full((240, 320), 255, np.uint8)
    found = Reading("", (), rejected=(Digit(-1, 0.2, EVEN, (50, 50, 30, 30), 0.1),))
    assert not has(annotate(picture, found), REJECTED)
    assert has(annotate(picture, found, rejected=True), REJECTED)


def test_what_is_written_about_one_digit_hides_nothing_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines as close together as in handwriting, and a 1 that is narrower than its confidence."""
    boxes = [
        (148, 107, 22, 74),
        (175, 101, 57, 76),
        (170, 213, 43, 74),
        (224, 207, 48, 77),
        (163, 321, 57, 82),
    ]
    written: list[Box] = []

    def text(canvas: np.ndarray, words: str, corner: tuple[int, int], height: int, colour: object) -> int:
        written.append((*corner, draw.width_of(words, height), height))
        return corner[0] + written[-1][2]

    monkeypatch.setattr(draw, "text", text)
    digits = tuple(Digit(1, 0.99, EVEN, box) for box in boxes)
    annotate(np.full((480, 640), 200, np.uint8), Reading("", digits))
    assert len(written) == 2 * len(boxes), "a name and a confidence each"
    names, shares = written[::2], written[1::2]
    for number, (x, y, width, height) in enumerate(shares):
        for left, top, wide, tall in [*boxes, *names, *shares[:number]]:
            beside = x + width <= left or left + wide <= x
            assert beside or y + height <= top or top + tall <= y
