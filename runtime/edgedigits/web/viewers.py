"""The viewers of the device's camera, and the newest frame that they are shown.

Viewers only wait for the newest shot, so a slow one misses frames and holds up nobody.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, replace
from typing import Any, Final

from edgedigits.web.problems import Problem

LINGER: Final = 3.0
"""Seconds that the camera stays on after the last viewer has left: a page that is reloaded comes back."""
HEARTBEAT: Final = 1.0
"""Seconds after which viewers get the last frame again, so that a silent stream means a broken one.

Twice as long while a frame is being read."""


@dataclass(frozen=True, eq=False)
class Shot:
    """One frame as the viewers get it; `number` increases with every shot, including repeated ones."""

    number: int = 0
    jpeg: bytes = b""
    event: bytes = b""
    """JSON with `state`, `message` and `reading`, which is null if no new frame came."""
    state: str = "starting"
    """ "starting", "live" or "lost"."""


class Seat:
    """One viewer's place. `next` waits for a shot that it has not seen; `leave` may be called twice."""

    def __init__(self, viewers: Viewers, kind: str) -> None:
        self._viewers = viewers
        self._kind = kind
        self._seen = 0
        self._taken = True

    def next(self) -> Shot | None:
        """Return the next shot for this viewer, as `Viewers.wait_for` does; None when the server ends."""
        shot = self._viewers.wait_for(self._seen)
        if shot is not None:
            self._seen = shot.number
        return shot

    def leave(self) -> None:
        """Give the place back; the last one out turns the camera off."""
        if self._taken:
            self._taken = False
            self._viewers.leave(self._kind)


class Viewers:
    """The viewers' places and the newest shot; for use from any thread.

    The lock `changed` guards all of it, and may be held around several calls.
    """

    def __init__(self, places: int, linger: float = LINGER) -> None:
        self.changed = threading.Condition()
        self.seated = {"stream": 0, "readings": 0}
        self.closed = False
        self.shot = Shot()
        self.message = ""
        self._places = places
        self._linger = linger
        self._empty_since = 0.0

    def join(self, kind: str) -> Seat:
        """Take a place among the viewers of "stream" or "readings"; raises a `Problem` if there is none."""
        with self.changed:
            if self.closed or self.seated[kind] >= self._places:
                raise Problem(
                    503,
                    "too_many_viewers",
                    "this server already has as many viewers as it allows",
                    expected=f"at most {self._places} viewers",
                    remedy="try again when one of them has left",
                    retry_after=5,
                )
            self.seated[kind] += 1
        return Seat(self, kind)

    def leave(self, kind: str) -> None:
        """Counterpart of `join`; called by `Seat.leave`."""
        with self.changed:
            self.seated[kind] -= 1
            self._empty_since = time.monotonic()
            self.changed.notify_all()

    def wait_for(self, seen: int) -> Shot | None:
        """Return the newest shot after number `seen`; None when the server ends.

        If the next frame takes long to read, the last shot comes again without its reading: a viewer that
        hears nothing gives up, and one that has gone is noticed only when something is sent to it.
        """
        with self.changed:
            new = self.changed.wait_for(lambda: self.closed or self.shot.number > seen, 2 * HEARTBEAT)
            if self.closed:
                return None
            shot = self.shot
            return shot if new else replace(shot, event=_event(shot.state, self.message, None))

    def dismiss(self) -> None:
        """Send every viewer away and admit no more; returns at once."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def present(self) -> bool:
        """Return whether anybody watches."""
        with self.changed:
            return not self.closed and any(self.seated.values())

    def expected(self) -> bool:
        """Return whether anybody watches, or did a moment ago and may come back."""
        with self.changed:
            lingers = time.monotonic() - self._empty_since < self._linger
            return not self.closed and (any(self.seated.values()) or lingers)

    def begin(self) -> None:
        """Forget what was shown, and tell everybody that the camera is being turned on."""
        with self.changed:
            self.message = ""
            self.shot = Shot(self.shot.number + 1, event=_event("starting", "", None))

    def show(self, made: tuple[bytes, dict[str, Any]] | None, state: str) -> None:
        """Show a JPEG and its reading, or the last picture again; the state "live" clears the message."""
        with self.changed:
            old = self.shot
            jpeg, found = made or (old.jpeg, None)
            if state == "live":
                self.message = ""
            self.shot = Shot(old.number + 1, jpeg, _event(state, self.message, found), state)
            self.changed.notify_all()

    def say(self, message: str) -> None:
        """Send this message with every shot until the camera is live."""
        with self.changed:
            self.message = message

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until the server ends."""
        if seconds > 0:
            with self.changed:
                self.changed.wait_for(lambda: self.closed, seconds)


def _event(state: str, message: str, reading: dict[str, Any] | None) -> bytes:
    return json.dumps({"state": state, "message": message, "reading": reading}).encode()
