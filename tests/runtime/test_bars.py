"""Bars around a picture, as of screenshots, films and slides: a page was read as bright ink, or lost."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.bars import shown

Picture = npt.NDArray[np.uint8]

SIZE = (160, 240)
"""Height and width of the pictures that bars are put around."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Classifier.load())


def photograph(light: float = 200, size: tuple[int, int] = SIZE) -> Any:
    """A lit sheet that fills a camera's picture, darker on the left."""
    shade = np.linspace(0.8, 1.0, size[1])[None, :]
    return np.clip(light * shade + np.random.default_rng(5).normal(0, 2, size), 0, 255).astype(np.uint8)


def plain(level: int = 255, size: tuple[int, int] = SIZE) -> Any:
    return np.full(size, level, np.uint8)


def barred(picture: Any, bars: tuple[int, int, int, int], level: int = 0) -> Any:
    """The picture with bars above and below, left and right of it."""
    return cv2.copyMakeBorder(picture, *bars, cv2.BORDER_CONSTANT, value=level)


def coded(picture: Any, scale: float = 1.0) -> Any:
    """As JPEG of low quality, seen at another size."""
    pixels = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], 0)
    return cv2.resize(pixels, None, fx=scale, fy=scale)


def drawn(*lines: list[tuple[int, int]], pen: int = 6) -> Any:
    """Strokes on even white."""
    picture = plain()
    cv2.polylines(picture, [np.array(line, np.int32) for line in lines], False, 20, pen)
    return picture


def shaded() -> Any:
    """A sheet in the dark, brighter to the right, of whose noise blur and JPEG left none, with a stroke."""
    shade = np.linspace(40, 90, SIZE[1])[None, :].repeat(SIZE[0], 0).astype(np.uint8)
    cv2.rectangle(shade, (60, 60), (70, 90), 20, -1)
    return shade


def in_window() -> Any:
    """A window, with a title above the picture, on a desktop that a phone shows."""
    window = barred(photograph(), (12, 0, 0, 0), 240)
    return barred(barred(window, (40, 30, 50, 60), 90), (200, 200, 0, 0), 18)


def faded(axis: int) -> Picture:
    """Return levels of 100 to 105 from end to end along an axis, without noise."""
    levels = np.linspace(100, 105, 80).astype(np.uint8)
    return np.repeat(np.expand_dims(levels, 1 - axis), 60, 1 - axis)


@pytest.mark.parametrize(
    ("picture", "box", "why"),
    [
        (barred(photograph(), (90, 60, 0, 0)), (0, 90, 240, 160), "a film's"),
        (barred(photograph(), (0, 0, 30, 50), 255), (30, 0, 240, 160), "a slide's"),
        (barred(photograph(), (9, 20, 30, 41), 128), (30, 9, 240, 160), "on all sides"),
        (in_window(), (50, 252, 240, 160), "one within the other"),
        (barred(photograph(size=(40, 240)), (290, 290, 0, 0), 18), (0, 290, 240, 40), "a strip on a phone"),
    ],
)
def test_bars_are_cut_off(picture: Picture, box: tuple[int, int, int, int], why: str) -> None:
    found = shown(np.dstack([picture] * 3))[0]
    x, y, width, height = box
    assert found.corner == (x, y), why
    assert np.array_equal(found.grey, picture[y : y + height, x : x + width]), why
    assert np.array_equal(found.picture[:, :, 0], found.grey), why


def test_a_page_may_be_as_bright_as_its_bars() -> None:
    """What is written in another colour alone was lost in a window."""
    blue = np.dstack([photograph(), photograph(71), photograph(60)])
    picture = cv2.copyMakeBorder(blue, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(80, 80, 80))
    assert shown(picture)[0].corner == (60, 60)
    assert shown(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))[0].corner == (0, 0)


@pytest.mark.parametrize("scale", [0.6, 1.0, 1.7])
def test_edges_may_be_blurred(scale: float) -> None:
    found = shown(coded(barred(photograph(), (90, 60, 20, 30)), scale))[0]
    wanted = scale * np.array([20, 90, 240, 160])
    assert [*found.corner, *found.grey.shape[::-1]] == pytest.approx(wanted, abs=4)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (photograph(), "a camera's noise"),
        (plain(), "nothing"),
        (plain(size=(1, 1)), "one pixel"),
        (barred(photograph(), (60, 60, 0, 0), 195), "as bright as the paper beside it"),
        (drawn([(60, 40), (160, 40), (100, 130)]), "the bar of a 7"),
        (drawn([(120, 30), (120, 130)], pen=60), "a broad stroke"),
        (drawn([(40, 30), (200, 30), (200, 130), (40, 130), (40, 30)]), "a drawn frame"),
        (drawn([(0, 80), (239, 80)]), "a rule"),
        (barred(photograph(size=(20, 20)), (70, 70, 110, 110)), "a speck"),
        (shaded(), "fading light without noise: half of the digits were lost"),
        (faded(0), "light that fades so slowly that the bars above and below met: the process crashed"),
        (faded(1), "bars left and right that met: an error of OpenCV's"),
    ],
)
def test_what_is_drawn_on_even_paper_stays(picture: Picture, why: str) -> None:
    found = shown(picture)[0]
    assert found.corner == (0, 0), why
    assert found.grey.shape == picture.shape, why


def written(light: int, rows: int, line: str = "2837328732") -> Any:
    """A sheet with rows of digits that fills a camera's picture."""
    page = np.full((40 + 90 * rows, 800), light, np.float32)
    for row in range(rows):
        for place, sign in enumerate(line):
            write(page, sign, (60 + 68 * place, 40 + 90 * row), 0.3 * light, 5, 44)
    page += np.random.default_rng(5).normal(0, 1, page.shape)
    return np.clip(np.rint(page), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("light", "rows", "bars", "level", "why"),
    [
        (215, 1, (600, 600, 0, 0), 18, "a strip on a phone: its paper passed for bright ink"),
        (14, 4, (60, 60, 60, 60), 255, "in the dark: it was not brightened, with white around it"),
    ],
)
@pytest.mark.parametrize("rotate", [0, 90])
def test_a_page_is_read_as_without_them(
    light: int, rows: int, bars: tuple[int, int, int, int], level: int, why: str, rotate: int, reader: Reader
) -> None:
    upright = Reader(reader.classifier, rotate=str(rotate))
    turned = np.ascontiguousarray(np.rot90(written(light, rows), rotate // 90))
    alone, within = upright.read(turned), upright.read(barred(turned, bars, level))
    assert within.text == alone.text == "\n".join(["2837328732"] * rows), why
    assert within.size == (turned.shape[1] + bars[2] + bars[3], turned.shape[0] + bars[0] + bars[1])
    for one, other in zip(within.digits, alone.digits, strict=True):
        assert one.box == (other.box[0] + bars[2], other.box[1] + bars[0], *other.box[2:]), why


@pytest.mark.parametrize(
    ("level", "light", "line", "wanted", "why"),
    [
        (18, 215, "373287", ["373287"], "the hour alone was read, on a phone, and the page lost"),
        (255, 150, "373287", ["373287"] * 2, "the hour was read as well"),
        (255, 150, "373", ["373"], "the hour has more digits than the page"),
        (255, 150, "8", ["2837", "8", "8"], "far more stands beside a picture than in it"),
    ],
)
def test_something_may_stand_in_bars(
    level: int, light: int, line: str, wanted: list[str], why: str, reader: Reader
) -> None:
    page = written(light, len(wanted) - ("2837" in wanted), line)
    page = barred(page, (240, 240, 0, 0), level).astype(np.float32)
    for place, sign in enumerate("2837"):
        write(page, sign, (60 + 34 * place, 24), 255 - level, 3, 24)
    reading = reader.read(np.rint(page).astype(np.uint8))
    assert reading.text.split() == wanted, why
    assert reading.size == page.shape[::-1], why


def test_light_may_fade_through_the_level_of_the_bars(reader: Reader) -> None:
    """Regression: where the page is as bright as the bars it passed for one, and the clock alone was read."""
    page = written(150, 2, "373287") * np.linspace(0.6, 1.0, 800)
    page = barred(page, (240, 240, 0, 0), 110)
    for place, sign in enumerate("2837"):
        write(page, sign, (60 + 34 * place, 24), 230, 3, 24)
    assert reader.read(np.rint(page).astype(np.uint8)).text.split() == ["373287"] * 2


def test_one_digit_is_read_as_without_them(reader: Reader) -> None:
    page = photograph().astype(np.float32)
    write(page, "3", (100, 30), 40, 9, 90)
    page = np.rint(page).astype(np.uint8)
    reading = reader.read_single(barred(page, (300, 300, 0, 0)))
    assert reading.text == "3"
    assert reading.size == (240, 760)
    assert reading.digits[0].box[1] > 300
