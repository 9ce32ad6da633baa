"""Open cameras and streams with a backend chosen by name, and report what was granted.

If OpenCV chooses, it tries one backend after the other, which takes seconds and hides the reason if none
works.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from edgedigits.camera.diagnosis import camera_failure, read_failure
from edgedigits.camera.grabber import Device
from edgedigits.camera.reach import stream_failure
from edgedigits.errors import UsageError
from edgedigits.sources import Image, Settings, source_name

BACKENDS: Final = ("any", "v4l2", "dshow", "msmf", "avfoundation", "ffmpeg", "gstreamer")
_PLATFORM_BACKEND: Final = {"linux": "v4l2", "win32": "dshow", "darwin": "avfoundation"}
_STREAM_MS: Final = 5000
"""Longest time for a stream to open, and then for each read; FFmpeg's own limit is 30 s."""
_THOROUGH_MS: Final = 10_000
"""Longest time for it to open with `_THOROUGH`, where FFmpeg may analyse the stream for up to 5 s."""
_OPTIONS: Final = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
# RTSP over UDP loses packets on any wireless network; without a buffer the delay does not grow.
_THOROUGH: Final = "rtsp_transport;tcp|fflags;nobuffer"
# By default FFmpeg collects 1 MB to tell bare JPEGs from other formats, and frames for seconds to guess their
# rate. For small pictures 15 times a second over TCP that took all of the 5 s; now it takes 0.5 s.
_QUICK: Final = f"{_THOROUGH}|probesize;131072|analyzeduration;500000"
_OWN_OPTIONS: Final = os.environ.get(_OPTIONS)
"""The user's own options, which override both."""


def opener(source: str, settings: Settings) -> Callable[[], Device]:
    """Return a function that opens the live source; it raises `SourceError` with the reason and the fix.

    Raises `UsageError` itself for an unknown backend or a pixel format that is not four letters.
    """
    if settings.backend and settings.backend not in BACKENDS:
        raise UsageError(
            f"there is no backend {settings.backend}", expected=", ".join(BACKENDS), received=settings.backend
        )
    if settings.fourcc and not (len(settings.fourcc) == 4 and settings.fourcc.isascii()):
        raise UsageError("the pixel format must have four letters", expected="MJPG", received=settings.fourcc)
    if source == "picamera2":
        from edgedigits.camera.picamera import PiCamera

        return lambda: PiCamera(settings)
    if source.isdecimal() or source.startswith("/dev/"):
        return lambda: _Camera(source, settings)
    return lambda: _Network(source)


class _OpenCvDevice:
    """What cameras and streams have in common: an opened `cv2.VideoCapture`."""

    def __init__(self, capture: Any, name: str) -> None:
        self._capture = capture
        self.name = name
        self.granted = ""
        self._first: Image | None = None
        """The picture that was read while opening, to be sure that there is one."""

    def read(self) -> Image | None:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        good, image = self._capture.read()
        return image if good else None

    def release(self) -> None:
        self._capture.release()


class _Camera(_OpenCvDevice):
    """A camera, by number or device path."""

    def __init__(self, source: str, settings: Settings) -> None:
        import cv2

        # V4L2 waits for an unplugged camera for this many seconds; its default is 10.
        os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
        backend = settings.backend or _PLATFORM_BACKEND.get(sys.platform, "any")
        api = getattr(cv2, f"CAP_{backend.upper()}")
        capture = cv2.VideoCapture(int(source) if source.isdecimal() else source, api)
        super().__init__(capture, source_name(source))
        if not capture.isOpened():
            raise camera_failure(source, backend)
        # The order matters: the pixel format decides which sizes and rates are available (opencv#9084).
        if settings.fourcc:
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*settings.fourcc.upper()))
        for value, key in (
            (settings.width, cv2.CAP_PROP_FRAME_WIDTH),
            (settings.height, cv2.CAP_PROP_FRAME_HEIGHT),
            (settings.fps, cv2.CAP_PROP_FPS),
        ):
            if value:
                capture.set(key, value)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # often refused; the capture thread does not need it
        self._first = self.read()
        if self._first is None:
            capture.release()
            raise read_failure(source)
        height, width = self._first.shape[:2]
        self.granted = f"{width}x{height}, {describe(capture)}"


class _Network(_OpenCvDevice):
    """A tcp, udp, rtsp or http stream, through FFmpeg."""

    def __init__(self, address: str) -> None:
        started = time.monotonic()
        capture = _opened(address, _OWN_OPTIONS or _QUICK, _STREAM_MS)
        if capture.isOpened() and not _width(capture):
            # When joining between two key frames, which may be seconds apart, the quick analysis finds no
            # size.
            capture.release()
            capture = _opened(address, _OWN_OPTIONS or _THOROUGH, _THOROUGH_MS)
        super().__init__(capture, source_name(address))
        # Reading the first picture is part of opening: it may have to wait for the next key frame, longer
        # than a stream that has begun may be silent.
        self._first = self.read() if capture.isOpened() else None
        if self._first is None:
            capture.release()
            raise stream_failure(address, time.monotonic() - started)
        height, width = self._first.shape[:2]
        self.granted = f"{width}x{height}, {describe(capture)}"


def _opened(address: str, options: str, limit_ms: int) -> Any:
    import cv2

    os.environ[_OPTIONS] = options
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, limit_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _STREAM_MS]
    limits += [cv2.CAP_PROP_N_THREADS, 1]  # several threads hold back as many frames
    return cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)


def _width(capture: Any) -> int:
    import cv2

    return int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))


def describe(capture: Any) -> str:
    """Return rate, pixel format and backend as the driver reports them after the settings were asked for."""
    import cv2

    code = int(capture.get(cv2.CAP_PROP_FOURCC))
    letters = "".join(chr(code >> shift & 0xFF) for shift in (0, 8, 16, 24))
    name = letters if letters.isprintable() and letters.strip() else "own format"
    return f"{capture.get(cv2.CAP_PROP_FPS):g} frames/s, {name}, {capture.getBackendName()}"
