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

import numpy as np
import pytest

from edgedigits import display
from edgedigits.camera import diagnosis
from edgedigits.camera.devices import opener
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


def test_picamera2_gives_frames_in_opencvs_order_and_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, FakeCamera)
    source = frames("picamera2", settings=Settings(320, 240, fps=15))
    assert next(source).image.shape == (240, 320, 3)
    source.close()  # type: ignore[attr-defined]
    camera = FakeCamera.made[-1]
    assert camera.asked["main"] == {"size": (320, 240), "format": "RGB888"}
    assert camera.asked["controls"] == {"FrameRate": 15}
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
