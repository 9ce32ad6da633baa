"""Displays, cameras and picamera2 that are missing: each failure is reported with its cause and its fix.

No camera module is available to the project's machines: a stand-in plays picamera2 here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits import display
from edgedigits.camera import devices, diagnosis
from edgedigits.camera.devices import describe, opener
from edgedigits.errors import SourceError, UsageError
from edgedigits.sources import Settings, frames

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /dev and /proc")
BUILD = "General configuration\n  GUI:                           {}\n    GTK+:                        NO\n"


@pytest.mark.parametrize(("text", "toolkit"), [("QT5", "QT5"), ("NONE", "NONE"), ("", "")])
def test_the_toolkit_is_read_from_the_build_information(text: str, toolkit: str) -> None:
    assert display.gui(BUILD.format(text)) == toolkit


@LINUX
@pytest.mark.parametrize(
    ("build", "environment", "told"),
    [
        ("NONE", {"DISPLAY": ":0"}, "without window support"),  # opencv-python-headless
        ("QT5", {}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ("QT5", {"DISPLAY": ""}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ("QT5", {"DISPLAY": ":987"}, "does not answer"),  # left over from a session that has ended
        ("QT5", {"DISPLAY": "no.such.host.invalid:0"}, "does not answer"),
    ],
)
def test_a_missing_display_is_noticed_without_a_window_call(
    monkeypatch: pytest.MonkeyPatch, build: str, environment: dict[str, str], told: str
) -> None:
    monkeypatch.setattr("cv2.getBuildInformation", lambda: BUILD.format(build))
    assert told in display.problem(environment)


@LINUX
@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0"}, "needs an X display"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "QT_QPA_PLATFORM is offscreen"),
    ],
)
def test_what_the_wheels_own_qt_lacks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    plugins = tmp_path / "qt" / "plugins" / "platforms"
    plugins.mkdir(parents=True)
    (plugins / "libqxcb.so").touch()
    monkeypatch.setattr("cv2.getBuildInformation", lambda: BUILD.format("QT5"))
    monkeypatch.setattr("cv2.__file__", str(tmp_path / "__init__.py"))
    assert told in display.problem(environment)


@LINUX
def test_a_display_that_answers_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.environ.get("DISPLAY"):
        pytest.skip("there is no display")
    monkeypatch.setattr("cv2.getBuildInformation", lambda: BUILD.format("QT5"))
    assert display.problem({"DISPLAY": os.environ["DISPLAY"]}) == ""


@LINUX
@pytest.mark.parametrize(
    ("there", "source", "told", "fix"),
    [
        ([], "0", "no camera at all", "picamera2"),
        ([2, 10], "0", "video2, ", "--source 2"),  # in the order of their numbers
        ([0], "0", "metadata", "try another"),  # it exists, but nothing is known about it
    ],
)
def test_why_a_camera_does_not_open(
    tmp_path: Path, there: list[int], source: str, told: str, fix: str
) -> None:
    for number in there:
        (tmp_path / f"video{number}").touch()
    error = diagnosis.camera_failure(source, "v4l2", tmp_path, tmp_path / "no-proc")
    assert told in error.received
    assert fix in error.remedy


@LINUX
def test_a_busy_camera_names_its_user(tmp_path: Path) -> None:
    node = tmp_path / "video0"
    node.touch()
    other = subprocess.Popen(
        [sys.executable, "-c", f"f = open({str(node)!r}); print(flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert other.stdout is not None
        other.stdout.readline()
        error = diagnosis.camera_failure("0", "v4l2", tmp_path)
        assert "busy" in error.what
        assert f"process {other.pid}" in error.received
    finally:
        other.communicate(b"\n")


@LINUX
def test_a_camera_that_we_have_open_ourselves_is_not_busy(tmp_path: Path) -> None:
    """An attempt of ours may still hang in the driver: "busy" would send the user to look for a program."""
    node = tmp_path / "video0"
    node.touch()
    with node.open():
        assert diagnosis.holders(node) == []


@LINUX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may open everything")
def test_a_camera_without_permission(tmp_path: Path) -> None:
    (tmp_path / "video0").touch(mode=0)
    error = diagnosis.camera_failure("0", "v4l2", tmp_path)
    assert "usermod -aG video" in error.remedy


@LINUX
@pytest.mark.skipif(Path("/dev/video0").exists(), reason="there is a camera")
def test_no_camera_ends_in_an_error_with_the_fix() -> None:
    with pytest.raises(SourceError, match="there is no camera 0"):
        next(frames(0, patience=0))


@pytest.mark.parametrize(
    "settings",
    [Settings(backend="quicktime"), Settings(fourcc="MJPEG")],
)
def test_settings_that_no_camera_has_are_refused_before_it_is_opened(settings: Settings) -> None:
    with pytest.raises(UsageError):
        opener("0", settings)


class Capture:
    """What we use of cv2.VideoCapture: a camera of one code for its pixel format."""

    def __init__(self, code: str = "MJPG", pictures: int = 9, width: int = 320, opened: bool = True) -> None:
        self.code = int.from_bytes(code.encode("latin-1"), "little")
        self.pictures, self.width, self.opened = pictures, width, opened
        self.asked: list[tuple[int, float]] = []
        self.released = False

    def isOpened(self) -> bool:
        return self.opened

    def set(self, key: int, value: float) -> None:
        self.asked.append((key, value))

    def get(self, key: int) -> float:
        told = {cv2.CAP_PROP_FRAME_WIDTH: self.width, cv2.CAP_PROP_FOURCC: self.code, cv2.CAP_PROP_FPS: 30}
        return float(told[key])

    def getBackendName(self) -> str:
        return "V4L2"

    def read(self) -> tuple[bool, Any]:
        self.pictures -= 1
        return self.pictures >= 0, np.zeros((240, 320, 3), np.uint8)

    def release(self) -> None:
        self.released = True


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("MJPG", "30 frames/s, MJPG, V4L2"),
        ("Y16 ", "30 frames/s, Y16 , V4L2"),
        ("\0\0\0\0", "30 frames/s, own format, V4L2"),  # nothing was told
        ("    ", "30 frames/s, own format, V4L2"),
        ("\x16\0\0\0", "30 frames/s, own format, V4L2"),  # a number, as DirectShow has them
    ],
)
def test_what_was_granted_in_words(code: str, told: str) -> None:
    assert describe(Capture(code)) == told


@pytest.mark.parametrize(
    ("settings", "api", "asked", "why"),
    [
        (Settings(), cv2.CAP_V4L2, [], "nothing is asked for that nobody wants"),
        (Settings(backend="gstreamer"), cv2.CAP_GSTREAMER, [], "the backend that was chosen"),
        (
            Settings(1280, 720, 30, "mjpg"),
            cv2.CAP_V4L2,
            [
                (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
                (cv2.CAP_PROP_FRAME_WIDTH, 1280),
                (cv2.CAP_PROP_FRAME_HEIGHT, 720),
                (cv2.CAP_PROP_FPS, 30),
            ],
            "the pixel format first: it decides which sizes and rates there are",
        ),
    ],
)
def test_what_a_camera_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, api: int, asked: list[tuple[int, float]], why: str
) -> None:
    opened = list[tuple[Any, ...]]()
    capture = Capture()
    monkeypatch.setattr(cv2, "VideoCapture", lambda *given: opened.append(given) or capture)
    monkeypatch.setattr(sys, "platform", "linux")
    device = opener("2", settings)()
    assert opened == [(2, api)], why
    assert capture.asked == [*asked, (cv2.CAP_PROP_BUFFERSIZE, 1)], why
    assert device.granted == "320x240, 30 frames/s, MJPG, V4L2"
    taken = [device.read() for _ in range(10)]
    assert sum(one is not None for one in taken) == 9, "the picture that opening took is not lost"


def test_a_camera_that_opens_without_a_picture_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    capture = Capture(pictures=0)
    monkeypatch.setattr(cv2, "VideoCapture", lambda *_: capture)
    with pytest.raises(SourceError, match="opens but gives no picture"):
        opener("/dev/video0", Settings())()
    assert capture.released


@pytest.mark.parametrize(
    ("captures", "own", "limits", "quick", "why"),
    [
        ([Capture()], None, [5000], [True], "the quick look finds all"),
        ([Capture(width=0), Capture()], None, [5000, 10_000], [True, False], "joined between two key frames"),
        (
            [Capture(width=0, opened=False)],
            None,
            [5000],
            [True],
            "what does not answer is not asked for longer",
        ),
        (
            [Capture(width=0), Capture()],
            "own;1",
            [5000, 10_000],
            [False, False],
            "the user's options go over both",
        ),
    ],
)
def test_how_long_a_stream_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
    captures: list[Capture],
    own: str | None,
    limits: list[int],
    quick: list[bool],
    why: str,
) -> None:
    asked = list[tuple[str, int]]()

    def opened(_: str, api: int, given: list[int]) -> Capture:
        assert api == cv2.CAP_FFMPEG
        assert given[::2].count(cv2.CAP_PROP_READ_TIMEOUT_MSEC) == 1
        asked.append((os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"], given[1]))
        return captures[len(asked) - 1]

    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "")
    monkeypatch.setattr(devices, "_OWN_OPTIONS", own)
    monkeypatch.setattr(cv2, "VideoCapture", opened)
    if captures[-1].opened:
        assert opener("tcp://127.0.0.1:9", Settings())().granted == "320x240, 30 frames/s, MJPG, V4L2", why
    else:
        with pytest.raises(SourceError):
            opener("tcp://127.0.0.1:9", Settings())()
    assert [limit for _, limit in asked] == limits, why
    assert ["probesize" in options for options, _ in asked] == quick, why
    assert all(options == (own or options) for options, _ in asked), why
    assert all(capture.released for capture in captures[:-1]), why


class FakeCamera:
    """The part of picamera2.Picamera2 that we use."""

    made: "list[FakeCamera]" = []  # noqa: RUF012, UP037

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.asked: dict[str, Any] = {}
        FakeCamera.made.append(self)

    def create_video_configuration(self, **asked: Any) -> dict[str, Any]:
        self.asked = asked
        return asked

    def configure(self, configuration: dict[str, Any]) -> None:
        self.calls.append("configure")

    def camera_configuration(self) -> dict[str, Any]:
        return self.asked

    def start(self) -> None:
        self.calls.append("start")

    def capture_array(self, stream: str) -> np.ndarray:
        assert stream == "main"
        width, height = self.asked["main"]["size"]
        return np.random.default_rng().integers(50, 200, (height, width, 3)).astype(np.uint8)

    def stop(self) -> None:
        self.calls.append("stop")

    def close(self) -> None:
        self.calls.append("close")


def install(monkeypatch: pytest.MonkeyPatch, camera: Any) -> None:
    module = types.ModuleType("picamera2")
    module.Picamera2 = camera  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", module)


@pytest.mark.parametrize(
    ("settings", "size", "controls"),
    [
        (Settings(320, 240, fps=15), (320, 240), {"FrameRate": 15}),
        (Settings(), (640, 480), {}),  # whatever rate it has
    ],
)
def test_picamera2_gives_frames_in_opencvs_order_and_is_closed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, size: tuple[int, int], controls: dict[str, int]
) -> None:
    install(monkeypatch, FakeCamera)
    source = frames("picamera2", settings=settings)
    assert next(source).image.shape == (size[1], size[0], 3)
    source.close()  # type: ignore[attr-defined]
    camera = FakeCamera.made[-1]
    assert camera.asked["main"] == {"size": size, "format": "RGB888"}
    assert camera.asked["controls"] == controls
    assert camera.calls == ["configure", "start", "stop", "close"]


def test_a_pi_without_a_camera_module(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_there() -> None:
        raise IndexError("list index out of range")

    install(monkeypatch, none_there)
    with pytest.raises(SourceError, match="does not start") as caught:
        next(frames("picamera2", patience=0))
    assert "rpicam-hello" in caught.value.remedy


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (ModuleNotFoundError("No module named 'picamera2'"), "--system-site-packages"),
        (ModuleNotFoundError("No module named 'libcamera'"), "--system-site-packages"),
        (ValueError("numpy.dtype size changed, may indicate binary incompatibility"), "numpy<2"),
        (ImportError("A module that was compiled using numpy 1.x cannot be run in NumPy 2.0"), "numpy<2"),
    ],
)
def test_picamera2_that_cannot_be_imported_says_how_it_can(
    monkeypatch: pytest.MonkeyPatch, error: Exception, fix: str
) -> None:
    def broken(name: str) -> None:
        raise error

    monkeypatch.setattr("importlib.import_module", broken)
    from edgedigits.camera import picamera

    with pytest.raises(SourceError) as caught:
        picamera.load()
    assert fix in caught.value.remedy
