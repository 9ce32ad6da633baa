"""Frames from files: all of them, in order, with their times; and errors that say what to do."""

from __future__ import annotations

import os
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits.errors import SourceError
from edgedigits.sources import frames, is_live, open_source, source_name


def write_clip(path: Path, levels: list[int], fps: float = 20) -> Path:
    """Write a clip of plain grey pictures, which can be told apart."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (64, 48))
    assert writer.isOpened()
    for level in levels:
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    return path


@pytest.mark.parametrize(
    ("source", "live"),
    [
        ("0", True),  # a camera number
        ("/dev/video2", True),  # a camera by path
        ("picamera2", True),
        ("tcp://127.0.0.1:8888", True),
        ("RTSP://camera.local/stream", True),  # schemes are case-insensitive
        ("http://127.0.0.1:8080/?action=stream", True),
        ("clip.avi", False),
        ("0.avi", False),  # begins like a camera number
        ("picamera2.mp4", False),
        ("http.avi", False),
    ],
)
def test_the_source_string_says_what_is_live(source: str, live: bool) -> None:
    assert is_live(source) is live


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("rtsp://admin:secret@10.0.0.2/live", "rtsp://10.0.0.2/live"),
        ("http://10.0.0.2/video?user=admin&password=secret", "http://10.0.0.2/video?…"),
        ("rtsp://admin:secret@10.0.0.2:554/?password=secret", "rtsp://10.0.0.2:554/?…"),
        ("rtsp://admin:se?cret@10.0.0.2/live", "rtsp://10.0.0.2/live"),
        ("udp://0.0.0.0:5000?fifo_size=9", "udp://0.0.0.0:5000?…"),
        ("3", "camera 3"),
        ("clips/what?/a@b.avi", "clips/what?/a@b.avi"),
    ],
)
def test_a_password_in_an_address_is_not_repeated(source: str, name: str) -> None:
    """Regression: passwords in parameters, as some cameras use, were in health, notices and JSON lines."""
    assert source_name(source) == name


def test_every_frame_comes_in_order_with_its_time(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "ütf 8.avi", levels := list(range(10, 210, 10)))
    found = list(frames(clip))
    assert [frame.index for frame in found] == list(range(len(levels)))
    assert [round(float(frame.image.mean()), -1) for frame in found] == levels
    assert [frame.time for frame in found] == pytest.approx([i / 20 for i in range(len(levels))])


def test_realtime_keeps_the_pace_and_drops_nothing(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.avi", [50] * 9)
    begun = time.monotonic()
    found = list(frames(clip, realtime=True))
    assert [frame.index for frame in found] == list(range(9))
    # This does not test speed: a frame must not come early, however slow the machine is.
    assert all(frame.arrived - begun >= frame.time for frame in found)


def test_take_comes_back_when_a_frame_is_not_due_yet(tmp_path: Path) -> None:
    stream = open_source(str(write_clip(tmp_path / "clip.avi", [50, 60], fps=1)), realtime=True)
    first = stream.take(0.01)
    assert first is not None
    assert stream.take(0.01) is None, "the second frame is due after a second"
    assert not stream.ended
    stream.close()


def test_a_video_without_a_single_frame_is_no_empty_video(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where only its header was copied: silence would look like a page without digits."""

    class Header:
        def isOpened(self) -> bool:
            return True

        def get(self, _: int) -> float:
            return 0.0

        def read(self) -> tuple[bool, None]:
            return False, None

        def release(self) -> None:
            pass

    clip = write_clip(tmp_path / "clip.avi", [50])
    monkeypatch.setattr("cv2.VideoCapture", lambda *_: Header())
    with pytest.raises(SourceError, match="contains no frame") as caught:
        list(frames(clip))
    assert "copying" in caught.value.remedy


def test_a_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "whole.avi", [50] * 40)
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    said: list[str] = []
    found = list(frames(cut, notice=said.append))
    assert 0 < len(found) < 40
    assert len(said) == 1
    assert f"{len(found)} of 40" in said[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no video"),  # no such path
        (b"", "cannot be opened as a video"),  # an empty file
        (b"not a video at all" * 50, "cannot be opened as a video"),
    ],
)
def test_what_is_no_video_is_refused_with_its_name(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "clip.avi"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=told) as caught:
        list(frames(path))
    assert "clip.avi" in str(caught.value)
    assert caught.value.remedy


def test_a_video_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    """Regression: the message spoke of bytes of something else, to be converted."""
    path = tmp_path / "clip.avi"
    path.touch(mode=0)
    if os.access(path, os.R_OK):
        pytest.skip("root may open everything")
    with pytest.raises(SourceError, match="Permission denied"):
        list(frames(path))


@pytest.mark.parametrize(
    ("name", "received", "why"),
    [
        ("a" * 300 + ".mp4", "File name too long", "the system's error went through as it was"),
        ("nope.mp4", "a path that does not exist", "predict was told of cameras, which it does not take"),
    ],
)
def test_a_path_of_no_video_is_told(name: str, received: str, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(frames(name))
    assert caught.value.received == received, why
    assert caught.value.expected == "a video file"


@pytest.mark.parametrize("source", ["a\udcff.avi", "/dev/\udcff", "http://host/\udcff"])
def test_a_name_that_is_not_utf_8_is_refused(source: str) -> None:
    """Regression: OpenCV ended the whole process with a segmentation fault."""
    with pytest.raises(SourceError) as caught:
        list(frames(source))
    assert caught.value.received.startswith("the byte 0xff at character")


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        list(frames(tmp_path))
    assert caught.value.received == "a folder"  # the path of the test has that word, too


def test_a_picture_is_not_taken_for_a_numbered_series(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        cv2.imwrite(str(tmp_path / f"page_0{number}.png"), np.full((48, 64, 3), 60 * number, np.uint8))
    found = list(frames(tmp_path / "page_01.png"))
    assert [round(float(frame.image.mean())) for frame in found] == [60]


def test_leaving_the_iterator_closes_the_file(tmp_path: Path) -> None:
    iterator = frames(write_clip(tmp_path / "clip.avi", [50] * 5))
    next(iterator)
    iterator.close()  # type: ignore[attr-defined]
    with pytest.raises(StopIteration):
        next(iterator)
