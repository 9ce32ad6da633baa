"""Pieces held together only by faint ink, and the contents of large rings: each is ink, and listed once."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.pieces.connected import written_on

Grey = npt.NDArray[np.uint8]
THRESHOLD = 20


def paler(sign: int, shade: int) -> Grey:
    """Ink of a pale ring around an even paler sign, on shade, below which a row of pale digits stands."""
    ink = np.zeros((300, 300), np.uint8)
    for place in range(8):
        write(ink, "2837"[place % 4], (10 + 36 * place, 258), 31, 3, 28)
    cv2.circle(ink, (150, 120), 88, 31, 6)
    zigzag = np.array([(105, 92), (120, 150), (150, 95), (180, 150), (195, 92)], np.int32)
    cv2.polylines(ink, [zigzag], False, sign, 6)
    within = cv2.circle(np.zeros_like(ink), (150, 120), 84, 255, cv2.FILLED)
    shaded = (within > 0) & (ink == 0)
    ink[shaded] = np.random.default_rng(0).integers(0, shade + 1, np.count_nonzero(shaded))
    return ink


@pytest.mark.parametrize(
    ("sign", "shade", "found", "why"),
    [
        (17, 2, 8, "fainter than ink has to be, and firm beside the shade around it: a piece without ink"),
        (19, 4, 8, "the same, nearly ink"),
        (17, 0, 8, "no shade at all"),
        (28, 2, 9, "ink"),
    ],
)
def test_firm_ink_is_ink(sign: int, shade: int, found: int, why: str) -> None:
    ink = paler(sign, shade)
    pieces = [piece.box for piece in written_on(ink, THRESHOLD, 7.0).pieces]
    darkest = [ink[y : y + height, x : x + width].max() for x, y, width, height in pieces]
    assert min(darkest) > THRESHOLD, why
    assert len([box for box in pieces if box[2] < 150]) == found, why


@pytest.mark.parametrize("sign", [17, 18])
def test_a_sign_paler_than_ink_in_a_pale_ring_is_no_error(sign: int) -> None:
    """Regression: a piece without ink cannot be cut, which was a ValueError in `splits.propose`."""
    picture = (250 * (1 - paler(sign, 2) / 255.0)).astype(np.uint8)
    assert Reader(Classifier.load()).read(picture).text == "28372837"


def ringed(sign: str, rings: tuple[int, int], pens: tuple[int, int], rules: range, thick: int) -> Grey:
    """Ink of rules with two rings on them, one around a high digit, one around three low ones."""
    ink = np.zeros((480, 640), np.uint8)
    for y in rules:
        cv2.line(ink, (0, y), (639, y), 160, thick)
    for x, radius, pen in zip((160, 480), rings, pens, strict=True):
        cv2.circle(ink, (x, 240), radius, 240, pen)
    high = 0.9 * rings[0]
    write(ink, sign, (160 - 0.3 * high, 240 - high / 2), 240, 6, high)
    for place, low in enumerate("238"):
        write(ink, low, (430 + 38 * place, 222), 240, 4, 36)
    return ink


@pytest.mark.parametrize(
    ("sign", "rings", "pens", "rules", "thick"),
    [
        ("3", (90, 109), (4, 7), range(26, 480, 99), 2),
        ("2", (116, 90), (4, 6), range(50, 480, 71), 1),
        ("8", (117, 89), (7, 7), range(26, 480, 69), 1),
        ("7", (88, 109), (3, 3), range(54, 480, 84), 3),
    ],
)
def test_what_stands_in_two_rings_on_ruled_paper_is_listed_once(
    sign: str, rings: tuple[int, int], pens: tuple[int, int], rules: range, thick: int
) -> None:
    """Regression: a ring left whole without the rules was opened as a frame, and again as a large ring."""
    ink = ringed(sign, rings, pens, rules, thick)
    boxes = [piece.box for piece in written_on(ink, THRESHOLD, 5.0).pieces]
    high = [box for box in boxes if 100 < box[0] < 220 and 80 < box[3] < 120]
    assert len(high) == 1
    assert len(set(boxes)) == len(boxes)
