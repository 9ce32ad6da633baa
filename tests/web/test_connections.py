"""Connections from strangers: half requests by the hundred or byte by byte; what waitress itself refuses."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from waitress import buffers, wasyncore

from edgedigits.web import server as serving
from edgedigits.web.limits import Limits

from .conftest import PATIENCE, Running, Site, wait_until

HALF = b"POST /api/read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le"
HALF_BODY = b"POST /api/read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n\x89PNG"


@contextmanager
def listening(made: Site) -> Iterator[int]:
    """Run the site on a real socket, opened as by `edgedigits serve`; yields its port."""
    server = serving.listen(made.app, "127.0.0.1", 0, made.limits)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        made.feed.close()
        # Close it in its own thread: closed in this one, a socket may vanish while the loop waits for it.
        # The loop also wakes by itself, and may have closed everything before the trigger is written to.
        with suppress(OSError):
            server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(PATIENCE)
        server.task_dispatcher.shutdown()


def send(port: int, data: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(data)
    return connection


def ended(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def drip(connection: socket.socket, ends: threading.Event) -> None:
    """Send ten bytes per second, one by one, for as long as the server takes them."""
    while not ends.wait(0.1):
        try:
            connection.sendall(b"x")
        except OSError:
            return


def test_half_requests_by_the_hundred_shut_out_nobody(
    serve: Callable[..., Running], tiny: Path, video: Path
) -> None:
    """Regression: after 200 of them, sent without a token, no request was answered until they closed."""
    # With so few frames, the viewer's connection has been silent for longest.
    running = serve("--model", tiny, "--source", video, "--fps", "0.5", "--token", "a-token-of-the-test")
    known = {"Authorization": "Bearer a-token-of-the-test"}
    readings = urllib.request.Request(f"{running.url}/api/readings", headers=known)
    health = urllib.request.Request(f"{running.url}/api/health", headers=known)
    with ExitStack() as stack, urllib.request.urlopen(readings, timeout=PATIENCE) as viewer:
        assert any(b'"live"' in line for line in viewer)
        for _ in range(200):
            stack.enter_context(send(int(running.port), HALF))
        for _ in range(3):
            with urllib.request.urlopen(health, timeout=PATIENCE) as answer:
                assert json.load(answer)["camera"]["viewers"]["readings"] == 1
        assert any(b'"live"' in line for line in viewer), "a viewer was cut off to make room"


def test_what_never_becomes_a_request_is_ended_and_what_moves_or_is_watched_stays(
    site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "UNFINISHED_S", 1)
    monkeypatch.setattr(serving, "LOOK_EVERY_S", 1)
    made = site(Limits(fps=20))
    enough = threading.Event()
    with listening(made) as port, ExitStack() as stack:
        viewer = stack.enter_context(send(port, b"GET /api/readings HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        wait_until(lambda: made.feed.status()["viewers"]["readings"] == 1)
        strangers = {
            "says nothing": stack.enter_context(send(port, b"")),
            "stops within the headers": stack.enter_context(send(port, HALF)),
            "stops within the body": stack.enter_context(send(port, HALF_BODY)),
            "drips headers": stack.enter_context(send(port, HALF)),
            "drips a body": stack.enter_context(send(port, HALF_BODY)),
        }
        for name in ("drips headers", "drips a body"):
            threading.Thread(target=drip, args=(strangers[name], enough), daemon=True).start()
        # Slow but steady: three times as long as the limit, at twice the minimum speed.
        size, pieces = 8 * 784, 24
        head = f"POST /api/classify HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n"
        upload = stack.enter_context(send(port, head.encode()))
        for _ in range(pieces):
            time.sleep(0.125)
            upload.sendall(b"\0" * (size // pieces))
        upload.sendall(b"\0" * (size % pieces))
        assert upload.recv(100).startswith(b"HTTP/1.1 200 ")
        for name, connection in strangers.items():
            wait_until(lambda connection=connection: ended(connection))
            assert made.feed.status()["viewers"]["readings"] == 1, f"the viewer went with what {name}"
        enough.set()
        viewer.settimeout(PATIENCE)
        assert len(viewer.recv(100)) == 100, "a viewer that reads late was cut off"


TOKEN = "a-token-of-the-test"
KNOWN = f"Authorization: Bearer {TOKEN}\r\n"
FRAMES = bytes(800 * 784)
"""More than is kept in memory while it arrives."""


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("query", "header", "status"),
    [
        ("", "", 401),
        ("?token=wrong", "Cookie: edgedigits=wrong\r\n", 401),
        ("", KNOWN, 200),
        (f"?token={TOKEN}", "", 200),
        ("", "Cookie: x=1; edgedigits={cookie}\r\n", 200),
    ],
)
def test_bodies_without_the_token_are_not_kept_on_disk(
    site: Callable[..., Site],
    monkeypatch: pytest.MonkeyPatch,
    chunked: bool,
    query: str,
    header: str,
    status: int,
) -> None:
    """Regression: strangers could fill the folder for temporary files with requests that never ended."""
    files: list[object] = []
    file = buffers.TempfileBasedBuffer
    monkeypatch.setattr(buffers, "TempfileBasedBuffer", lambda *given: files.append(given) or file(*given))
    made = site(token=TOKEN)
    made.client.post("/session", data={"token": TOKEN})
    cookie = made.client.get_cookie("edgedigits", domain="localhost").value
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(FRAMES)}"
    head = f"POST /api/classify{query} HTTP/1.1\r\n{header.format(cookie=cookie)}{length}\r\n\r\n"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(FRAMES), FRAMES) if chunked else FRAMES
    with listening(made) as port, send(port, head.encode() + body) as connection:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        answer.read()
    assert answer.status == status
    assert len(files) == (status == 200)


def answers_to(connection: socket.socket) -> int:
    """Count the requests that were answered before the connection ended."""
    said = b""
    with suppress(ConnectionError):  # closed with requests that were not read
        while data := connection.recv(65536):
            said += data
    return said.count(b"HTTP/1.1 200 ")


def test_requests_are_sent_ahead_of_their_answers_within_reason(site: Callable[..., Site]) -> None:
    """Regression: a client could send thousands without reading the answers, and was never disconnected."""
    ask = b"GET /api/model HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = ask.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with listening(site()) as port:
        with send(port, 7 * ask + last) as connection:
            assert answers_to(connection) == 8
        with send(port, 99 * ask + last) as connection:
            assert answers_to(connection) < 100
        with send(port, last) as connection:
            assert answers_to(connection) == 1


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        # From twice the limit on, waitress answers before the page is asked.
        (b"POST /api/read HTTP/1.1\r\nContent-Length: 50000000\r\n\r\n", 413, "at most 20 MB"),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400, "Invalid header"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", 431, "max_header"),
    ],
)
def test_what_waitress_refuses_is_json_too(
    site: Callable[..., Site], request_: bytes, status: int, told: str
) -> None:
    with listening(site()) as port, send(port, request_) as connection:
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = answer.read()
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/json")
    assert json.loads(body)["error"]["status"] == status
    assert told in body.decode()
