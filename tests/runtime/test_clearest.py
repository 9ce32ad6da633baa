"""Faint pages that are also read in one colour channel: which of the two readings is taken."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.bars import shown
from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pictures import Picture
from edgedigits.pieces.candidates import Candidate
from edgedigits.reader import _clearest
from edgedigits.results import NOT_A_DIGIT
from edgedigits.stages import Stages

YELLOW = (60, 245, 245)


def ringed(text: str) -> Picture:
    """Pencil digits inside a ring drawn with a yellow marker, uint8 [240, 320, 3]."""
    picture = np.full((240, 320, 3), 245, np.float32)
    cv2.circle(picture, (160, 120), 95, YELLOW, 12)
    pencil = np.zeros((240, 320), np.uint8)
    for place, sign in enumerate(text):
        write(pencil, sign, (181.5 - 32.5 * len(text) + 65 * place, 102), 255, 4, 36)
    picture *= 1 - 0.15 * cv2.GaussianBlur(pencil, (0, 0), 1)[:, :, None] / 255.0
    noise = np.random.default_rng(0).normal(0, 1.5, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("text", ["23", "87"])
def test_digits_in_a_ring_of_another_pen_are_read_in_grey(text: str) -> None:
    """In blue the ring is far darker than the digits, and a 0; two digits are not far more than that."""
    assert Reader(Classifier.load()).read(ringed(text)).text == text


def stages(labels: str, darkness: float, quality: float = 1.0) -> Stages:
    """What was read from pieces of this darkness, on a page with a threshold of 20."""
    grey = np.zeros((48, 64), np.uint8)
    blob, frame = Blob((0, 0, 25, 40), ()), np.zeros((28, 28), np.uint8)
    kept = [
        Candidate(blob, frame, darkness, darkness, int(label), 1.0, (0.1,) * 10, quality) for label in labels
    ]
    other = Candidate(blob, frame, darkness, darkness, NOT_A_DIGIT, 1.0, (0.1,) * 10, 1.0)
    page = Page(grey, 20, 3.0, (1.0, 1.0), False)
    return Stages(grey, page, [blob] * (len(kept) + 1), [*kept, other], 0, kept, [])


def taken_of(grey: Stages, colour: Stages) -> tuple[int, int]:
    """Return how often a picture is looked at whose readings are these, and which one is taken: 0 is grey."""
    asked = list[Picture]()

    def look(picture: Picture) -> Stages:
        asked.append(picture)
        return (grey, colour)[len(asked) - 1]

    found = _clearest(shown(np.full((48, 64, 3), 200, np.uint8))[0], look)
    return len(asked), [found is one for one in (grey, colour)].index(True)


@pytest.mark.parametrize(
    ("grey", "colour", "looks", "taken", "why"),
    [
        (stages("23", 200), stages("23", 200), 1, 0, "the ink is clear in grey"),
        (stages("23", 30), stages("8", 200), 2, 0, "one digit fewer: the colour shows a ring alone"),
        (stages("23", 30), stages("", 200), 2, 0, "two are no page, and were lost"),
        (stages("2", 30), stages("", 200), 2, 0, "and so was one"),
        (stages("23723", 30), stages("2372", 200), 2, 0, "one of many fewer"),
        (stages("23", 30), stages("28", 200), 2, 1, "as many"),
        (stages("23", 30), stages("287", 200), 2, 1, "more"),
        (stages("", 30), stages("", 200), 2, 1, "none in either"),
        (stages("233", 30, 0.5), stages("2", 200), 2, 1, "none of them is sure in grey"),
        (stages("111", 30), stages("2", 200), 2, 1, "any edge is a 1"),
    ],
)
def test_a_colour_with_fewer_sure_digits_is_not_taken(
    grey: Stages, colour: Stages, looks: int, taken: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgedigits.ink.filters.clearest", lambda *_: np.zeros((48, 64), np.uint8))
    assert taken_of(grey, colour) == (looks, taken), why


@pytest.mark.parametrize(
    ("grey", "colour", "looks", "taken", "why"),
    [
        (stages("", 200), stages("237", 200), 2, 1, "only a colour shows the digits"),
        (stages("", 200), stages("23", 200), 2, 0, "two may be anything"),
        (stages("233", 200, 0.5), stages("237", 200), 2, 1, "none of them is sure in grey"),
        (stages("2", 200), stages("237", 200), 1, 0, "a digit is read in grey"),
        (stages(39 * "1", 200), stages("237", 200), 2, 1, "four lines of strokes"),
        (stages(40 * "1", 200), stages("237", 200), 1, 0, "too much is there for a page that hides its ink"),
    ],
)
def test_a_colour_that_shows_other_ink_needs_sure_digits(
    grey: Stages, colour: Stages, looks: int, taken: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgedigits.ink.filters.beside_grey", lambda *_: np.zeros((48, 64), np.uint8))
    assert taken_of(grey, colour) == (looks, taken), why


def test_coloured_digits_beside_black_things_are_read() -> None:
    # Regression: a black line is clear in grey, so that the page was not read in colour.
    ink = np.zeros((240, 480), np.uint8)
    for place, sign in enumerate("23787"):
        write(ink, sign, (90 + 70 * place, 100), 255, 5, 44)
    share = cv2.GaussianBlur(ink, (0, 0), 1)[:, :, None] / 255.0
    picture = (1 - share) * np.array((80, 105, 60)) + share * np.array((50, 45, 189))
    picture += np.random.default_rng(0).normal(0, 1.5, picture.shape)
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    cv2.line(picture, (40, 190), (440, 200), (20, 20, 20), 4)
    assert Reader(Classifier.load()).read(picture).text == "23787"
