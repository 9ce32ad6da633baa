"""Why a stream does not open: each cause has its own message and remedy, without the password."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from edgedigits.camera.reach import stream_failure


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[int]:
    """Run a server that answers every request in the same way; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as connection:
                connection.recv(4096)
                connection.sendall(request.param.encode())

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("answering", "address", "told", "fix"),
    [
        # The path is wrong, in both languages.
        ("HTTP/1.0 404 Not Found\r\n\r\n", "http://127.0.0.1:{}/x", "answers 404 Not Found", "path"),
        ("RTSP/1.0 454 Session Not Found\r\n\r\n", "rtsp://127.0.0.1:{}/x", "answers 454", "path"),
        # A camera that needs a password: none was given, or a wrong one.
        (
            "HTTP/1.1 401 Unauthorized\r\n\r\n",
            "http://127.0.0.1:{}/",
            "requires a user name",
            "NAME:PASSWORD@127",
        ),
        (
            "RTSP/1.0 401\r\n\r\n",
            "rtsp://me:secret@127.0.0.1:{}/",
            "requires a different user name",
            "NAME:PASSWORD",
        ),
        # A web page that is no video.
        ("HTTP/1.0 200 OK\r\n\r\n<html>", "http://127.0.0.1:{}/", "does not answer with a video", "ffplay"),
        # Another service at the port, and one that hangs up.
        ("SSH-2.0-OpenSSH_9.2\r\n", "http://127.0.0.1:{}/", "does not answer with a video", "its port"),
        ("", "rtsp://127.0.0.1:{}/", "does not answer with a video", "its port"),
    ],
    indirect=["answering"],
)
def test_what_the_server_answers(answering: int, address: str, told: str, fix: str) -> None:
    error = stream_failure(address.format(answering), 0.1)
    assert told in error.what
    assert fix in error.remedy
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("address", "waited", "told"),
    [
        ("http://127.0.0.1:{}/", 0.1, "nothing listens on port"),
        ("rtsp://127.0.0.1:{}/", 0.1, "nothing listens on port"),
        # Not probed: senders such as `rpicam-vid --listen` accept a single connection in their life.
        ("tcp://127.0.0.1:{}", 0.1, "does not answer with a video"),
        ("udp://127.0.0.1:{}", 5.0, "sends no picture"),
        ("http://no.such.host.invalid:{}/", 0.1, "cannot be found"),
        ("rtsp://127.0.0.1:{}0000/", 0.1, "is not a valid address"),  # no port is that large
        ("tcp://:{}", 0.1, "no host"),
    ],
)
def test_what_there_is_to_find_without_a_server(address: str, waited: float, told: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = stream_failure(address.format(port), waited)
    assert told in error.what
    assert error.remedy


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://127.0.0.1/x", 80),
        ("rtsp://127.0.0.1/x", 554),
        ("rtsp://127.0.0.1:8554/x", 8554),
        ("tcp://127.0.0.1", None),  # has none of its own, and would not be asked
    ],
)
def test_an_address_without_a_port_has_that_of_its_scheme(
    monkeypatch: pytest.MonkeyPatch, address: str, asked: int | None
) -> None:
    ports = list[int]()

    def unreachable(place: tuple[str, int], _: float) -> None:
        ports.append(place[1])
        raise OSError("as some drivers say it, without a number")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    error = stream_failure(address, 0.1)
    assert ports == ([asked] if asked else [])
    assert ("cannot be reached: as some drivers say it" in error.what) == bool(asked)
