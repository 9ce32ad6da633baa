"""How far a long measurement is: a bar on a terminal, and a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, TextIO

_WIDTH = 24
EVERY: Final = 60.0
"""Seconds until the first line where there is no terminal, and between lines, at least."""


class Progress:
    """Count `total` steps on one line of `stream`, and clear the line at the end.

    A log file or a pipe gets a line a minute instead, and none if all is done by then.
    """

    def __init__(
        self, total: int, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = max(total, 1)
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty()
        self._done = 0
        self._clock, self._began = clock, clock()
        self._next = self._began + EVERY

    def step(self, doing: str) -> None:
        """Begin the next step, described in a few words."""
        if self._shown:
            filled = min(_WIDTH * self._done // self._total, _WIDTH)
            bar = "#" * filled + "-" * (_WIDTH - filled)
            self._write(f"[{bar}] {min(100 * self._done // self._total, 100):3d} %  {doing[:46]}")
        elif self._done and (now := self._clock()) >= self._next:
            self._next = now + EVERY
            left = (now - self._began) / self._done * max(0, self._total - self._done)
            print(
                f"step {self._done + 1} of {self._total}: {doing}; {_about(left)} to go",
                file=self._stream,
                flush=True,
            )
        self._done += 1

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._write("")

    def _write(self, line: str) -> None:
        # Go back to the start of the line and clear it; the line never exceeds 80 columns.
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()


def _about(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return "about a minute" if minutes == 1 else f"about {minutes} minutes"
