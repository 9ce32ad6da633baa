"""`edgedigits webcam` on network streams: real sockets and decoders, and senders that fail like real ones."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from senders import SENDERS, Sender, page

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

NOTICED = 6.0
"""Seconds. The documents promise 2 on an idle machine; a busy one gets three times that."""
ENDED = 4.0
"""Seconds from Ctrl-C to the end of the process; the documents promise 1."""


class Watched:
    """The command in a separate process; its output is recorded as it comes."""

    def __init__(self, source: str, *arguments: str) -> None:
        inherited = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "edgedigits", "webcam", "--json", "--source", source, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=inherited,
        )  # fmt: skip
        self.out: queue.Queue[str] = queue.Queue()
        self.err: queue.Queue[str] = queue.Queue()
        self.heard = ""
        self._listeners = [
            threading.Thread(target=self._listen, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for listener in self._listeners:
            listener.start()

    @staticmethod
    def _listen(pipe: Any, lines: queue.Queue[str]) -> None:
        with pipe:
            for line in pipe:
                lines.put(line)

    def reads(self, text: str, within: float = 20.0) -> None:
        """Wait for a reading; others may come first."""
        deadline, seen = time.monotonic() + within, []
        while text not in seen:
            try:
                seen.append(json.loads(self.out.get(timeout=max(0.01, deadline - time.monotonic())))["text"])
            except queue.Empty:
                pytest.fail(f"{text!r} was not read, but {seen}; {self.heard}{self._rest()}")

    def says(self, words: str, within: float = NOTICED) -> None:
        """Wait for a line on stderr that contains these words."""
        deadline = time.monotonic() + within
        while True:
            try:
                line = self.err.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"{words!r} was not said within {within:g} s, but: {self.heard}")
            self.heard += line
            if words in line:
                return

    def _rest(self) -> str:
        return "".join(self.err.get() for _ in range(self.err.qsize()))

    def interrupt(self) -> None:
        """Send Ctrl-C: the process ends soon, with 130 and without a traceback."""
        self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(ENDED)
        except subprocess.TimeoutExpired:
            pytest.fail(f"still there {ENDED:g} s after Ctrl-C; {self.heard}{self._rest()}")
        assert code == 130
        assert "Traceback" not in self.heard + self._rest()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for listener in self._listeners:
            listener.join()


@pytest.fixture
def watch() -> Iterator[Any]:
    started: list[Watched] = []

    def begin(source: str, *arguments: str) -> Watched:
        started.append(Watched(source, *arguments))
        return started[-1]

    yield begin
    for each in started:
        each.close()


@pytest.fixture
def sender(request: pytest.FixtureRequest) -> Iterator[Sender]:
    made: Sender = request.param()
    yield made
    made.die()


each_sender = pytest.mark.parametrize("sender", SENDERS, ids=lambda kind: kind.scheme, indirect=True)


@each_sender
def test_read_lost_and_found_again(sender: Sender, watch: Any) -> None:
    """The sending process ends and is started again, like a camera that loses power."""
    watched = watch(sender.address)
    watched.reads("10")
    sender.die()
    watched.says("is lost")
    time.sleep(0.6)  # at least one attempt finds nobody there
    again = type(sender)(sender.port, text="011")
    try:
        watched.says("is back", within=20)
        watched.reads("011")
        watched.interrupt()
    finally:
        again.die()


@each_sender
def test_a_stream_that_freezes_and_thaws(sender: Sender, watch: Any) -> None:
    """The connection stays open but nothing comes: a hanging decoder must not block anything else."""
    watched = watch(sender.address)
    watched.reads("10")
    sender.freeze()
    watched.says("no new picture")
    sender.text = "011"
    sender.thaw()
    watched.says("is back", within=30)
    watched.reads("011")
    sender.freeze()
    time.sleep(0.5)
    watched.interrupt()


@pytest.mark.parametrize("kind", SENDERS, ids=lambda kind: kind.scheme)
def test_a_server_that_never_answers(kind: type[Sender], watch: Any) -> None:
    silent = kind(mute=True)
    try:
        watched = watch(silent.address)
        assert silent.connected.acquire(timeout=20)
        watched.says("slow to open")
        watched.interrupt()
    finally:
        silent.die()


def test_a_server_that_never_answers_is_given_up(watch: Any) -> None:
    silent = Sender(mute=True)
    try:
        watched = watch(silent.address, "--patience", "0")
        watched.says("sends no picture", within=20)
        watched.says("check that the sender is running")
        assert watched.process.wait(20) == 1
    finally:
        silent.die()


@each_sender
def test_few_and_small_pictures(sender: Sender, watch: Any) -> None:
    """So little data per second that FFmpeg by default would probe the stream until its time limit."""
    sender.fps = 4
    watched = watch(sender.address, "--patience", "0")
    watched.reads("10")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg to send a broadcast")
def test_joined_between_key_frames(tmp_path: Path, watch: Any) -> None:
    """Before the next key frame, 3 s later, the picture size is unknown: broadcasts do not begin for us."""
    first = tmp_path / "page.png"
    cv2.imwrite(str(first), page("10", 0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"udp://127.0.0.1:{probe.getsockname()[1]}"
    encoding = ["-vf", "noise=alls=20:allf=t", "-c:v", "mpeg4", "-b:v", "2M", "-g", "45", "-f", "mpegts"]
    sending = subprocess.Popen(
        ["ffmpeg", "-loglevel", "quiet", "-re", "-loop", "1", "-framerate", "15", "-i", first, *encoding,
         f"{address}?pkt_size=1316"],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        time.sleep(1.0)  # past the first key frame
        watch(address).reads("10", within=30)
    finally:
        sending.kill()
        sending.wait()


@pytest.mark.parametrize("scheme", [kind.scheme for kind in SENDERS])
def test_nobody_at_the_port(scheme: str, watch: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    watched = watch(f"{scheme}://127.0.0.1:{port}/")
    # A bare TCP sender may accept one connection in its life, so none is spent on finding out more.
    watched.says("does not answer" if scheme == "tcp" else f"nothing listens on port {port}", within=20)
    assert f"127.0.0.1:{port}" in watched.heard
    watched.interrupt()
