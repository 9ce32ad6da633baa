"""How the other pieces of a page decide whether a piece is one digit or two."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.page import Page
from edgedigits.pieces.choose import choose, in_company
from edgedigits.pieces.connected import written_on
from edgedigits.pieces.touching import has_room
from edgedigits.results import NOT_A_DIGIT, Predictions


class ByWidth:
    """Scores each frame by the width of its ink in pixels, and refuses those below a threshold.

    The label is 0, or depends on the width as well.
    """

    def __init__(
        self,
        score: Callable[[np.ndarray], np.ndarray],
        name: Callable[[np.ndarray], np.ndarray] = np.zeros_like,
        threshold: float = 0.65,
    ) -> None:
        self.score, self.name, self.threshold = score, name, threshold

    def predict(self, images: np.ndarray) -> Predictions:
        width = (images.max(axis=1) > 60).sum(axis=1)
        score, digits = self.score(width), self.name(width)
        labels = np.where(score >= self.threshold, digits, -1).astype(np.int64)
        probabilities = np.eye(10, dtype=np.float32)[digits]
        return Predictions(labels, np.ones(len(images), np.float32), probabilities, score.astype(np.float32))


def slender(of_two: float, of_one: float = 1.0) -> ByWidth:
    """A classifier for slender ovals: one is a 0, two side by side are doubtful."""
    return ByWidth(lambda w: np.select([w < 6, w < 11, w > 12], [0.02, of_one, of_two], 0.02))


def broad(of_one: float) -> ByWidth:
    """The same for broad ovals: two are certainly no digit."""
    return ByWidth(lambda w: np.where((w > 12) & (w < 17), of_one, 0.02))


def page(singles: int) -> Page:
    """A page of `singles` slender ovals, with two that touch in the middle."""
    ink = np.zeros((140, 200 + 70 * singles), np.uint8)
    places = [40 + 70 * place for place in range(singles)]
    places += [100 + 70 * singles, 138 + 70 * singles]
    for x in places:
        cv2.ellipse(ink, (x, 70), (18, 42), 0, 0, 360, 255, 7)
    return Page(ink, 100, 7.0, (1.0, 1.0), False)


@pytest.mark.parametrize(
    ("singles", "of_two", "found"),
    [
        (6, 0.5, 8),  # refused as one digit on a page of digits: cut, though the cut costs more than a half
        (4, 0.5, 6),  # so few make a page
        (3, 0.5, 4),  # too few digits: it may be a letter, and stays one piece
        (6, 0.8, 7),  # accepted as one digit: the cut would have to be much better
        (0, 0.02, 2),  # alone, but certainly no digit while its parts certainly are
    ],
)
def test_a_refused_piece_is_cut_where_the_others_are_digits(singles: int, of_two: float, found: int) -> None:
    drawn = page(singles)
    pieces = written_on(drawn.ink, drawn.threshold, 0).pieces
    assert len(pieces) == singles + 1
    chosen = choose(drawn, pieces, 91.0, slender(of_two))
    assert len(chosen) == found
    assert sum(one.cut for one in chosen) == 2 * (found > len(pieces)), "no other is told to be cut"
    assert not any(one.uncertain_split for one in chosen if not one.cut), "or to be a doubtful part"


@pytest.mark.parametrize(
    ("joined", "highest", "why"),
    [
        (0.3, 93, "hardly a digit, together with the line below: both were lost"),
        (0.9, 114, "the lower stroke of a digit"),
    ],
)
def test_a_line_below_a_digit(joined: float, highest: int, why: str) -> None:
    drawn = page(6)
    cv2.line(drawn.ink, (14, 130), (66, 130), 255, 13)
    classifier = ByWidth(lambda w: np.select([w < 11, w < 14], [0.95, joined], 0.02), threshold=0.1)
    pieces = written_on(drawn.ink, drawn.threshold, 0).pieces
    found = choose(drawn, pieces, 91.0, classifier)
    assert max(one.blob.box[3] for one in found) == highest, why


@pytest.mark.parametrize(
    ("singles", "of_one", "found"),
    [
        (0, 0.96, 1),  # alone it may be a letter: two parts of 0.96 are 0.92 together, not enough
        (6, 0.96, 8),  # among digits it is
        (6, 0.92, 7),  # grain and signs fall into parts as doubtful as these
        (0, 0.98, 2),  # a page that holds only two touching digits
    ],
)
def test_on_a_page_of_digits_a_refused_piece_needs_less_to_be_cut(
    singles: int, of_one: float, found: int
) -> None:
    drawn = page(singles)
    pieces = written_on(drawn.ink, drawn.threshold, 0).pieces
    assert len(choose(drawn, pieces, 91.0, slender(0.02, of_one))) == found


@pytest.mark.parametrize(
    ("of_first", "of_second", "found", "batches"),
    [
        (
            0.97,
            0.99,
            8,
            2,
        ),  # clear digits at once: one batch for the whole page, and one for the cuts
        (0.8, 0.99, 8, 3),  # doubtful ones are searched again among more cuts
        (0.1, 0.99, 7, 2),  # anything worse is no row of digits, and gets no further search
    ],
)
def test_doubtful_cuts_are_sought_again(of_first: float, of_second: float, found: int, batches: int) -> None:
    drawn = page(6)
    pieces = written_on(drawn.ink, drawn.threshold, 0).pieces
    calls = []

    class Counting(ByWidth):
        def predict(self, images: np.ndarray) -> Predictions:
            calls.append(len(images))
            of_one = 1.0 if len(calls) == 1 else of_first if len(calls) == 2 else of_second
            return slender(0.02, of_one).predict(images)

    assert len(choose(drawn, pieces, 91.0, Counting(lambda width: width))) == found
    assert len(calls) == batches
    assert batches == 2 or calls[2] > calls[1]


@pytest.mark.parametrize(
    ("singles", "broad", "found"),
    [
        (0, 7, 1),  # hardly wider than half its height: alone it is not cut
        (6, 7, 8),  # regression: on a page of digits a touching 1 and 4 were lost
        (6, 99, 7),  # two 1s are any letter with two stems
    ],
)
def test_a_narrow_refused_piece_is_cut_on_a_page_of_digits(singles: int, broad: int, found: int) -> None:
    ink = np.zeros((140, 160 + 70 * singles), np.uint8)
    for place in range(singles):
        cv2.line(ink, (160 + 70 * place, 30), (160 + 70 * place, 110), 255, 7)
    cv2.line(ink, (40, 30), (40, 110), 255, 7)
    cv2.line(ink, (92, 30), (92, 110), 255, 7)
    cv2.line(ink, (40, 70), (92, 70), 255, 7)
    classifier = ByWidth(
        lambda width: np.where(width < 9, 0.99, 0.02), lambda width: np.where(width < broad, 1, 4)
    )
    drawn = Page(ink, 100, 7.0, (1.0, 1.0), False)
    assert len(choose(drawn, written_on(ink, 100, 0).pieces, 87.0, classifier)) == found


@pytest.mark.parametrize("singles", [0, 5])  # alone, and on a page of digits
@pytest.mark.parametrize(
    ("broad", "widest", "labels", "why"),
    [
        (7, 12, [NOT_A_DIGIT], "an m, whose legs are a 1 and two 7s: it was read as 177"),
        (1, 12, [NOT_A_DIGIT], "the same as three 1s"),
        (4, 12, [1, 4, 4], "another digit among them: no letter falls into it"),
        (7, 17, [7, 7], "two parts: an m has three"),
    ],
)
def test_three_parts_that_are_all_ones_and_sevens_are_a_letter(
    broad: int, widest: int, labels: list[int], why: str, singles: int
) -> None:
    """`broad` is the width from which a part is more than a stroke, `widest` the width limit of a digit."""
    ink = np.zeros((140, 320 + 70 * singles), np.uint8)
    for x in (40, 92, 144, *range(220, 220 + 70 * singles, 70)):
        cv2.line(ink, (x, 30), (x, 110), 255, 7)
    cv2.line(ink, (40, 30), (144, 30), 255, 7)
    classifier = ByWidth(
        lambda width: np.where(width < widest, 0.99, 0.02), lambda width: np.where(width < 8, 1, broad)
    )
    found = choose(Page(ink, 100, 7.0, (1.0, 1.0), False), written_on(ink, 100, 0).pieces, 87.0, classifier)
    assert [one.label for one in found if one.blob.box[0] < 200] == labels, why
    assert len(found) == len(labels) + singles


@pytest.mark.parametrize(
    ("labels", "value", "width", "room", "why"),
    [
        ((1, 7), -0.5, 0.7, True, "a 1 needs little room"),
        ((1, 7), -1.2, 0.7, False, "a cut across much ink, on so little room: an n"),
        ((1, 7), -1.2, 0.9, True, "the same, with more room"),
        ((7, 4), -0.5, 0.8, False, "the halves of a #"),
        ((7, 4), -0.5, 0.95, True, "two digits that touch"),
        ((9, 6), -0.5, 0.95, False, "the halves of a %"),
        ((9, 6), -0.5, 1.1, True, "which is not as wide as these digits"),
        ((), -math.inf, 1.1, False, "there is no way to cut it"),
    ],
)
def test_the_room_of_digits(
    labels: tuple[int, ...], value: float, width: float, room: bool, why: str
) -> None:
    assert has_room(labels, value, width) == room, why


@pytest.mark.parametrize(
    ("singles", "of_one", "found"),
    [
        (0, 0.95, 2),  # a page that holds only two touching digits
        (0, 0.76, 1),  # an alpha, which falls into a 0 and two 1s of moderate quality
        (4, 0.95, 6),  # the same on a page of digits
    ],
)
def test_a_wide_piece_alone_is_cut_into_good_digits_only(singles: int, of_one: float, found: int) -> None:
    ink = np.zeros((140, 260 + 100 * singles), np.uint8)
    for x in (*range(50, 50 + 100 * singles, 100), 80 + 100 * singles, 142 + 100 * singles):
        cv2.ellipse(ink, (x, 70), (30, 42), 0, 0, 360, 255, 7)
    pieces = written_on(ink, 100, 0).pieces
    assert len(pieces) == singles + 1
    assert len(choose(Page(ink, 100, 7.0, (1.0, 1.0), False), pieces, 91.0, broad(of_one))) == found


@pytest.mark.parametrize(
    ("leg", "singles", "found"),
    [
        (80, 0, 0),  # a pi whose second leg does not touch its bar
        (130, 0, 1),  # beside the letter: a digit of its own
        (80, 4, 5),  # on a page of digits it is one of them
    ],
)
def test_a_stroke_within_the_box_of_a_letter_is_a_part_of_it(leg: int, singles: int, found: int) -> None:
    """Regression: the leg of a pi was read as a 1."""
    ink = np.zeros((140, 200 + 70 * singles), np.uint8)
    cv2.line(ink, (20, 30), (100, 30), 255, 7)
    cv2.line(ink, (40, 30), (40, 110), 255, 7)
    cv2.line(ink, (leg, 45), (leg, 106), 255, 7)
    for place in range(singles):
        cv2.line(ink, (200 + 70 * place, 30), (200 + 70 * place, 110), 255, 7)
    classifier = ByWidth(lambda width: np.where(width < 8, 0.99, 0.02))
    page = Page(ink, 100, 7.0, (1.0, 1.0), False)
    candidates = choose(page, written_on(ink, 100, 0).pieces, 91.0, classifier)
    assert len(candidates) == 2 + singles
    chosen = in_company(candidates, classifier.threshold)
    assert sum(candidate.label == 0 for candidate in chosen) == found


@pytest.mark.parametrize(
    ("slender", "broad", "score", "found"),
    [
        (30, 1, 0.3, 31),  # nearly a digit, among digits: the page's odds are eight times training's
        (30, 1, 0.18, 30),  # it would need odds of more than eight times
        (30, 5, 0.4, 30),  # with so many others they are 2.6 times, and 2.8 would be needed
        (3, 1, 0.64, 3),  # too few digits to make a page of digits
    ],
)
def test_what_was_refused_by_little_is_a_digit_among_digits(
    slender: int, broad: int, score: float, found: int
) -> None:
    ink = np.zeros((140, 120 * (slender + broad)), np.uint8)
    for place in range(slender + broad):
        cv2.ellipse(ink, (60 + 120 * place, 70), (14 if place < slender else 18, 42), 0, 0, 360, 255, 7)
    pieces = written_on(ink, 100, 0).pieces
    assert len(pieces) == slender + broad
    classifier = ByWidth(lambda width: np.where(width < 9, 1.0, score))
    candidates = choose(Page(ink, 100, 7.0, (1.0, 1.0), False), pieces, 91.0, classifier)
    chosen = in_company(candidates, classifier.threshold)
    assert sum(candidate.label == 0 for candidate in chosen) == found


def test_an_exponent_is_no_stroke_of_the_digit_before_it() -> None:
    """Regression: an 8 closely followed by a small 8 was read as one 8, which scored as high as both."""
    picture = np.full((300, 700), 230, np.uint8)
    for place, sign in enumerate("2838"):
        write(picture, sign, (60 + 93 * place, 110), 40, 7, 80)
    write(picture, "8", (393, 90), 40, 5, 40)
    assert Reader(Classifier.load()).read(picture).text == "28388"
