"""The web page over the tiny model, in this process or served by another."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("flask", reason="the extra `web` is not installed")
pytest.importorskip("waitress", reason="the extra `web` is not installed")

from edgedigits.classifier import Classifier
from edgedigits.sources import Frame, Stream
from edgedigits.web.feed import Feed
from edgedigits.web.limits import Limits
from edgedigits.web.routes import create_app
from edgedigits.web.viewers import Seat

PATIENCE = 15.0
"""Seconds that a test waits for what must happen; tests never assert how fast it was."""


def page_with(marks: int) -> npt.NDArray[np.uint8]:
    """Return a white page with this many vertical strokes, each of which is segmented as a digit."""
    page = np.full((120, 60 + 60 * marks, 3), 255, np.uint8)
    for index in range(marks):
        cv2.line(page, (60 + 60 * index, 30), (60 + 60 * index, 90), (0, 0, 0), 7)
    return page


def encoded(picture: npt.NDArray[Any], kind: str = ".png") -> bytes:
    return cv2.imencode(kind, picture)[1].tobytes()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def event_until(seat: Seat, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE  # if the thread is dead, the last event comes again and again
    while time.monotonic() < deadline:
        shot = seat.next()
        assert shot is not None
        event: dict[str, Any] = json.loads(shot.event)
        if wanted(event):
            return event
    raise AssertionError("no such event came")


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of one page, 240x120, at 20 frames per second."""
    path = tmp_path_factory.mktemp("video") / "page.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (240, 120))
    for _ in range(60):
        writer.write(page_with(3))
    writer.release()
    return path


class FakeStream:
    """A camera that shows one page, or the picture that a test sets; `None` shows nothing."""

    name = "a fake camera"
    granted = ""
    trouble = ""
    overtaken = 0

    def __init__(self, picture: npt.NDArray[np.uint8] | None) -> None:
        self.picture = picture
        self.ended = False
        self.closed = threading.Event()
        self.error: Exception | None = None
        self._index = 0

    def take(self, timeout: float) -> Frame | None:
        if self.error is not None:
            raise self.error
        if self.picture is None or timeout == 0:
            time.sleep(min(timeout, 0.01))
            return None
        self._index += 1
        return Frame(self.picture, self._index, self._index / 10, time.monotonic())

    def close(self) -> bool:
        self.ended = True
        self.closed.set()
        return True


class Site:
    """An app and its parts."""

    def __init__(self, model: Path, limits: Limits, token: str, source: str) -> None:
        self.opened: list[FakeStream] = []
        self.picture: npt.NDArray[np.uint8] | None = page_with(3)
        self.fail_to_open: BaseException | None = None
        self.classifier = Classifier.load(model)
        self.limits = limits
        self.feed = Feed(source, self.classifier, limits, opener=self._open, linger=0.05)
        self.app = create_app(self.classifier, self.feed, limits, token)
        self.client = self.app.test_client()

    def _open(self, source: str, **_: object) -> Stream:
        if self.fail_to_open is not None:
            raise self.fail_to_open
        self.opened.append(FakeStream(self.picture))
        return self.opened[-1]


@pytest.fixture
def site(tiny: Path) -> Iterator[Callable[..., Site]]:
    """Make an app; its feed is closed after the test."""
    made: list[Site] = []

    def make(limits: Limits | None = None, token: str = "", source: str = "0") -> Site:
        made.append(Site(tiny, limits or Limits(fps=100), token, source))
        return made[-1]

    yield make
    for each in made:
        each.feed.close()


class Running:
    """A server in a separate process."""

    def __init__(self, *arguments: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "edgedigits", "serve", *map(str, arguments)],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.said = self.process.stderr.readline()
        found = re.search(r"http://\S+", self.said)
        assert found, self.said + self.process.stderr.read()
        self.url = found[0].rstrip("/")
        # Its later output must not fill the pipe.
        self._drain = threading.Thread(target=self.process.stderr.read, daemon=True)
        self._drain.start()

    @property
    def port(self) -> str:
        return self.url.rpartition(":")[2]

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._drain.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Start `edgedigits serve ...` on a free port; it is stopped after the test."""
    with ExitStack() as stack:

        def start(*arguments: str | Path, port: str = "0") -> Running:
            running = Running("--port", port, *arguments)
            stack.callback(running.end)
            return running

        yield start


@contextmanager
def served(*arguments: str | Path) -> Iterator[Running]:
    """The same for fixtures with a wider scope."""
    running = Running("--port", "0", *arguments)
    try:
        yield running
    finally:
        running.end()
