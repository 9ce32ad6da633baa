"""Frames of a video file, a camera or a stream, which one string names.

A video file is read in order and without gaps. Everything else is live: only the newest frame counts, and one
that is overtaken by a newer one before it is taken is dropped.
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
"""Seconds that `frames` waits for a frame before it checks whether the stream has ended."""
_HURRY: Final = 0.5
"""Longest delay in seconds that a file played at its own pace makes up for."""
_MISSING: Final = "a path that does not exist"


@dataclass(frozen=True, eq=False)
class Frame:
    """One frame of a source."""

    image: Image
    """uint8 BGR [H, W, 3]."""
    index: int
    """Number of the frame in its source, counted from 0; gaps are the frames that were overtaken."""
    time: float
    """Seconds since the first frame: by the file's own clock, or by the time of arrival from a live
    source."""
    arrived: float
    """`time.monotonic()` at which it was received; its age follows from that."""


@dataclass(frozen=True)
class Settings:
    """What to ask a camera for; 0 or "" leaves it to the camera. The camera may grant something else."""

    width: int = 0
    height: int = 0
    fps: float = 0
    fourcc: str = ""
    """Pixel format in four letters. With MJPG most USB cameras are several times faster than with raw
    pixels."""
    backend: str = ""
    """Name of the OpenCV backend, such as v4l2; "" takes the platform's default."""


class Stream(Protocol):
    """An open source of frames. `take` never blocks for longer than it was told to."""

    name: str
    granted: str
    """What the source delivers, in words; "" until it is open."""
    ended: bool
    trouble: str
    """What is wrong at the moment, in words; "" while frames arrive. A file that ended early keeps it."""

    @property
    def overtaken(self) -> int:
        """How many frames were replaced by a newer one before they were taken."""

    def take(self, timeout: float) -> Frame | None:
        """Return the next frame, or None if none came within `timeout` seconds."""

    def close(self) -> bool:
        """Release the device; False if it hangs and could not be waited for."""


def open_source(
    source: str,
    *,
    settings: Settings | None = None,
    realtime: bool = False,
    patience: float = 10,
    notice: Callable[[str], None] = lambda _: None,
) -> Stream:
    """Open the source that the string names; the arguments are those of `frames`."""
    settings = settings or Settings()
    _refuse_unencodable(source)
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
    """Yield the frames of a video file, a camera (number, device path or "picamera2") or a stream (URL).

    A file yields every frame, as fast as it can be read or, with `realtime`, at its own pace. A live source
    yields the newest frame only, and is reopened when it fails; `notice` is called with each message about
    that. Raises `SourceError` for a file that cannot be read, and for a live source that gave nothing within
    its first `patience` seconds. The device is released when the iterator is closed or dropped.
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
    """A video file, of which every frame is read."""

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
        """Return the next frame; with `realtime`, not before it is due."""
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
                f"{self.name} contains no frame that can be read",
                expected="a video file",
                received="a file that opens but has no readable frame",
                remedy="try to play it with another program; it may have been cut off while copying",
            )
        # Containers round their frame count, but not by a twentieth.
        if self._index < 0.95 * self._count:
            self.trouble = f"ended early: {self._index} of {self._count} frames could be read"
            self._notice(f"{self.name} {self.trouble}")

    def _property(self, name: str) -> float:
        import cv2

        return float(self._capture.get(getattr(cv2, f"CAP_PROP_{name}")))


def _refuse_unencodable(source: str) -> None:
    """Refuse a name with bytes that are not UTF-8, on which OpenCV crashes."""
    try:
        source.encode()
    except UnicodeEncodeError as error:
        raise SourceError(
            f"{source} cannot be opened by OpenCV",
            expected="a name in UTF-8",
            received=f"the byte {ord(source[error.start]) & 0xFF:#x} at character {error.start}",
            remedy="rename the file",
        ) from error


def _refusal(path: Path) -> str:
    """Return why no file can be read at a path; "" if one can."""
    try:
        path.stat()
        if not path.is_file():
            return "a folder" if path.is_dir() else "a pipe or a device"
        path.open("rb").close()
    except (FileNotFoundError, ValueError):  # ValueError: a null byte in the path
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
            received=f"{path.stat().st_size} bytes in another format",
            remedy=f"convert it: ffmpeg -i {path.name} -c:v mjpeg video.avi",
        )
    return capture
