"""The limits of a server, in one place, because every number here is a promise in the documentation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from edgedigits.web.problems import Problem

MEGA = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Limits of one server. It answers 413 to what is too large, and 503 when it is too busy."""

    body_bytes: int = 20 * MEGA
    """Largest request body; phone photographs are 3 to 12 MB."""
    pixels: int = 40 * MEGA
    """Largest decoded picture. Reading 40 megapixels takes up to 620 MB, for a PNG with 16 bits and
    transparency; with 8 bits of colour it takes up to 580 MB. `reads_at_once` of them may be read at a
    time."""
    frames: int = 1000
    """28x28 frames in one call of /api/classify."""
    reads_at_once: int = 2
    """Pictures that are read at the same time; a small computer gains nothing from more."""
    reads_in_flight: int = 16
    """Pictures read or waiting to be read; the next one is refused with 503."""
    wait_seconds: float = 3.0
    """How long a picture may wait for its turn before it is refused with 503."""
    viewers: int = 8
    """Clients of /api/stream, and as many of /api/readings."""
    fps: float = 10.0
    """Frames a second that are read and sent, whatever the camera delivers."""

    @property
    def threads(self) -> int:
        """Worker threads: enough for every limit to be reached while health checks are still answered."""
        return 2 * self.viewers + self.reads_in_flight + 4


class Gate:
    """Lets `reads_at_once` pass, makes a few more wait, and turns the rest away."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._turn = threading.BoundedSemaphore(limits.reads_at_once)
        self._lock = threading.Lock()
        self.in_flight = 0

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Hold a place for the length of a `with` block; raises a 503 `Problem` if there is none."""
        with self._lock:
            if self.in_flight >= self._limits.reads_in_flight:
                raise _busy(f"{self.in_flight} pictures in flight")
            self.in_flight += 1
        try:
            if not self._turn.acquire(timeout=self._limits.wait_seconds):
                raise _busy(f"no turn within {self._limits.wait_seconds:g} s")
            try:
                yield
            finally:
                self._turn.release()
        finally:
            with self._lock:
                self.in_flight -= 1


def _busy(received: str) -> Problem:
    return Problem(
        503,
        "busy",
        "the server is reading as many pictures as it can",
        received=received,
        remedy="send the picture again in a second",
        retry_after=1,
    )
