"""The device's camera for everybody who watches: one thread, started by the first, ended by the last.

The thread reads, draws and encodes each frame once; the viewers only wait for the newest one, so a
slow viewer misses frames and holds up nobody.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import cv2
import numpy as np

from edgedigits import draw
from edgedigits.classifier import Classifier
from edgedigits.errors import EdgeDigitsError
from edgedigits.sources import Frame, Stream, open_source, source_name
from edgedigits.web import answers
from edgedigits.web.limits import Limits
from edgedigits.web.problems import Problem
from edgedigits.webcam.tracking import Tracker

LINGER: Final = 3.0
"""Seconds that the camera stays on after the last viewer left: a page that is reloaded comes back."""
HEARTBEAT: Final = 1.0
"""Seconds after which viewers get the last frame again, so that a silent stream means a broken one.

Twice as many while a frame is being read."""
LOST_AFTER: Final = 2.0
"""Age in seconds of the newest frame above which the page says that the camera is lost."""
RETRY: Final = 2.0
"""Seconds between attempts to open a source that does not open."""
JPEG_QUALITY: Final = 80
NO_SOURCE: Final = "none"
_UNFORESEEN: Final = "something went wrong inside the server; its log has the details"
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Shot:
    """One frame as the viewers get it; `number` rises with every shot, repeated ones included."""

    number: int = 0
    jpeg: bytes = b""
    event: bytes = b""
    """JSON with `state`, `message` and `reading`, which is null where no new frame came."""
    state: str = "starting"
    """ "starting", "live" or "lost"."""


@dataclass
class _Meter:
    """Frames a second, over the last dozen."""

    times: list[float] = field(default_factory=list)

    def tick(self, now: float) -> float:
        self.times = [*self.times[-11:], now]
        return (len(self.times) - 1) / (now - self.times[0]) if len(self.times) > 1 else 0.0


class Seat:
    """One viewer's place. `next` waits for what it has not seen; `leave` may be called twice."""

    def __init__(self, feed: Feed, kind: str) -> None:
        self._feed = feed
        self._kind = kind
        self._seen = 0
        self._taken = True

    def next(self) -> Shot | None:
        """What `Feed.wait_for` gives after what this viewer has seen; None when the server ends."""
        shot = self._feed.wait_for(self._seen)
        if shot is not None:
            self._seen = shot.number
        return shot

    def leave(self) -> None:
        """Give the place back; the last one out turns the camera off."""
        if self._taken:
            self._taken = False
            self._feed.leave(self._kind)


class Feed:
    """Owns the source and the one thread that reads it."""

    def __init__(
        self,
        source: str,
        classifier: Classifier,
        limits: Limits,
        *,
        opener: Callable[..., Stream] = open_source,
        linger: float = LINGER,
    ) -> None:
        self.source = source
        self._classifier = classifier
        self._limits = limits
        self._opener = opener
        self._linger = linger
        self._changed = threading.Condition()
        self._viewers = {"stream": 0, "readings": 0}
        self._thread: threading.Thread | None = None
        self._empty_since = 0.0
        self._closed = False
        self._shot = Shot()
        self._message = ""

    def join(self, kind: str) -> Seat:
        """Take a place among the viewers of "stream" or "readings"; raises a `Problem` if there is none."""
        if self.source == NO_SOURCE:
            raise Problem(404, "no_source", "this server has no camera", remedy="start it with --source 0")
        with self._changed:
            if self._closed or self._viewers[kind] >= self._limits.viewers:
                raise Problem(
                    503,
                    "too_many_viewers",
                    "as many people as this server allows are watching",
                    expected=f"at most {self._limits.viewers} viewers",
                    remedy="try again when one of them has left",
                    retry_after=5,
                )
            self._viewers[kind] += 1
            if self._thread is None:
                self._message = ""
                self._shot = Shot(self._shot.number + 1, event=_event("starting", "", None))
                self._thread = threading.Thread(target=self._run, name="edgedigits-feed", daemon=True)
                self._thread.start()
        return Seat(self, kind)

    def leave(self, kind: str) -> None:
        """Counterpart of `join`; called by `Seat.leave`."""
        with self._changed:
            self._viewers[kind] -= 1
            self._empty_since = time.monotonic()
            self._changed.notify_all()

    def wait_for(self, seen: int) -> Shot | None:
        """The newest shot after number `seen`; None when the feed is closed.

        While a frame takes long to read there is none, and the last one comes again without its reading:
        a viewer that hears nothing gives up, and one that has gone is noticed only when it is sent something.
        """
        with self._changed:
            new = self._changed.wait_for(lambda: self._closed or self._shot.number > seen, 2 * HEARTBEAT)
            if self._closed:
                return None
            shot = self._shot
            return shot if new else replace(shot, event=_event(shot.state, self._message, None))

    def dismiss(self) -> None:
        """Let every viewer go, and nobody come any more; returns at once."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def close(self) -> None:
        """The same, and end the thread."""
        self.dismiss()
        thread = self._thread
        if thread is not None:
            thread.join(2)

    def status(self) -> dict[str, Any]:
        """For /api/health: whether the camera is on, and for how many."""
        with self._changed:
            return {
                "source": source_name(self.source),
                "on": self._thread is not None,
                "state": self._shot.state if self._thread else "off",
                "message": self._message,
                "viewers": dict(self._viewers),
            }

    def _wanted(self) -> bool:
        with self._changed:
            if self._closed:
                return False
            return any(self._viewers.values()) or time.monotonic() - self._empty_since < self._linger

    def _run(self) -> None:
        logged = ""
        try:
            while self._goes_on():
                while self._wanted():
                    try:
                        self._watch()
                    except EdgeDigitsError as error:
                        self._lose(f"{error.what}; {error.remedy}" if error.remedy else error.what)
                    except Exception as error:  # one bad frame must not leave the view dead for good
                        if logged != repr(error):  # the same every two seconds would fill the log
                            logged = repr(error)
                            _LOG.exception("unforeseen error while the camera was read")
                        self._lose(_UNFORESEEN)
        finally:
            with self._changed:
                # `_goes_on` has given the place up already, unless something ended this thread before.
                if self._thread is threading.current_thread():
                    self._thread = None

    def _goes_on(self) -> bool:
        with self._changed:
            # Somebody may have joined after the last look: then this thread goes on for him. The place is
            # given up under the same lock, so that whoever comes next starts another.
            if self._closed or not any(self._viewers.values()):
                self._thread = None
                return False
            return True

    def _lose(self, message: str) -> None:
        self._say(message)
        self._publish(None, "lost")
        self._pause(RETRY)

    def _watch(self) -> None:
        """Read one opening of the source until nobody watches, or a file ends."""
        stream = self._opener(self.source, realtime=True, notice=self._say)
        meter, tracker = _Meter(), Tracker()
        last = told = time.monotonic()
        lost = False
        try:
            while self._wanted() and not stream.ended:
                begun = time.monotonic()
                frame = _newest(stream)
                if frame is not None:
                    last = told = begun
                    if lost:  # what comes after it need not be what was there before
                        lost = False
                        tracker.restart()
                    self._publish(self._read(frame, meter, tracker, stream), "live")
                    self._pause(1 / self._limits.fps - (time.monotonic() - begun))
                    continue
                lost = lost or stream.trouble != ""
                if begun - told > HEARTBEAT:
                    told = begun
                    self._publish(None, "lost" if begun - last > LOST_AFTER else self._shot.state)
        finally:
            stream.close()

    def _read(
        self, frame: Frame, meter: _Meter, tracker: Tracker, stream: Stream
    ) -> tuple[bytes, dict[str, Any]]:
        raw, frames = answers.read(self._classifier, frame.image)
        watch = answers.Stopwatch()
        steady = tracker.update(raw, frame.time)
        reading = replace(raw, text=steady.text, digits=steady.digits)
        jpeg = encode(draw.annotate(frame.image, reading))
        now = time.monotonic()
        found = answers.to_json(reading, frames)
        found["timing_ms"]["draw"] = watch.ms()
        found["frame"] = {
            "index": frame.index,
            "time": round(frame.time, 3),
            "age_ms": round(1000 * (now - frame.arrived), 1),
            "fps": round(meter.tick(now), 1),
            "overtaken": stream.overtaken,
        }
        return jpeg, found

    def _publish(self, made: tuple[bytes, dict[str, Any]] | None, state: str) -> None:
        with self._changed:
            old = self._shot
            jpeg, found = made or (old.jpeg, None)
            if state == "live":
                self._message = ""
            self._shot = Shot(old.number + 1, jpeg, _event(state, self._message, found), state)
            self._changed.notify_all()

    def _say(self, message: str) -> None:
        with self._changed:
            self._message = message

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            with self._changed:
                self._changed.wait_for(lambda: self._closed, seconds)


def _event(state: str, message: str, reading: dict[str, Any] | None) -> bytes:
    return json.dumps({"state": state, "message": message, "reading": reading}).encode()


def _newest(stream: Stream) -> Frame | None:
    """The newest frame that is due; those of a file that were overtaken meanwhile are passed over.

    A file that is decoded more slowly than it plays always has one that is due: the search ends by time.
    """
    frame = stream.take(0.1)
    until = time.monotonic() + 0.1
    while frame is not None and not stream.ended and time.monotonic() < until:
        newer = stream.take(0)
        if newer is None:
            break
        frame = newer
    return frame


def encode(picture: Any, kind: str = ".jpg") -> bytes:
    """Encode a uint8 BGR picture as JPEG, or as what else `kind` names."""
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if kind == ".jpg" else []
    return np.asarray(cv2.imencode(kind, picture, options)[1]).tobytes()
