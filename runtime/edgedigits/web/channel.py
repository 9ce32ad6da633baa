"""Waitress's connections, hardened: a client that sends half a request shuts out nobody.

A request is handled when it is complete. Until then anybody may hold the connection, so it has to make
progress, end soon, make room if there are too many, and show the token if its body is to be kept on disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask

from edgedigits.web.limits import Limits
from edgedigits.web.problems import Problem, too_large

Knows = Callable[[dict[str, str]], bool]
"""Tells whether a request's headers, named as in WSGI, hold the token."""
UNFINISHED_S: Final = 15
"""Seconds without a complete request after which a connection is closed; never while one is being
answered."""
SLOWEST: Final = 1000
"""Bytes of an unfinished request that buy it another second, so that a trickle does not keep it open."""
QUEUED: Final = 8
"""Requests that a connection may send ahead of their answers (pipelining); browsers send none. A connection
with requests in progress is not closed for inactivity, so many requests whose answers nobody reads would hold
threads."""
SPARE: Final = 4
"""Room is made for this many connections below waitress's limit: at the limit itself it stops listening."""


class _Refusal(ErrorTask):  # type: ignore[misc]
    """An error that waitress answers by itself, in the form that the API promises."""

    def execute(self) -> None:
        self.request.error = _InJson(self.request, self.channel.limits)
        super().execute()


class _InJson:
    """Stands in for waitress's error, which would answer in plain text."""

    def __init__(self, request: Any, limits: Limits) -> None:
        error = request.error
        kind = error.reason.lower().replace(" ", "_")
        self.reason = error.reason
        self.problem = Problem(
            error.code, kind, f"the request was refused: {error.reason}", received=error.body
        )
        if error.code == 413:
            size = max(request.content_length, request.body_bytes_received)
            self.problem = too_large(limits.body_bytes, size)

    def to_response(self, _ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status line, headers and body, as waitress expects them of its errors."""
        body = json.dumps(self.problem.to_dict()).encode()
        return f"{self.problem.status} {self.reason}", [("Content-Type", "application/json")], body


class _InMemory(OverflowableBuffer):  # type: ignore[misc]
    """A body as far as it fits in memory; the rest is dropped, as nobody will read it."""

    def append(self, data: bytes) -> None:
        """Keep the bytes, unless that would take a file."""
        if len(self) + len(data) < self.overflow:
            super().append(data)


class _Request(HTTPRequestParser):  # type: ignore[misc]
    """A request as it arrives. Without the token no body is kept on disk, since the answer will be 401."""

    def __init__(self, knows: Knows, adj: Any) -> None:
        self._knows = knows
        super().__init__(adj)

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the headers, which come just before the body."""
        super().parse_header(header_plus)
        if self.body_rcv is None:
            return
        headers = {f"HTTP_{name}": self.headers.get(name, "") for name in ("AUTHORIZATION", "COOKIE")}
        if not self._knows({**headers, "QUERY_STRING": self.query}):
            self.body_rcv.buf = _InMemory(self.adj.inbuf_overflow)


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection. Waitress closes it if `last_activity` is old and no request is being answered."""

    error_task_class = _Refusal
    last_activity: float
    """`time.time()` of the last byte read or sent, or a little earlier: see `handle_read`."""

    def __init__(self, limits: Limits, knows: Knows, *arguments: Any, **options: Any) -> None:
        self.limits = limits
        self.parser_class = partial(_Request, knows)
        self._arrived = 0
        super().__init__(*arguments, **options)
        self._make_room()

    def received(self, data: bytes) -> bool:
        """Take and count what has arrived; close a connection that sends too many requests ahead."""
        self._arrived = len(data)
        taken = bool(super().received(data))
        if len(self.requests) > QUEUED:
            self.will_close = True
        return taken

    def handle_read(self) -> None:
        """Read from the socket; a few more bytes of an unfinished request count as little activity."""
        unfinished, before = self.request, self.last_activity
        super().handle_read()
        if unfinished is not None and self.request is unfinished:
            self.last_activity = min(self.last_activity, before + self._arrived / SLOWEST)

    def _make_room(self) -> None:
        """Close the connection that has waited longest, if this one is among the last that fit."""
        if len(self._map) < self.adj.connection_limit - SPARE:
            return
        others = (one for one in self._map.values() if isinstance(one, Channel) and one is not self)
        waiting = [one for one in others if not one.requests and not one.will_close]
        if waiting:
            # Waitress's own loop closes it. If it were closed here, a new connection could get its file
            # descriptor while the loop still lists it.
            min(waiting, key=lambda one: float(one.last_activity)).will_close = True
