"""The whole reader, with classifiers whose answers are known."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.errors import PictureError, UsageError
from edgedigits.ink import cut
from edgedigits.reader import Reader
from edgedigits.results import NOT_A_DIGIT, Predictions, Reading

Frames = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]


def answer(labels: npt.NDArray[np.int64], sure: npt.NDArray[np.float64]) -> Predictions:
    """Return predictions with these labels and qualities; below 0.5 it is no digit."""
    probabilities = np.full((len(labels), 10), 0.01, np.float32)
    probabilities[np.arange(len(labels)), labels] = 0.91
    named = np.where(sure < 0.5, NOT_A_DIGIT, labels)
    return Predictions(named, np.ones(len(labels), np.float32), probabilities, sure.astype(np.float32))


class ByShape:
    """Calls a narrow frame 1, and one with a bar at its top 7; everything else is no digit."""

    def predict(self, images: Frames) -> Predictions:
        labels, sure = np.zeros(len(images), np.int64), np.zeros(len(images))
        for index, image in enumerate(images):
            x, y, width, height = cv2.boundingRect(image)
            filled = (image[y : y + height, x : x + width] > 128).mean(axis=1) if width else np.zeros(1)
            if width and width < 0.3 * height:
                labels[index], sure[index] = 1, 0.9985
            elif width and width < 0.9 * height and filled[:2].max() > 0.8 and filled[-3:].max() < 0.5:
                labels[index], sure[index] = 7, 0.999
        return answer(labels, sure)


SEVEN = [(0, 0), (34, 0), (12, 60)]
ONE = [(15, 0), (15, 60)]
SCRIBBLE = [(0, 60), (34, 0), (34, 60), (0, 0)]


def draw(rows: list[str], size: tuple[int, int] = (640, 480), slope: float = 0.0) -> npt.NDArray[np.uint8]:
    """Rows of 7, 1 and x (a scribble), 60 high."""
    picture = np.full((size[1], size[0]), 210, np.uint8)
    for row, text in enumerate(rows):
        for place, letter in enumerate(text):
            strokes = np.array({"7": SEVEN, "1": ONE, "x": SCRIBBLE}[letter], np.int32)
            left = 60 + 70 * place
            offset = (left, round(70 + 110 * row + slope * left))
            cv2.polylines(picture, [strokes + np.array(offset, np.int32)], False, 40, 6)
    return picture


def test_text_is_in_lines_and_the_rest_is_left_out() -> None:
    reading = Reader(ByShape()).read(draw(["7117", "17x1", "71"]))
    assert reading.text == "7117\n171\n71"
    assert [digit.line for digit in reading.digits] == [0] * 4 + [1] * 3 + [2] * 2
    assert [digit.label for digit in reading.digits] == [7, 1, 1, 7, 1, 7, 1, 7, 1]
    (scribble,) = reading.rejected
    assert scribble.label == NOT_A_DIGIT
    assert scribble.box[0] == pytest.approx(197, abs=5)
    assert reading.size == (640, 480)


@pytest.mark.parametrize("slope", [-0.15, 0.15])
def test_sloped_pages(slope: float) -> None:
    rows = ["7117171", "17", "1771"]
    picture = draw(rows, (640, 640), slope)
    picture = np.roll(picture, 60, axis=0)
    assert Reader(ByShape()).read(picture).text == "\n".join(rows)


def in_colours(grey: npt.NDArray[np.uint8], pen: Colour, paper: Colour) -> npt.NDArray[np.uint8]:
    """Return the page in colour, [H, W, 3]: dark ink in one colour, paper in another."""
    coloured = np.where((grey < 128)[:, :, None], pen, paper)
    return np.clip(coloured + np.random.default_rng(2).normal(0, 2, coloured.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("pen", "paper"),
    [
        pytest.param((50, 45, 210), (80, 105, 60), id="red chalk on a green board"),
        pytest.param((40, 215, 250), (205, 190, 250), id="yellow on pink"),
        pytest.param((235, 205, 70), (120, 165, 195), id="blue on brown"),
    ],
)
def test_colours_that_are_as_bright_as_each_other(pen: Colour, paper: Colour) -> None:
    """Regression: nothing was found on such pages, because in grey there is no ink."""
    rows = ["7117", "171", "71"]
    assert Reader(ByShape()).read(in_colours(draw(rows), pen, paper)).text == "\n".join(rows)
    turned = np.rot90(in_colours(draw(["7"], (200, 200)), pen, paper))
    assert Reader(ByShape(), rotate="90").read_single(turned).text == "7"


def test_colours_are_not_looked_at_where_the_ink_is_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise every page would take three times as long."""
    monkeypatch.setattr("edgedigits.ink.filters.clearest", lambda *_: pytest.fail("looked at"))
    page = in_colours(draw(["7117"]), (170, 70, 30), (245, 245, 245))
    assert Reader(ByShape()).read(page).text == "7117"
    assert Reader(ByShape()).read_single(in_colours(draw(["7"]), (90, 40, 30), (245, 245, 245))).text == "7"


def test_timing_adds_up() -> None:
    timing = Reader(ByShape()).read(draw(["71"])).timing_ms
    assert set(timing) == {"segment", "classify", "total"}
    assert 0 < timing["segment"] + timing["classify"] <= timing["total"]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_sideways_pages(degrees: int) -> None:
    upright = draw(["7177", "717"])
    straight = Reader(ByShape()).read(upright)
    # The page was rotated clockwise by this angle, so it has to be rotated by the rest of the turn.
    picture = np.ascontiguousarray(np.rot90(upright, -degrees // 90))
    for rotate in ("auto", str((360 - degrees) % 360)):
        reading = Reader(ByShape(), rotate=rotate).read(picture)
        assert reading.text == straight.text
        assert reading.size == picture.shape[1::-1]
        for digit, expected in zip(reading.digits, straight.digits, strict=True):
            x, y, width, height = digit.box
            ink = picture[y : y + height, x : x + width] < 100
            assert ink.sum() > 0.9 * (upright[box_slice(expected.box)] < 100).sum()


def test_a_sideways_page_on_a_table_with_grain() -> None:
    """Regression: lines of the grain were 1s in the picture as it lay, and outvoted the page's digits."""
    picture = np.ascontiguousarray(np.rot90(draw(["7177", "717"]), -1))
    table = np.full((picture.shape[0], 700), picture.max(), np.uint8)
    for x in range(20, 690, 45):
        for y in range(30, len(table) - 80, 90):
            cv2.line(table, (x, y), (x, y + 50), 40, 6)
    reading = Reader(ByShape(), rotate="auto").read(np.hstack([picture, table]))
    assert "7177" in reading.text.splitlines()


def box_slice(box: tuple[int, int, int, int]) -> tuple[slice, slice]:
    return slice(box[1], box[1] + box[3]), slice(box[0], box[0] + box[2])


def test_unknown_rotation() -> None:
    with pytest.raises(UsageError, match="45"):
        Reader(ByShape(), rotate="45")
    with pytest.raises(UsageError, match="a string, one of '0', '90'"):  # 90 was called none of 0, 90, 180
        Reader(ByShape(), rotate=90)  # type: ignore[arg-type]


def test_what_cv2_reads_of_no_file_is_told() -> None:
    """Regression: the advice was to rescale the values of None."""
    with pytest.raises(PictureError, match=r"cv2\.imread gives None"):
        Reader(ByShape()).read(None)  # type: ignore[arg-type]


def test_touching_digits_are_cut() -> None:
    picture = draw(["1"])
    for left in (200, 236, 272):  # three sevens written so close that their bars are one
        cv2.polylines(picture, [np.array(SEVEN, np.int32) + np.array((left, 70), np.int32)], False, 40, 6)
    reading = Reader(ByShape()).read(picture)
    assert reading.text == "1777"
    assert [digit.box[0] for digit in reading.digits] == pytest.approx([72, 197, 233, 269], abs=7)
    assert not any(digit.uncertain_split for digit in reading.digits)


def test_a_mark_alone_and_pale_is_no_digit() -> None:
    picture = draw(["7171", "7711"])
    cv2.line(picture, (560, 380), (560, 440), 180, 4)
    reading = Reader(ByShape()).read(picture)
    assert reading.text == "7171\n7711"
    assert len(reading.rejected) == 1
    # On a page of nothing else it may be all there is.
    alone = np.full((480, 640), 210, np.uint8)
    cv2.line(alone, (560, 380), (560, 440), 180, 4)
    assert Reader(ByShape()).read(alone).text == "1"


def test_single_takes_all_ink_as_one_digit() -> None:
    picture = np.full((120, 90), 210, np.uint8)
    cv2.line(picture, (25, 20), (60, 20), 40, 6)
    cv2.line(picture, (55, 32), (38, 90), 40, 6)  # the bar and the stem do not touch
    assert Reader(ByShape()).read_single(picture).text == "7"
    assert Reader(ByShape()).read_single(np.full((50, 50), 255, np.uint8)).text == ""


def test_all_is_read_where_its_sheet_has_far_fewer_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: only the lit part of a sheet was read, though the whole picture had far more digits."""
    picture = draw(["777x77x"] * 3)
    part = cut.uncut(np.ascontiguousarray(picture[:, :192]))._replace(may_be_shadow=True)
    monkeypatch.setattr("edgedigits.reader.cut_out", lambda _: part)
    assert Reader(ByShape()).read(picture).text == "77777\n77777\n77777"


def test_a_single_one_is_no_rule() -> None:
    # It reaches from edge to edge, as a margin line would.
    picture = np.full((200, 160), 230, np.uint8)
    cv2.line(picture, (80, 10), (80, 190), 30, 4)
    assert Reader(ByShape()).read_single(picture).text == "1"


def test_debug_writes_each_stage(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "stages"
    Reader(ByShape()).read(draw(["71", "17x"]), folder)
    names = ["1_grey", "2_background", "3_ink", "4_boxes", "5_lines", "6_frames"]
    assert sorted(path.stem for path in folder.iterdir()) == names
    grey, paper = (cv2.imread(str(folder / f"{name}.png"), cv2.IMREAD_GRAYSCALE) for name in names[:2])
    assert np.ptp(grey) > 150
    assert np.percentile(paper, 5) > 190  # the ink is gone from it
    frames = cv2.imread(str(folder / "6_frames.png"), cv2.IMREAD_GRAYSCALE)
    wide = [int((frames[:84, left : left + 84].max(axis=0) > 128).sum()) for left in range(0, 5 * 88, 88)]
    assert [width > 20 for width in wide] == [True, False, False, True, True]  # in reading order, x behind
    # A page without anything has its stages too.
    Reader(ByShape()).read(np.full((1, 1), 9, np.uint8), tmp_path / "empty")
    assert len(list((tmp_path / "empty").iterdir())) == 6


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((1, 1), np.uint8),
        np.zeros((480, 640), np.uint8),  # all black
        np.full((480, 640, 3), 255, np.uint8),
        np.zeros((480, 640, 4), np.uint8),  # wholly transparent
        np.full((3, 2000), 128, np.uint8),
        np.tile(np.arange(256, dtype=np.uint8), (100, 3)),  # ramps
    ],
)
@pytest.mark.parametrize("rotate", ["0", "auto"])
def test_pictures_without_digits(picture: npt.NDArray[np.uint8], rotate: str) -> None:
    class Nothing:
        def predict(self, images: Frames) -> Predictions:
            return answer(np.zeros(len(images), np.int64), np.zeros(len(images)))

    reading = Reader(Nothing(), rotate=rotate).read(picture)
    assert (reading.text, reading.digits) == ("", ())
    assert Reader(Nothing(), rotate=rotate).read_single(picture).text == ""


@pytest.mark.parametrize("method", [Reader.read, Reader.read_single])
def test_arrays_that_are_no_pictures(method: Callable[..., Reading]) -> None:
    with pytest.raises(PictureError, match="expected"):
        method(Reader(ByShape()), np.zeros((4, 4), np.float32))


def test_kinds_of_pictures_read_alike_and_are_not_changed() -> None:
    grey = draw(["7117"])
    colour = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    alpha = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGRA)
    for picture in (grey, colour, alpha, 255 - grey, np.asfortranarray(grey), colour[:, ::1]):
        before = picture.copy()
        assert Reader(ByShape()).read(picture).text == "7117"
        np.testing.assert_array_equal(picture, before)


def test_several_threads() -> None:
    reader, texts = Reader(ByShape()), []
    pictures = [draw(["71" * count]) for count in range(1, 5)]
    threads = [threading.Thread(target=lambda p=p: texts.append(reader.read(p).text)) for p in pictures * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts, key=len) == [text for count in range(1, 5) for text in ["71" * count] * 3]
