"""Viewers: their places, what they get while nothing new is seen, and how they are disconnected."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import waitress

from edgedigits.web import answers
from edgedigits.web.limits import Limits
from edgedigits.web.problems import Problem

from .conftest import PATIENCE, Site, event_until, wait_until

Make = Callable[..., Site]


def test_more_viewers_than_allowed_get_503_and_a_place_when_one_leaves(site: Make) -> None:
    made = site(Limits(viewers=2, fps=100))
    seats = [made.feed.join("stream") for _ in range(2)]
    made.feed.join("readings")  # counted separately
    with pytest.raises(Problem) as full:
        made.feed.join("stream")
    assert full.value.status == 503
    seats[0].leave()
    made.feed.join("stream")


def test_viewers_hear_of_a_frame_that_takes_long_and_leave_their_places(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: nothing was sent meanwhile, and viewers who gave up and returned found all places taken."""
    monkeypatch.setattr("edgedigits.web.viewers.HEARTBEAT", 0.01)
    made = site(Limits(viewers=1, fps=100))
    seat = made.feed.join("readings")
    event_until(seat, lambda event: event["reading"] is not None)
    done = threading.Event()
    read = answers.read
    monkeypatch.setattr(answers, "read", lambda *given: done.wait(2 * PATIENCE) and read(*given))
    beats: list[Any] = []
    waiting = threading.Thread(target=lambda: beats.extend(seat.next() for _ in range(20)), daemon=True)
    waiting.start()
    waiting.join(PATIENCE)
    done.set()
    assert len(beats) == 20, "the viewer was left without a word"
    last = json.loads(beats[-1].event)
    assert (last["state"], last["reading"]) == ("live", None)
    assert beats[-1].jpeg, "the last picture is repeated"


def test_closing_lets_every_viewer_go(site: Make) -> None:
    made = site()
    seat = made.feed.join("stream")
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.extend(iter(seat.next, None)))
    waiting.start()
    made.feed.close()
    waiting.join(10)
    assert not waiting.is_alive()


def test_viewers_are_let_go_before_the_server_ends(site: Make) -> None:
    """Regression: waitress waited for its threads, these for the next frame: SIGTERM took five seconds."""
    made = site()
    seat = made.feed.join("stream")
    made.feed.dismiss()
    assert seat.next() is None
    with pytest.raises(Problem):
        made.feed.join("stream")


def test_asking_for_the_head_of_the_stream_takes_no_place(site: Make) -> None:
    made = site()
    for _ in range(20):
        assert made.client.head("/api/stream").status_code == 200
    assert made.feed.status()["viewers"]["stream"] == 0


def test_a_viewer_whose_connection_is_gone_gives_the_place_back(site: Make) -> None:
    """Regression: with direct_passthrough werkzeug never calls call_on_close, and places leaked."""
    made = site(Limits(viewers=1, fps=100))
    server = waitress.create_server(made.app, port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for path in ("stream", "readings"):
        with urllib.request.urlopen(
            f"http://127.0.0.1:{server.effective_port}/api/{path}", timeout=10
        ) as answer:
            assert len(answer.read(100)) == 100
        wait_until(lambda: not any(made.feed.status()["viewers"].values()))
    made.feed.close()
    server.close()
    thread.join(10)


def test_the_stream_is_made_of_whole_jpegs(site: Make) -> None:
    made = site()
    answer = made.client.get("/api/stream")
    assert answer.headers["Content-Type"] == "multipart/x-mixed-replace; boundary=edgedigits-frame"
    part = next(answer.response)
    head, _, body = part.partition(b"\r\n\r\n")
    length = int(head.rpartition(b": ")[2])
    assert head.startswith(b"--edgedigits-frame\r\nContent-Type: image/jpeg")
    assert len(body) == length + 2
    answer.close()
    assert made.feed.status()["viewers"]["stream"] == 0
