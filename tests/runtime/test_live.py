"""The live loop, with a made-up stream and reader."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from made_up import Pictures, by_brightness, plain

from edgedigits.errors import UsageError
from edgedigits.live import Moment, Watcher, cut
from edgedigits.results import Box, Reading
from edgedigits.sources import Frame
from edgedigits.webcam.aside import Aside
from edgedigits.webcam.tracking import Steady, Tracker


def test_only_changes_are_changes() -> None:
    stream = Pictures([plain(7)] * 6 + [None] + [plain(0)] * 9)
    watcher = Watcher(stream, by_brightness, Tracker(stable=0.25, forget=0.45))
    moments = list(watcher.moments())
    seen = [moment for moment in moments if moment is not None]
    assert [(m.frame.index, m.steady.text) for m in seen if m.changed] == [(3, "7"), (10, "")]
    assert watcher.frames == 15
    assert watcher.announced == 1, "an empty text is no announcement"


def test_after_a_loss_nothing_is_announced_that_stood_there_before() -> None:
    """Regression: after a loss, new ink in the place of an old digit was taken for that digit."""
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
    """Regression: the digit of the previous region was still announced, in its old place in the new one."""
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
    """Regression: "r", pressed while another thread read a frame, shifted boxes by the region's corner."""
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
