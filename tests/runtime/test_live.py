"""The live loop and what the user does to it, with a made-up stream and reader and without a window."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from edgedigits.errors import UsageError
from edgedigits.live import Moment, Watcher, cut
from edgedigits.results import Box, Digit, Reading
from edgedigits.sources import Frame
from edgedigits.webcam.aside import Aside
from edgedigits.webcam.controls import Controls
from edgedigits.webcam.overlay import Status, around, compose, enlargement, figures
from edgedigits.webcam.tracking import Steady, Tracker


class Pictures:
    """A stream of given pictures, 10 a second; None stands for a tick without one, words for a trouble."""

    name, granted, overtaken = "made up", "", 0

    def __init__(self, pictures: Sequence[np.ndarray | str | None]) -> None:
        self.ended = False
        self.trouble = ""
        self.left = list(pictures)
        self.taken = 0

    def take(self, timeout: float) -> Frame | None:
        if not self.left:
            self.ended = True
            return None
        self.taken += 1
        image = self.left.pop(0)
        self.trouble = image if isinstance(image, str) else "" if image is not None else self.trouble
        return None if image is None or self.trouble else Frame(image, self.taken - 1, self.taken / 10, 0.0)

    def close(self) -> bool:
        return True


def digit(label: int, box: Box) -> Digit:
    return Digit(label, 0.99, tuple(0.99 if n == label else 0.01 / 9 for n in range(10)), box)


def by_brightness(picture: np.ndarray) -> Reading:
    """Reads a plain picture as the digit of its brightness, a tenth of it, in the middle."""
    height, width = picture.shape[:2]
    found = (
        (digit(int(picture.max()) // 10, (width // 2 - 5, height // 2 - 5, 10, 10)),) if picture.any() else ()
    )
    return Reading("".join(str(d.label) for d in found), found, {"total": 1.0}, (width, height))


def plain(label: int) -> np.ndarray:
    return np.full((60, 80, 3), 10 * label, np.uint8)


def test_only_changes_are_changes() -> None:
    stream = Pictures([plain(7)] * 6 + [None] + [plain(0)] * 9)
    watcher = Watcher(stream, by_brightness, Tracker(stable=0.25, forget=0.45))
    moments = list(watcher.moments())
    seen = [moment for moment in moments if moment is not None]
    assert [(m.frame.index, m.steady.text) for m in seen if m.changed] == [(3, "7"), (10, "")]
    assert watcher.frames == 15
    assert watcher.announced == 1, "an empty text is no announcement"


def test_after_a_loss_nothing_is_announced_that_stood_there_before() -> None:
    """Regression: what lay where a digit had been was taken for it, however long ago that was."""
    pictures = [*[plain(7)] * 6, None, plain(7), "unplugged", None, *[plain(8)] * 6]
    watcher = Watcher(Pictures(pictures), by_brightness, Tracker(stable=0.25, forget=0.45))
    seen = [moment for moment in watcher.moments() if moment is not None]
    assert [(m.frame.index, m.steady.text) for m in seen if m.changed] == [(3, "7"), (10, ""), (13, "8")]


def test_a_frame_from_before_the_loss_that_is_read_late_belongs_to_what_was_before() -> None:
    pictures = [*[plain(7)] * 6, "unplugged", *[plain(8)] * 2]
    watcher = Watcher(Pictures(pictures), by_brightness, Tracker(stable=0.25, forget=0.45))
    *before, last, _, after, _ = (watcher.next_frame() for _ in range(9))
    assert [watcher.look(frame).steady.text for frame in (*before, last, after)][-3:] == ["7", "7", ""]


def test_without_smoothing_every_reading_counts() -> None:
    watcher = Watcher(Pictures([plain(7), plain(8), plain(8), plain(7)]), by_brightness, Tracker())
    watcher.smoothing = False
    assert [m.steady.text for m in watcher.moments() if m is not None and m.changed] == ["7", "8", "7"]


def test_frozen_takes_no_frames() -> None:
    stream = Pictures([plain(7)] * 3)
    watcher = Watcher(stream, by_brightness, Tracker())
    moments = watcher.moments()
    next(moments)
    watcher.frozen = True
    assert next(moments) is None
    assert stream.taken == 1
    watcher.frozen = False
    assert next(moments) is not None


def test_a_region_is_read_alone_and_boxes_are_in_the_whole_picture() -> None:
    image = np.zeros((60, 80, 3), np.uint8)
    image[10:40, 20:60] = 40
    image[:, 70:] = 90  # outside of the region
    watcher = Watcher(Pictures([image]), by_brightness, Tracker(stable=0), region=(20, 10, 40, 30))
    (moment,) = (m for m in watcher.moments() if m is not None)
    assert moment.steady.text == "4"
    assert moment.steady.digits[0].box == (20 + 15, 10 + 10, 10, 10)
    assert moment.reading.digits[0].box == moment.steady.digits[0].box
    assert moment.reading.size == (80, 60)


LEFT, RIGHT = (0, 0, 40, 60), (40, 0, 40, 60)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (LEFT, RIGHT, ["7", "", "8"]),
        (LEFT, None, ["7", "", "8"]),
        (None, RIGHT, ["8", "", "8"]),
        (LEFT, LEFT, ["7"]),  # drawn again as it was
    ],
)
def test_another_region_starts_the_tracker_over(
    before: Box | None, after: Box | None, told: list[str]
) -> None:
    """Regression: the digit of the last region went on being announced, at its place in the new one."""
    image = np.hstack([plain(7)[:, :40], plain(8)[:, 40:]])
    watcher = Watcher(Pictures([image] * 12), by_brightness, Tracker(stable=0.25, forget=0.45), region=before)
    texts = []
    for moment in watcher.moments():
        if moment is not None and moment.changed:
            texts.append(moment.steady.text)
        if watcher.frames == 5:
            watcher.region = after
    assert texts == told


def test_a_region_that_is_dropped_during_a_read_still_places_its_boxes() -> None:
    """Pressed while another thread read a frame, "r" left its boxes where the region's corner was."""
    image = np.full((60, 80, 3), 40, np.uint8)

    def read(picture: np.ndarray) -> Reading:
        watcher.region = None
        return by_brightness(picture)

    watcher = Watcher(Pictures([image]), read, Tracker(stable=0), region=(20, 10, 40, 30))
    (moment,) = (m for m in watcher.moments() if m is not None)
    assert moment.reading.digits[0].box == (20 + 15, 10 + 10, 10, 10)
    assert moment.reading.size == (80, 60)


@pytest.mark.parametrize(
    ("region", "shape"),
    [
        ((0, 0, 80, 60), (60, 80)),
        ((70, 50, 80, 60), (10, 10)),  # clipped at the far corner
        ((-10, -10, 20, 20), (10, 10)),  # begins outside
    ],
)
def test_a_region_is_clipped(region: Box, shape: tuple[int, int]) -> None:
    assert cut(plain(1), region)[2].shape[:2] == shape


def test_a_region_outside_of_the_picture_is_refused() -> None:
    with pytest.raises(UsageError, match="within 80x60"):
        cut(plain(1), (100, 0, 20, 20))


def test_the_json_object_has_what_a_script_needs() -> None:
    watcher = Watcher(Pictures([plain(7)]), by_brightness, Tracker(stable=0))
    (moment,) = (m for m in watcher.moments() if m is not None)
    result = moment.to_dict("camera 0")
    assert list(result) == ["source", "frame", "time", "clock", "text", "digits", "timing_ms"]
    assert result["text"] == "7"
    assert result["clock"].endswith("+00:00")
    assert result["digits"][0]["label"] == 7


def controls(**settings: object) -> Controls:
    made = Controls(snapshot=lambda: "saved", **settings)  # type: ignore[arg-type]
    made.size = (640, 480)
    return made


@pytest.mark.parametrize(
    ("keys", "attribute", "value"),
    [
        ("q", "quit", True),
        ("\x1b", "quit", True),
        (" ", "frozen", True),
        ("p", "frozen", True),
        ("  ", "frozen", False),
        ("t", "smoothing", False),
        ("tT", "smoothing", True),  # with caps lock
        ("s", "message", "saved"),
        ("x", "message", ""),  # not a key of ours
        ("7", "message", "start with --collect DIR to save corrections"),
    ],
)
def test_keys(keys: str, attribute: str, value: object) -> None:
    state = controls()
    for key in keys:
        state.key(ord(key))
    assert getattr(state, attribute) == value


def test_no_key_and_keys_with_modifiers() -> None:
    state = controls()
    state.key(-1)
    assert not state.quit
    state.key(0x100000 | ord("q"))  # num lock, as some toolkits report it
    assert state.quit


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (0xFF50, "Home under X, whose last byte is P"),
        (0xFF51, "Left, Q"),
        (0xFF52, "Up, R"),
        (0xFF53, "Right, S"),
        (0xFF54, "Down, T"),
        (0x10FF51, "Left with num lock"),
        (0xFFE1, "Shift alone"),
        (0xFFB7, "7 on GTK's keypad"),
        (0x6D1, "a Cyrillic letter"),
        (0x250000, "Left on Windows"),
        (0x700000, "F1 on Windows"),
        (0xF702, "Left on a Mac"),
    ],
)
def test_keys_that_are_no_letters_do_nothing(code: int, key: str) -> None:
    """Regression: of an arrow's code the last byte was looked at, and Left closed the window."""
    state = controls(region=(1, 2, 30, 40))
    before = vars(state).copy()
    state.key(code)
    assert vars(state) == before, key


def test_escape_quits_by_its_name_under_x_too() -> None:
    state = controls()
    state.key(0xFF1B)
    assert state.quit


def test_the_window_hands_on_the_whole_code_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: `waitKey` cuts it to a byte, and then Left is Q."""
    from edgedigits.webcam import liveview

    for name in ("namedWindow", "setMouseCallback", "resizeWindow", "imshow"):
        monkeypatch.setattr(liveview.cv2, name, lambda *_: None)
    monkeypatch.setattr(liveview.cv2, "waitKey", lambda _: 0xFF51 & 0xFF)
    monkeypatch.setattr(liveview.cv2, "waitKeyEx", lambda _: 0xFF51)
    monkeypatch.setattr(liveview.cv2, "getWindowProperty", lambda *_: 1.0)
    view = liveview.LiveView(Watcher(Pictures([]), by_brightness, Tracker()), snapshot=lambda *_: "")
    assert view.update(None, "")


@pytest.mark.parametrize(
    ("start", "end", "region"),
    [
        ((100, 100), (200, 150), (100, 100, 100, 50)),
        ((200, 150), (100, 100), (100, 100, 100, 50)),  # drawn backwards
        ((600, 400), (900, 700), (600, 400, 40, 80)),  # beyond the picture
        ((100, 100), (103, 103), None),  # a click with a trembling hand
        ((100, 100), (110, 200), None),  # too narrow to hold a digit
    ],
)
def test_a_drag_sets_the_region(start: tuple[int, int], end: tuple[int, int], region: Box | None) -> None:
    state = controls()
    state.press(*start)
    state.drag(*end)
    state.release(*end)
    assert state.region == region
    assert state.dragged is None
    state.key(ord("r"))
    assert state.region is None


def test_moving_without_the_button_does_nothing() -> None:
    state = controls()
    state.drag(300, 300)
    state.release(300, 300)
    assert state.region is None


def test_label_keys_are_about_the_shape_that_was_clicked() -> None:
    labelled: list[tuple[Box, str]] = []
    state = controls(collect=lambda shape, label: labelled.append((shape.box, label)) or "ok")
    state.key(ord("4"))
    assert state.message == "there is no shape to label"
    left, middle, right = ((x, 200, 30, 40) for x in (50, 300, 500))
    state.shapes = [digit(1, left), digit(2, middle), digit(3, right)]
    state.key(ord("4"))
    state.press(510, 220)
    state.release(510, 220)
    state.key(ord("n"))
    assert labelled == [(middle, "4"), (right, "none")], "without a click the one in the middle"


@pytest.mark.parametrize("size", [(640, 480), (206, 206), (1920, 1080), (31, 17)])
def test_the_view_fits_every_frame(size: tuple[int, int]) -> None:
    image = np.full((size[1], size[0], 3), 200, np.uint8)
    box = (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2)
    steady = Steady("12\n" + "3" * 200, (digit(4, box),))
    status = Status(30, 10, {"read": 2.0}, 3, "q quit " * 40)
    view = compose(image, steady, status, region=box, selected=steady.digits[0], rejected=steady.digits)
    factor = enlargement(size[0])
    assert view.shape == (size[1] * factor + around(size[0] * factor, size[1] * factor), size[0] * factor, 3)
    assert size[0] * factor >= 600 or factor > 1
    assert (image == 200).all()


def test_the_figures_tell_what_differs_from_normal() -> None:
    usual = figures(Status(30, 12, {"read": 3.14, "draw": 1}))
    assert usual == "30 fps  age 12 ms  read 3.1  draw 1.0 ms"
    unusual = figures(Status(30, 12, {"read": 3.14}, overtaken=5, frozen=True, smoothing=False))
    assert all(word in unusual for word in ("5 overtaken", "FROZEN", "not smoothed"))


@pytest.mark.parametrize("answer_when_closed", [0.0, -1.0, cv2.error("NULL guiReceiver")])
def test_closing_the_window_quits(
    monkeypatch: pytest.MonkeyPatch, answer_when_closed: float | cv2.error
) -> None:
    """The toolkits answer differently; Qt raises once its last window is gone."""
    from edgedigits.webcam import liveview

    visible: float | cv2.error = 1.0

    def property_of(*_: object) -> float:
        if isinstance(visible, cv2.error):
            raise visible
        return visible

    shown: list[np.ndarray] = []
    for name, answer in (
        ("namedWindow", lambda *_: None),
        ("setMouseCallback", lambda *_: None),
        ("resizeWindow", lambda *_: None),
        ("imshow", lambda _, picture: shown.append(picture)),
        ("waitKeyEx", lambda _: -1),
        ("getWindowProperty", property_of),
    ):
        monkeypatch.setattr(liveview.cv2, name, answer)
    watcher = Watcher(Pictures([plain(7)]), by_brightness, Tracker())
    view = liveview.LiveView(watcher, snapshot=lambda *_: "")
    assert view.update(None, "")
    assert view.update(None, "")
    assert view.update(None, "slow to open")
    assert len(shown) == 2, "a word while there is no frame yet, and again when there is another"
    (moment,) = (m for m in watcher.moments() if m is not None)
    assert view.update(moment, "")
    assert view.update(None, "camera 0 is lost"), "the picture stays while the camera is away"
    assert len(shown) == 4
    visible = answer_when_closed
    assert not view.update(None, "")


def test_reading_aside_keeps_to_the_newest_and_counts_the_rest() -> None:
    gate, begun = threading.Event(), threading.Event()
    looked: list[int] = []

    def look(frame: Frame) -> Moment:
        begun.set()
        assert gate.wait(10)
        looked.append(frame.index)
        return Moment(frame, Reading("", ()), Steady("", ()), False, {})

    aside = Aside(look)
    aside.offer(Frame(plain(1), 0, 0.0, 0.0))
    assert begun.wait(10)
    for index in (1, 2, 3):
        aside.offer(Frame(plain(1), index, 0.0, 0.0))
    assert aside.finished() == []
    gate.set()
    done: list[Moment] = []
    deadline = time.monotonic() + 10
    while len(done) < 2 and time.monotonic() < deadline:
        done += aside.finished()
    aside.close()
    assert looked == [0, 3]
    assert [moment.frame.index for moment in done] == [0, 3]
    assert aside.skipped == 2


def test_an_error_while_reading_aside_reaches_the_caller() -> None:
    def look(frame: Frame) -> Moment:
        raise UsageError("the region lies outside")

    aside = Aside(look)
    aside.offer(Frame(plain(1), 0, 0.0, 0.0))

    def wait() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            aside.finished()

    with pytest.raises(UsageError, match="outside"):
        wait()
    aside.close()
