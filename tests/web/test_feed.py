"""One camera for all viewers: on with the first, off after the last, and reopened when lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from edgedigits.errors import SourceError
from edgedigits.web import answers
from edgedigits.web.feed import NO_SOURCE
from edgedigits.webcam.tracking import Tracker

from .conftest import FakeStream, Site, event_until, page_with, wait_until

Make = Callable[..., Site]


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
    # The tiny model has a confidence of 0.1 everywhere, which the tracker never announces.
    event = event_until(seat, lambda event: event["reading"] is not None)
    assert event["reading"]["size"] == [180, 120]
    assert event["reading"]["frame"]["index"] >= 1
    shot = seat.next()
    assert shot is not None
    assert shot.jpeg.startswith(b"\xff\xd8")


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
    restarted = threading.Event()  # or old digits would be announced with new ones
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
    """Regression: an unexpected exception ended the thread, and the view was dead until a restart."""
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
    """Regression: its place stayed taken, and later viewers saw nothing."""

    class Ended(BaseException):
        """An exception that no `except Exception` catches."""

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


def test_a_video_that_is_decoded_too_slowly_is_shown_with_gaps(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: it looked for the newest frame as long as another was due, which was for ever."""
    take = FakeStream.take
    monkeypatch.setattr(FakeStream, "take", lambda self, timeout: take(self, max(timeout, 0.001)))
    made = site()
    made.feed.join("stream")
    wait_until(lambda: made.feed.status()["state"] == "live")


def test_without_a_camera_the_live_routes_are_404(site: Make) -> None:
    answer = site(source=NO_SOURCE).client.get("/api/stream")
    assert (answer.status_code, answer.json["error"]["kind"]) == (404, "no_source")
