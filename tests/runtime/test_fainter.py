"""Digits that are completed by ink fainter than the page's threshold."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits import Classifier
from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pieces import fainter
from edgedigits.pieces.candidates import Candidate
from edgedigits.pieces.choose import choose
from edgedigits.pieces.fainter import with_fainter
from edgedigits.results import NOT_A_DIGIT, Box
from edgedigits.segment import blobs_of

THRESHOLD = 20
PITCH = 75
FIVE = [(42, 73), (10, 73), (7, 96), (22, 92), (36, 96), (40, 106), (32, 117), (18, 120), (6, 116)]


def page_of(text: str, faint: int, level: int) -> Page:
    """A line of digits 48 pixels high; in a band of 22 rows across digit `faint`, ink is at most `level`."""
    ink = np.zeros((200, 520), np.uint8)
    for place, digit in enumerate(text):
        left = 20 + PITCH * place
        if digit == "5":  # OpenCV's fonts differ between versions
            points = np.array(FIVE, np.int32) + np.array((left, 0), np.int32)
            cv2.polylines(ink, [points], False, 180, 6, cv2.LINE_AA)
        else:
            cv2.putText(ink, digit, (left, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.2, 180, 6, cv2.LINE_AA)
    band = ink[80:102, 15 + PITCH * faint : 15 + PITCH * (faint + 1)]
    np.minimum(band, level, out=band)
    return Page(ink, THRESHOLD, 6.0, (1.0, 1.0), False)


def read(page: Page) -> str:
    """Return the digits from left to right, "." for what is none."""
    classifier = Classifier.load()
    page, pieces, typical = blobs_of(page)
    first = choose(page, pieces, typical, classifier)
    found = with_fainter(page, pieces, typical, first, classifier)
    found.sort(key=lambda one: one.blob.box[0])
    return "".join("." if one.label == NOT_A_DIGIT else str(one.label) for one in found)


@pytest.mark.parametrize(
    ("text", "level", "shade", "expected", "why"),
    [
        ("270536", 180, 0, "270536", "nothing is broken"),
        ("270536", 15, 0, "270536", "the arm of the 5 is fainter than ink has to be"),
        ("270536", 8, 0, "27036", "it is as faint as the paper's own spread"),
        ("270536", 15, 18, "27036", "so faint is shade on this page"),
        ("75", 15, 0, "7", "one digit does not tell that this is writing"),
    ],
)
def test_what_faint_ink_joins(text: str, level: int, shade: int, expected: str, why: str) -> None:
    page = page_of(text, text.find("5"), level)._replace(shade=shade)
    assert read(page).replace(".", "") == expected, why


def piece(x: int, width: int, label: int, quality: float) -> Candidate:
    blob = Blob((x, 50, width, 40), (np.array([[x, 50], [x + width - 1, 89]], np.int32)[:, None],))
    frame = np.zeros((28, 28), np.uint8)
    return Candidate(blob, frame, 200, 200, label, 1.0, (0.1,) * 10, quality)


@pytest.mark.parametrize(
    ("qualities", "joined", "why"),
    [
        ((0.95, 0.02), True, "a stroke that looks like a 1 is part of a 7"),
        ((0.95, 0.02, 0.95), False, "two sure digits are not one, whatever stands between them"),
        ((0.95,), False, "a sure digit stays as it is"),
    ],
)
def test_what_a_new_digit_may_replace(
    qualities: tuple[float, ...], joined: bool, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [piece(200 + 10 * place, 8, 1, quality) for place, quality in enumerate(qualities)]
    new = piece(195, 40, 7, 0.9)
    monkeypatch.setattr(fainter, "together", lambda *given: [new])
    monkeypatch.setattr(fainter, "_around", lambda *given: [new.blob])
    before = [piece(40 * place, 30, 4, 1.0) for place in range(4)] + parts
    page = Page(np.zeros((200, 520), np.uint8), THRESHOLD, 6.0, (1.0, 1.0), False)
    speck = piece(400, 40, 0, 0).blob  # a page with something left to look at
    after = with_fainter(page, [*(one.blob for one in before), speck], 40, before, Classifier.load())
    assert (new in after) == joined, why
    assert len(after) == (5 if joined else len(before)), why


def test_a_digit_is_no_part_of_what_surrounds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: the sign of a root and the digit below it were joined to a 5."""
    root = piece(200, 60, 5, 0.4)
    root = root._replace(blob=Blob((200, 40, 60, 60), root.blob.contours))
    new = root._replace(confidence=0.65, digit_score=1.0)
    monkeypatch.setattr(fainter, "together", lambda *given: [new])
    monkeypatch.setattr(fainter, "_around", lambda *given: [new.blob])
    before = [piece(40 * place, 30, 4, 1.0) for place in range(4)] + [root, piece(220, 30, 8, 0.95)]
    page = Page(np.zeros((200, 520), np.uint8), THRESHOLD, 6.0, (1.0, 1.0), False)
    assert with_fainter(page, [one.blob for one in before], 40, before, Classifier.load()) == before


@pytest.mark.parametrize(
    ("box", "looked_at", "why"),
    [
        ((400, 50, 30, 40), True, "a piece apart from all digits"),
        ((165, 55, 20, 30), False, "a part of a digit"),
        ((155, 40, 45, 60), False, "what holds a digit"),
        ((175, 50, 30, 40), True, "a neighbour whose box meets a digit's by half"),
        ((200, 110, 30, 40), True, "one that is beside it and below: it has nothing in common with it"),
    ],
)
def test_which_pieces_are_looked_at_again(
    box: Box, looked_at: bool, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[Box]()
    monkeypatch.setattr(fainter, "_around", lambda page, boxes, reach: asked.extend(boxes))
    before = [piece(40 * place, 30, 4, 1.0) for place in range(5)]
    page = Page(np.zeros((200, 520), np.uint8), THRESHOLD, 6.0, (1.0, 1.0), False)
    pieces = [*(one.blob for one in before), Blob(box, ())]
    assert with_fainter(page, pieces, 40, before, Classifier.load()) == before
    assert asked == ([box] if looked_at else []), why
