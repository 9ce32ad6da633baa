"""One camera for all viewers: on with the first, off after the last, and back when it was lost."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
import waitress

from edgedigits.errors import SourceError
from edgedigits.web import answers
from edgedigits.web.feed import NO_SOURCE, Seat
from edgedigits.web.limits import Limits
from edgedigits.web.problems import Problem
from edgedigits.webcam.tracking import Tracker

from .conftest import PATIENCE, FakeStream, Site, page_with, wait_until

Make = Callable[..., Site]


def event_until(seat: Seat, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE  # where the thread is dead, the last shot comes again and again
    while time.monotonic() < deadline:
        shot = seat.next()
        assert shot is not None
        event: dict[str, Any] = json.loads(shot.event)
        if wanted(event):
            return event
    raise AssertionError("no such event came")


def test_viewers_share_one_camera_that_ends_with_the_last(site: Make) -> None:
    made = site()
    seats = [made.feed.join("stream"), made.feed.join("readings"), made.feed.join("stream")]
    shots = [seat.next() for seat in seats]
    assert all(shots)
    event_until(seats[0], lambda event: event["state"] == "live")
    assert len(made.opened) == 1
    for seat in seats[:2]:
        seat.leave()
    assert made.feed.status()["on"] is True
    seats[2].leave()
    seats[2].leave()  # waitress and werkzeug may both close an answer
    wait_until(made.opened[0].closed.is_set)
    wait_until(lambda: made.feed.status()["on"] is False)
    assert made.feed.status()["viewers"] == {"stream": 0, "readings": 0}
    made.feed.join("stream")
    wait_until(lambda: len(made.opened) == 2)


def test_steady_digits_come_with_frames_and_pictures(site: Make) -> None:
    made = site()
    made.picture = page_with(2)
    seat = made.feed.join("readings")
    # The tiny model is a tenth sure of everything, which the tracker never announces.
    event = event_until(seat, lambda event: event["reading"] is not None)
    assert event["reading"]["size"] == [180, 120]
    assert event["reading"]["frame"]["index"] >= 1
    shot = seat.next()
    assert shot is not None
    assert shot.jpeg.startswith(b"\xff\xd8")


def test_more_viewers_than_allowed_get_503_and_a_place_when_one_leaves(site: Make) -> None:
    made = site(Limits(viewers=2, fps=100))
    seats = [made.feed.join("stream") for _ in range(2)]
    made.feed.join("readings")  # counted on its own
    with pytest.raises(Problem) as full:
        made.feed.join("stream")
    assert full.value.status == 503
    seats[0].leave()
    made.feed.join("stream")


def test_a_camera_that_does_not_open_is_told_and_tried_again(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgedigits.web.feed.RETRY", 0.01)
    made = site()
    made.fail_to_open = SourceError("camera 0 is busy", remedy="close the other program")
    seat = made.feed.join("readings")
    event = event_until(seat, lambda event: event["state"] == "lost")
    assert event["message"] == "camera 0 is busy; close the other program"
    made.fail_to_open = None
    event = event_until(seat, lambda event: event["state"] == "live")
    assert event["message"] == ""


def test_a_camera_that_goes_dark_is_lost_and_comes_back(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgedigits.web.feed.HEARTBEAT", 0.01)
    monkeypatch.setattr("edgedigits.web.feed.LOST_AFTER", 0.05)
    made = site()
    seat = made.feed.join("stream")
    event_until(seat, lambda event: event["state"] == "live")
    restarted = threading.Event()  # or what stood there before would be announced with what comes
    monkeypatch.setattr(Tracker, "restart", lambda _: restarted.set())
    made.opened[0].picture, made.opened[0].trouble = None, "unplugged"
    event_until(seat, lambda event: event["state"] == "lost")
    shot = seat.next()
    assert shot is not None
    assert shot.jpeg, "the last picture is repeated, so that the viewer's connection is known to live"
    assert not restarted.is_set()
    made.opened[0].trouble = ""
    made.opened[0].picture = page_with(1)
    event_until(seat, lambda event: event["state"] == "live")
    assert restarted.is_set()


def test_a_camera_that_fails_while_it_runs_is_closed_and_opened_again(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edgedigits.web.feed.RETRY", 0.01)
    made = site()
    seat = made.feed.join("stream")
    event_until(seat, lambda event: event["state"] == "live")
    made.opened[0].error = SourceError("unplugged")
    event_until(seat, lambda event: event["state"] == "lost")
    event_until(seat, lambda event: event["state"] == "live")
    assert made.opened[0].closed.is_set()
    assert len(made.opened) == 2


def test_a_frame_that_breaks_the_reading_is_logged_once_and_the_view_goes_on(
    site: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Regression: what was no error of ours ended the thread, and the view was dead until a restart."""
    monkeypatch.setattr("edgedigits.web.feed.RETRY", 0.01)
    made = site()
    seat = made.feed.join("readings")
    event_until(seat, lambda event: event["state"] == "live")
    read, failed = answers.read, 0

    def fails(*given: Any) -> Any:
        nonlocal failed
        failed += 1
        raise IndexError("index 7 is out of bounds")

    monkeypatch.setattr(answers, "read", fails)
    event = event_until(seat, lambda event: event["state"] == "lost")
    assert event["message"] == "something went wrong inside the server; its log has the details"
    wait_until(lambda: failed > 2)
    assert made.feed.status()["state"] == "lost"
    assert made.opened[0].closed.is_set()
    monkeypatch.setattr(answers, "read", read)
    event_until(seat, lambda event: event["state"] == "live")
    logged = [record for record in caplog.records if record.exc_info]
    assert [str(record.exc_info[1]) for record in logged if record.exc_info] == ["index 7 is out of bounds"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_was_ended_is_started_anew_by_the_next_viewer(site: Make) -> None:
    """Regression: its place stayed taken, and whoever came later watched nothing."""

    class Ended(BaseException):
        """What no `except Exception` holds up."""

    made = site()
    made.fail_to_open = Ended()
    made.feed.join("stream")
    wait_until(lambda: made.feed.status()["on"] is False)
    made.fail_to_open = None
    seat = made.feed.join("stream")
    event_until(seat, lambda event: event["state"] == "live")


def test_a_file_starts_again_at_its_end(site: Make) -> None:
    made = site()
    seat = made.feed.join("stream")
    event_until(seat, lambda event: event["state"] == "live")
    made.opened[0].ended = True
    wait_until(lambda: len(made.opened) == 2)


def test_viewers_hear_of_a_frame_that_takes_long_and_leave_their_places(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: nothing was sent meanwhile, and who gave up and came back found all places taken."""
    monkeypatch.setattr("edgedigits.web.feed.HEARTBEAT", 0.01)
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


def test_a_video_that_is_decoded_too_slowly_is_shown_with_gaps(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: the newest frame was sought for as long as another was due, which was for ever."""
    take = FakeStream.take
    monkeypatch.setattr(FakeStream, "take", lambda self, timeout: take(self, max(timeout, 0.001)))
    made = site()
    made.feed.join("stream")
    wait_until(lambda: made.feed.status()["state"] == "live")


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
    """Waitress waited for its threads, these for the next frame, and SIGTERM took five seconds."""
    made = site()
    seat = made.feed.join("stream")
    made.feed.dismiss()
    assert seat.next() is None
    with pytest.raises(Problem):
        made.feed.join("stream")


def test_without_a_camera_the_live_routes_are_404(site: Make) -> None:
    answer = site(source=NO_SOURCE).client.get("/api/stream")
    assert (answer.status_code, answer.json["error"]["kind"]) == (404, "no_source")


def test_asking_for_the_head_of_the_stream_takes_no_place(site: Make) -> None:
    made = site()
    for _ in range(20):
        assert made.client.head("/api/stream").status_code == 200
    assert made.feed.status()["viewers"]["stream"] == 0


def test_a_viewer_whose_connection_is_gone_gives_the_place_back(site: Make) -> None:
    """Regression: with direct_passthrough werkzeug never ran call_on_close, and seats leaked."""
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
