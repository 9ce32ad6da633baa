"""Waitress's connections, made fit for strangers: one that sends half a request shuts out nobody.

A request is worked at when it is complete. Until then a connection is one that anybody may hold, so
it has to move, to end soon, to make room where there are too many, and to show the token if a body is
to be kept on disk.
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
"""Whether a request's headers, as WSGI names them, hold the token."""
UNFINISHED_S: Final = 15
"""Seconds without a complete request after which a connection is closed; never while one is answered."""
SLOWEST: Final = 1000
"""Bytes of an unfinished request that buy it another second: by dripping nobody stays."""
QUEUED: Final = 8
"""Requests that a connection may send ahead of their answers; browsers send none. One with requests in
work is not closed for its silence, so that many of them, whose answers nobody reads, would hold threads."""
SPARE: Final = 4
"""Connections below waitress's limit at which room is made: at the limit itself it stops to listen."""


class _Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress refuses by itself, in the form that the API promises."""

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
        """Status line, headers and body, as waitress asks its errors for them."""
        body = json.dumps(self.problem.to_dict()).encode()
        return f"{self.problem.status} {self.reason}", [("Content-Type", "application/json")], body


class _InMemory(OverflowableBuffer):  # type: ignore[misc]
    """A body as far as memory takes it; the rest is let pass by, as nobody will read it."""

    def append(self, data: bytes) -> None:
        """Keep the bytes, unless a file would have to be made for them."""
        if len(self) + len(data) < self.overflow:
            super().append(data)


class _Request(HTTPRequestParser):  # type: ignore[misc]
    """A request as it arrives. Who does not have the token fills no folder: 401 is the answer to any body."""

    def __init__(self, knows: Knows, adj: Any) -> None:
        self._knows = knows
        super().__init__(adj)

    def parse_header(self, header_plus: bytes) -> None:
        """Take the headers, after which the body is about to come."""
        super().parse_header(header_plus)
        if self.body_rcv is None:
            return
        headers = {f"HTTP_{name}": self.headers.get(name, "") for name in ("AUTHORIZATION", "COOKIE")}
        if not self._knows({**headers, "QUERY_STRING": self.query}):
            self.body_rcv.buf = _InMemory(self.adj.inbuf_overflow)


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection. Waitress closes it where `last_activity` is old and no request is being answered."""

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
        """Take what has arrived, and count it; a connection that sends too many requests ahead is closed."""
        self._arrived = len(data)
        taken = bool(super().received(data))
        if len(self.requests) > QUEUED:
            self.will_close = True
        return taken

    def handle_read(self) -> None:
        """Read from the socket; a few bytes more of a request that has begun are little activity."""
        unfinished, before = self.request, self.last_activity
        super().handle_read()
        if unfinished is not None and self.request is unfinished:
            self.last_activity = min(self.last_activity, before + self._arrived / SLOWEST)

    def _make_room(self) -> None:
        """Let go of the connection that has waited longest, where this one is among the last that fit."""
        if len(self._map) < self.adj.connection_limit - SPARE:
            return
        others = (one for one in self._map.values() if isinstance(one, Channel) and one is not self)
        waiting = [one for one in others if not one.requests and not one.will_close]
        if waiting:
            # Closed by waitress's own loop: closed here, its number could be given to a new connection
            # while the loop still has it on its list.
            min(waiting, key=lambda one: float(one.last_activity)).will_close = True
