"""A progress bar, shown only on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TextIO

_WIDTH = 24


class Progress:
    """Count `total` steps on one line of `stream`, and clear the line at the end.

    Writes only to a terminal: a log file or a pipe gets nothing.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = max(total, 1)
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty()
        self._done = 0

    def step(self, doing: str) -> None:
        """Begin the next step, described in a few words."""
        if self._shown:
            filled = min(_WIDTH * self._done // self._total, _WIDTH)
            bar = "#" * filled + "-" * (_WIDTH - filled)
            self._write(f"[{bar}] {min(100 * self._done // self._total, 100):3d} %  {doing[:46]}")
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
