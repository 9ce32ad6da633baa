"""One source string, one iterator of frames.

A video file is read in order and without a gap. Everything else is live: only the newest picture
counts, and one that was overtaken before anybody looked at it is dropped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from edgedigits.camera.naming import is_live as is_live
from edgedigits.camera.naming import source_name as source_name
from edgedigits.errors import SourceError
from edgedigits.inputs import VIDEOS

Image = npt.NDArray[np.uint8]
_TICK: Final = 0.1
"""Seconds between two looks at whether the caller wants to stop."""
_HURRY: Final = 0.5
"""Seconds of delay that a file played at its own pace makes up for."""
_MISSING: Final = "a path that does not exist"


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a video."""

    image: Image
    """uint8 BGR [H, W, 3]."""
    index: int
    """Counted from 0 in the order of the source; a gap says how many were overtaken."""
    time: float
    """Seconds since the first picture: the file's own clock, or the time of arrival of a live one."""
    arrived: float
    """`time.monotonic()` when it was received, from which its age follows."""


@dataclass(frozen=True)
class Settings:
    """What to ask a camera for; 0 or "" leaves it to the camera. It may grant something else."""

    width: int = 0
    height: int = 0
    fps: float = 0
    fourcc: str = ""
    """Four letters such as MJPG, with which most USB cameras are several times faster than raw."""
    backend: str = ""
    """Name of the OpenCV backend, such as v4l2; "" takes the platform's own."""


class Stream(Protocol):
    """An open source. `take` never blocks for longer than it was told to."""

    name: str
    granted: str
    """What the source delivers, in words; "" until it is open."""
    ended: bool
    trouble: str
    """What is wrong at the moment, in words; "" while pictures arrive. A file that ended early keeps it."""

    @property
    def overtaken(self) -> int:
        """How many frames were replaced by a newer one before they were taken."""

    def take(self, timeout: float) -> Frame | None:
        """The next frame, or None where none came within `timeout` seconds."""

    def close(self) -> bool:
        """Release the device; False where it hangs and could not be waited for."""


def open_source(
    source: str,
    *,
    settings: Settings | None = None,
    realtime: bool = False,
    patience: float = 10,
    notice: Callable[[str], None] = lambda _: None,
) -> Stream:
    """Open what the string names; see `frames`."""
    settings = settings or Settings()
    if is_live(source):
        from edgedigits.camera.capture import LiveStream
        from edgedigits.camera.devices import opener

        return LiveStream(source_name(source), opener(source, settings), patience=patience, notice=notice)
    return FileStream(Path(source), realtime=realtime, notice=notice)


def frames(
    source: str | int | Path,
    *,
    settings: Settings | None = None,
    realtime: bool = False,
    patience: float = 10,
    notice: Callable[[str], None] = lambda _: None,
) -> Iterator[Frame]:
    """Frames of a camera number, a video file, a tcp/udp/rtsp/http stream, or "picamera2".

    A file gives every frame, as fast as it can be read or, with `realtime`, at its own pace. A live
    source gives the newest frame only; it is reopened when it fails, which `notice` is told in words.
    Raises `SourceError` for a file that cannot be read and for a live source that gave nothing in its
    first `patience` seconds. The device is released when the iterator is closed or left.
    """
    stream = open_source(str(source), settings=settings, realtime=realtime, patience=patience, notice=notice)
    try:
        while not stream.ended:
            frame = stream.take(_TICK)
            if frame is not None:
                yield frame
    finally:
        stream.close()


class FileStream:
    """A video file, every frame of it."""

    overtaken = 0

    def __init__(
        self, path: Path, *, realtime: bool = False, notice: Callable[[str], None] = lambda _: None
    ) -> None:
        self.name = str(path)
        self.ended = False
        self.trouble = ""
        self._realtime = realtime
        self._notice = notice
        self._capture = _open_file(path)
        self._fps, self._count = self._property("FPS"), int(self._property("FRAME_COUNT"))
        width, height = int(self._property("FRAME_WIDTH")), int(self._property("FRAME_HEIGHT"))
        self.granted = f"{width}x{height}, {self._fps:g} frames/s, {self._count} frames"
        self._index = 0
        self._started: float | None = None
        self._waiting: Frame | None = None

    def take(self, timeout: float) -> Frame | None:
        """The next frame; with `realtime` not before it is due."""
        frame = self._waiting or self._read()
        if frame is None or not self._realtime:
            return frame
        if self._started is None:
            self._started = time.monotonic() - frame.time
        early = self._started + frame.time - time.monotonic()
        if early < -_HURRY:  # the caller paused, or cannot keep up: go on from here at the same pace
            self._started -= early
        time.sleep(max(0.0, min(early, timeout)))
        self._waiting = frame if early > timeout else None
        if self._waiting is not None:
            return None
        return Frame(frame.image, frame.index, frame.time, time.monotonic())

    def close(self) -> bool:
        """Close the file."""
        self.ended = True
        self._capture.release()
        return True

    def _read(self) -> Frame | None:
        good, image = self._capture.read()
        if not good:
            self.ended = True
            self._tell_if_short()
            return None
        seconds = self._property("POS_MSEC") / 1000
        if seconds <= 0 and self._index and self._fps > 0:
            seconds = self._index / self._fps  # a container without time stamps, such as a raw stream
        frame = Frame(image, self._index, seconds, time.monotonic())
        self._index += 1
        return frame

    def _tell_if_short(self) -> None:
        if self._index == 0:
            raise SourceError(
                f"{self.name} holds no picture that can be read",
                expected="a video file",
                received="a file that opens, but without a single frame",
                remedy="try to play it with another program; it may have been cut off while copying",
            )
        # Containers round their count; a twentieth is no rounding.
        if self._index < 0.95 * self._count:
            self.trouble = f"ended early: {self._index} of {self._count} frames could be read"
            self._notice(f"{self.name} {self.trouble}")

    def _property(self, name: str) -> float:
        import cv2

        return float(self._capture.get(getattr(cv2, f"CAP_PROP_{name}")))


def _refusal(path: Path) -> str:
    """Why there is no file to read at a path; "" where there is one."""
    try:
        path.stat()
        if not path.is_file():
            return "a folder" if path.is_dir() else "a pipe or a device"
        path.open("rb").close()
    except (FileNotFoundError, ValueError):  # a null byte is in no path
        return _MISSING
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _open_file(path: Path) -> Any:
    import cv2

    if refused := _refusal(path):
        video = path.suffix.lower() in VIDEOS  # else a camera may have been meant
        live = "a camera number, a video file, a tcp://, rtsp:// or http:// address, or picamera2"
        raise SourceError(
            f"there is no video {path}" if refused == _MISSING else f"{path} cannot be read as a video",
            expected="a video file" if video else live,
            received=refused,
            remedy="check the path and its permissions"
            if video
            else "check the path; `edgedigits doctor` lists the cameras",
        )
    # FFmpeg by name: left to itself, OpenCV takes page_01.png for the first of a numbered series.
    # One thread decodes a camera's frames fast enough; several cost memory and hold frames back.
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    if not capture.isOpened():
        capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise SourceError(
            f"{path} cannot be opened as a video",
            expected="a video file that this OpenCV can decode (avi, mp4, mkv, mov, webm)",
            received=f"{path.stat().st_size} bytes of something else",
            remedy=f"convert it: ffmpeg -i {path.name} -c:v mjpeg video.avi",
        )
    return capture
