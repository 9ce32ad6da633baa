"""Read in a thread of its own, so that the picture on the screen moves on while a page is read."""

from __future__ import annotations

import threading
from collections.abc import Callable

from edgedigits.live import Moment
from edgedigits.sources import Frame


class Aside:
    """Reads the newest of the frames that it is offered; an overtaken frame is counted, not queued."""

    def __init__(self, look: Callable[[Frame], Moment]) -> None:
        self.skipped = 0
        self._look = look
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._done: list[Moment] = []
        self._failure: Exception | None = None
        self._stop = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="edgedigits-read")
        self._thread.start()

    def offer(self, frame: Frame) -> None:
        """Read this frame next."""
        with self._changed:
            self.skipped += self._frame is not None
            self._frame = frame
            self._changed.notify()

    def finished(self) -> list[Moment]:
        """Return what was read since the last call; raises what the reading raised."""
        with self._changed:
            if self._failure is not None:
                raise self._failure
            done, self._done = self._done, []
            return done

    def close(self) -> None:
        """End the thread, after the frame that is being read; waits for it for half a second at most."""
        with self._changed:
            self._stop = True
            self._changed.notify()
        self._thread.join(0.5)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stop or self._frame is not None)
                frame, self._frame = self._frame, None
            if self._stop or frame is None:
                return
            try:
                moment = self._look(frame)
            except Exception as error:  # handed to the thread that can tell the user
                self._failure = error
                return
            with self._changed:
                self._done.append(moment)
