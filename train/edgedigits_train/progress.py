"""A progress bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TextIO

_WIDTH = 24


class Progress:
    """Counts `total` steps on one line of `stream`, and clears the line at the end.

    Written only to a terminal: a log file or a pipe gets nothing.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = max(total, 1)
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty()
        self._done = 0

    def step(self, doing: str) -> None:
        """Begin the next step, named in a few words."""
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
        # Back to the beginning, clear to the end of the line: never longer than 80 columns.
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()
