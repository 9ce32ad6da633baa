"""The device's camera for everybody who watches: one thread, which the first viewer starts and the last ends.

The thread reads, draws and encodes each frame once; `viewers` hands it out.
"""

from __future__ import annotations

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
from edgedigits.web.viewers import HEARTBEAT, LINGER, Seat, Viewers
from edgedigits.webcam.tracking import Tracker

LOST_AFTER: Final = 2.0
"""Age in seconds of the newest frame above which the page says that the camera is lost."""
RETRY: Final = 2.0
"""Seconds between attempts to open a source that does not open."""
JPEG_QUALITY: Final = 80
NO_SOURCE: Final = "none"
_UNFORESEEN: Final = "something went wrong inside the server; its log has the details"
_LOG: Final = logging.getLogger(__name__)


@dataclass
class _Meter:
    """Frames a second, over the last dozen."""

    times: list[float] = field(default_factory=list)

    def tick(self, now: float) -> float:
        self.times = [*self.times[-11:], now]
        return (len(self.times) - 1) / (now - self.times[0]) if len(self.times) > 1 else 0.0


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
        self._viewers = Viewers(limits.viewers, linger)
        self._thread: threading.Thread | None = None

    def join(self, kind: str) -> Seat:
        """Take a place among the viewers of "stream" or "readings"; raises a `Problem` if there is none."""
        if self.source == NO_SOURCE:
            raise Problem(404, "no_source", "this server has no camera", remedy="start it with --source 0")
        with self._viewers.changed:
            seat = self._viewers.join(kind)
            if self._thread is None:
                self._viewers.begin()
                self._thread = threading.Thread(target=self._run, name="edgedigits-feed", daemon=True)
                self._thread.start()
        return seat

    def dismiss(self) -> None:
        """Send every viewer away and admit no more; returns at once."""
        self._viewers.dismiss()

    def close(self) -> None:
        """Send every viewer away, admit no more, and end the thread."""
        self.dismiss()
        thread = self._thread
        if thread is not None:
            thread.join(2)

    def status(self) -> dict[str, Any]:
        """Return, for /api/health, whether the camera is on and for how many."""
        viewers = self._viewers
        with viewers.changed:
            return {
                "source": source_name(self.source),
                "on": self._thread is not None,
                "state": viewers.shot.state if self._thread else "off",
                "message": viewers.message,
                "viewers": dict(viewers.seated),
            }

    def _run(self) -> None:
        logged = ""
        try:
            while self._goes_on():
                while self._viewers.expected():
                    try:
                        self._watch()
                    except EdgeDigitsError as error:
                        self._lose(f"{error.what}; {error.remedy}" if error.remedy else error.what)
                    except Exception as error:  # one bad frame must not leave the view dead for good
                        if logged != repr(error):  # repeated every two seconds, it would fill the log
                            logged = repr(error)
                            _LOG.exception("unexpected error while reading the camera")
                        self._lose(_UNFORESEEN)
        finally:
            with self._viewers.changed:
                # `_goes_on` has cleared this already, unless something ended the thread before.
                if self._thread is threading.current_thread():
                    self._thread = None

    def _goes_on(self) -> bool:
        with self._viewers.changed:
            # If somebody has joined after the last check, this thread goes on for them. `_thread` is cleared
            # under the same lock, so that whoever comes next starts another.
            if not self._viewers.present():
                self._thread = None
                return False
            return True

    def _lose(self, message: str) -> None:
        self._viewers.say(message)
        self._viewers.show(None, "lost")
        self._viewers.pause(RETRY)

    def _watch(self) -> None:
        """Open the source and read it until nobody watches or a file ends."""
        stream = self._opener(self.source, realtime=True, notice=self._viewers.say)
        meter, tracker = _Meter(), Tracker()
        last = told = time.monotonic()
        lost = False
        try:
            while self._viewers.expected() and not stream.ended:
                begun = time.monotonic()
                frame = _newest(stream)
                if frame is not None:
                    last = told = begun
                    if lost:  # afterwards the scene may be another one
                        lost = False
                        tracker.restart()
                    self._viewers.show(self._read(frame, meter, tracker, stream), "live")
                    self._viewers.pause(1 / self._limits.fps - (time.monotonic() - begun))
                    continue
                lost = lost or stream.trouble != ""
                if begun - told > HEARTBEAT:
                    told = begun
                    state = "lost" if begun - last > LOST_AFTER else self._viewers.shot.state
                    self._viewers.show(None, state)
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


def _newest(stream: Stream) -> Frame | None:
    """Return the newest frame that is due; frames of a file that are overdue are skipped.

    A file that takes longer to decode than to play always has another one due: so the search is limited in
    time.
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
    """Encode a uint8 BGR picture as JPEG, or in the format whose suffix is `kind`."""
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if kind == ".jpg" else []
    return np.asarray(cv2.imencode(kind, picture, options)[1]).tobytes()
