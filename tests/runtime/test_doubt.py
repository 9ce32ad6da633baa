"""Pictures that are read in several ways, because the first reading is doubtful."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink import filters
from edgedigits.ink.page import Page, above_shade

Grey = npt.NDArray[np.uint8]
SHAPE = (480, 640)
ROWS = ["23723", "73237", "32773"]


def written(picture: Any, left: int, top: int, ink: float) -> Any:
    """Return a picture with the rows of digits, 40 pixels high, written into it."""
    for row, text in enumerate(ROWS):
        for place, sign in enumerate(text):
            write(picture, sign, (left + 60 * place, top + 75 * row), ink)
    return picture


def on_a_table() -> Any:
    """Half as bright as the sheet on it, which might be sunlit; pens beside the sheet were read as well."""
    picture = np.full(SHAPE, 105, np.float32)
    for x, y in ((590, 90), (596, 290), (40, 60)):
        cv2.line(picture, (x, y), (x + 6, y + 70), 45, 6, cv2.LINE_AA)
    cv2.rectangle(picture, (90, 40), (550, 440), 205, cv2.FILLED)
    return written(picture, 150, 130, 60)


def in_bright_clutter() -> Any:
    """A grey sheet in front of a wall as grey, among bright things that were taken for the ink."""
    rng = np.random.default_rng(8)
    picture = np.full(SHAPE, 92, np.float32)
    for _ in range(120):
        middle = rng.uniform(0, 1, 2) * SHAPE[::-1]
        size = rng.uniform(6, 24) * np.array([1, rng.uniform(0.2, 1)])
        corners = cv2.boxPoints((middle.tolist(), size.tolist(), float(rng.uniform(0, 180))))
        cv2.fillPoly(picture, [corners.astype(np.int32)], float(rng.integers(40, 250)), cv2.LINE_AA)
    cv2.rectangle(picture, (110, 90), (540, 380), 88, cv2.FILLED)
    return written(picture, 160, 130, 20)


def in_shade() -> Any:
    """A ruled page below leaves: the shade, no darker than the rules, joined everything."""
    grain = cv2.GaussianBlur(np.random.default_rng(5).normal(0, 1, SHAPE).astype(np.float32), (0, 0), 10)
    shade = cv2.GaussianBlur((grain > 0).astype(np.float32), (0, 0), 2)
    picture = np.full(SHAPE, 225, np.float32)
    for y in range(40, 480, 40):
        cv2.line(picture, (0, y), (639, y - 8), 110, 2, cv2.LINE_AA)
    return written(picture, 150, 130, 10) * (1 - 0.5 * shade)


@pytest.mark.parametrize("draw", [on_a_table, in_bright_clutter, in_shade])
def test_what_leaves_doubt_is_read_in_another_way(draw: Callable[[], Any]) -> None:
    picture = cv2.GaussianBlur(draw(), (0, 0), 0.7)
    picture = picture + np.random.default_rng(4).normal(0, 2, SHAPE)
    reading = Reader(Classifier.load()).read(np.clip(picture, 0, 255).astype(np.uint8))
    assert reading.text.split("\n") == ROWS, draw.__doc__


def test_a_colour_that_shows_less_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    # Bright things in a room made ink look faint in grey; the clearest colour left only two of 13 digits.
    grey = written(np.full(SHAPE, 215, np.uint8), 150, 130, 60)
    picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    monkeypatch.setattr(filters, "clarity", lambda *_: 0.0)
    monkeypatch.setattr(filters, "clearest", lambda *_: np.full(SHAPE, 215, np.uint8))
    assert Reader(Classifier.load()).read(np.asarray(picture, np.uint8)).text.split("\n") == ROWS


def test_ink_that_is_equally_dark_everywhere_has_no_shade() -> None:
    """Regression: Otsu's level of it is 0, and a page with that threshold caused a division by zero."""
    ink = np.zeros((120, 160), np.uint8)
    ink[40:80, 50:56] = 105
    page = Page(ink, 99, 6.0, (1.0, 1.0), True)
    assert above_shade(page) == page
