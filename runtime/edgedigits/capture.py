"""The newest frame of a live source, and what happens when it stops coming.

One thread opens the device and reads it, because a read may hang for seconds. The caller's side looks
at the age and the identity of what arrives: an unplugged camera may also return nothing, or the
last picture for ever (opencv#14044, #5221, #5746).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from edgedigits.errors import SourceError
from edgedigits.sources import Frame, Image

_SAMPLE: Final = 8
"""Every eighth pixel each way is compared: sensor noise shows there too, at a 64th of the cost."""
_BLACK: Final = 16
"""No sampled value above this: a shutter that is still closed. 16 is black in studio-range video."""


class Device(Protocol):
    """An opened camera or stream; `read` may block."""

    granted: str

    def read(self) -> Image | None:
        """The next uint8 BGR picture, or None where the source has ended or failed."""

    def release(self) -> None:
        """Give the device back."""


@dataclass(frozen=True)
class Timing:
    """The watchdog's patience, in seconds."""

    stall: float = 1.5
    """No new picture for this long: lost. With the tick this is noticed within 2 s."""
    frozen: float = 1.5
    """The very same picture for this long: the driver repeats itself."""
    opening: float = 20
    """Windows' MSMF backend takes up to 20 s to open (opencv#17687)."""
    black: float = 1.5
    """Black first pictures are skipped for this long."""
    retry: tuple[float, ...] = (0.5, 1, 2, 4, 8)
    """Pauses between attempts; the last one repeats."""
    healthy: float = 5
    """After this long without trouble the pauses start over."""


class _Session(threading.Thread):
    """One attempt at the device: opens it, keeps its newest picture, releases it in the end."""

    def __init__(self, opener: Callable[[], Device]) -> None:
        super().__init__(daemon=True, name="edgedigits-capture")
        self._opener = opener
        self._changed = threading.Condition()
        self._newest: tuple[Image, int, float] | None = None
        self._stop_wanted = False
        self._count = 0
        self.device: Device | None = None
        self.failure: SourceError | None = None
        self.opened = self.started = time.monotonic()
        self.overtaken = 0

    def open(self) -> None:
        """Open the device; called by the thread itself, or before it where that must not be."""
        try:
            self.device = self._opener()
        except SourceError as error:
            self.failure = error
        self.opened = time.monotonic()

    def run(self) -> None:
        if self.device is None and self.failure is None:
            self.open()
        if self.device is not None:
            try:
                self._read(self.device)
            finally:
                self.device.release()
        with self._changed:
            self._changed.notify_all()

    def _read(self, device: Device) -> None:
        while not self._stop_wanted:
            image = device.read()
            if image is None:
                self.failure = SourceError("it stopped delivering pictures")
                return
            with self._changed:
                self.overtaken += self._newest is not None
                self._newest = image, self._count, time.monotonic()
                self._count += 1
                self._changed.notify_all()

    def take(self, timeout: float) -> tuple[Image, int, float] | None:
        """The newest picture with its number and time of arrival, once."""
        with self._changed:
            if self._newest is None and self.is_alive():
                self._changed.wait(timeout)
            taken, self._newest = self._newest, None
            return taken

    def stop(self, wait: float) -> bool:
        """Ask the thread to end; False where it still hangs in the driver after `wait` seconds."""
        self._stop_wanted = True
        self.join(wait)
        return not self.is_alive()


class LiveStream:
    """The newest frames of a source that is reopened, with growing pauses, whenever it fails."""

    def __init__(
        self,
        name: str,
        opener: Callable[[], Device],
        *,
        patience: float = 10,
        timing: Timing | None = None,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.name = name
        self.granted = ""
        self.ended = False
        self.trouble = ""
        """What is wrong at the moment, in words; "" while pictures arrive."""
        self._opener, self._notice, self._patience = opener, notice, patience
        self._timing = timing or Timing()
        self._session: _Session | None = None
        self._attempt, self._retry_at = 0, 0.0
        self._overtaken_before = self._base = self._next = 0
        self._first = self._lost_at = 0.0
        self._begun = time.monotonic()
        self._last_new = 0.0
        self._sample: Image | None = None
        self._still_life: Image | None = None
        self._noiseless = False

    @property
    def overtaken(self) -> int:
        """Frames that were replaced by a newer one before they were taken."""
        return self._overtaken_before + (self._session.overtaken if self._session else 0)

    def take(self, timeout: float) -> Frame | None:
        """The newest frame, or None where none came within `timeout` seconds."""
        if self._session is None:
            pause = self._retry_at - time.monotonic()
            if pause > 0:
                time.sleep(min(pause, timeout))
                return None
            self._start()
        assert self._session is not None
        taken = self._session.take(timeout)
        if taken is None:
            self._supervise(self._session, time.monotonic())
            return None
        return self._accept(*taken)

    def close(self) -> bool:
        """Release the device within half a second; False where the driver hangs."""
        self.ended = True
        return self._session.stop(0.5) if self._session else True

    def _start(self) -> None:
        self._session = _Session(self._opener)
        if sys.platform == "darwin":  # asks for the permission, which only the main thread may (opencv#16427)
            self._session.open()
        self._session.start()

    def _accept(self, image: Image, number: int, arrived: float) -> Frame | None:
        assert self._session is not None
        assert self._session.device is not None
        if not self._last_new:
            self._last_new = arrived
            self.granted = self._session.device.granted
        sample = image[::_SAMPLE, ::_SAMPLE]
        black = int(sample.max(initial=0)) <= _BLACK
        if black and arrived - self._session.opened < self._timing.black:
            return None
        if not black and self._same(sample):
            if arrived - self._last_new > self._timing.frozen:
                self._still_life = self._sample
                self._lose(f"the picture has been frozen for {self._timing.frozen:g} s")
                return None
        else:
            self._last_new = arrived
            self._sample = sample.copy()
        self._tell_of_recovery(black, arrived)
        self._first = self._first or arrived
        self._next = self._base + number + 1
        return Frame(image, self._next - 1, arrived - self._first, arrived)

    def _same(self, sample: Image) -> bool:
        if self._still_life is not None and np.array_equal(sample, self._still_life):
            self._noiseless = True  # the same again after a fresh start: a slide show, and no fault
        return not self._noiseless and self._sample is not None and np.array_equal(sample, self._sample)

    def _tell_of_recovery(self, black: bool, arrived: float) -> None:
        if black:
            if self.trouble != "black":
                self.trouble = "black"
                self._notice(f"{self.name} gives a black picture: take off its cover, or give it light")
            return
        if self.trouble == "black":
            self._notice(f"{self.name} sees something now")
        elif self.trouble:
            state = "is back" if self._first else "is there"
            self._notice(f"{self.name} {state} after {arrived - self._lost_at:.1f} s")
        self.trouble = ""
        if self._session is not None and arrived - self._session.opened > self._timing.healthy:
            self._attempt = 0

    def _supervise(self, session: _Session, now: float) -> None:
        if session.failure is not None:
            self._lose(session.failure.what, session.failure)
        elif session.device is None:
            waited = now - session.started
            if waited > self._timing.opening:
                self._lose(f"it has not opened within {self._timing.opening:g} s")
            elif waited > self._timing.stall and not self.trouble:
                self.trouble, self._lost_at = "slow to open", session.started
                self._notice(f"{self.name} is slow to open: waiting up to {self._timing.opening:g} s")
        elif now - max(self._last_new, session.opened) > self._timing.stall:
            self._lose(f"no new picture for {self._timing.stall:g} s")

    def _lose(self, why: str, error: SourceError | None = None) -> None:
        assert self._session is not None
        now = time.monotonic()
        self._overtaken_before += self._session.overtaken
        self._session.stop(0)
        self._session = None
        self._base, self._last_new = self._next, 0.0
        pauses = self._timing.retry
        pause = pauses[min(self._attempt, len(pauses) - 1)]
        self._attempt += 1
        self._retry_at = now + pause
        if not self._first and now + pause - self._begun > self._patience:
            raise error or SourceError(f"{self.name} gives no picture: {why}")
        if not self.trouble or self.trouble == "black":
            self._lost_at = now
        if why != self.trouble:
            self.trouble = why
            advice = f" ({error.remedy})" if error and error.remedy else ""
            why = why.removeprefix(f"{self.name} ")
            state = f"{self.name} is lost" if self._first else f"waiting for {self.name}"
            self._notice(f"{state}: {why}{advice}; trying again")
