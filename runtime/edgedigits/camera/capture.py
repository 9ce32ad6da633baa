"""The newest frame of a live source, and what happens when frames stop coming.

A `Grabber` reads the device in a thread, because a read may hang for seconds. `LiveStream`, on the caller's
side, checks the age and the identity of the frames: an unplugged camera may also return nothing, or the last
picture for ever (opencv#14044, #5221, #5746).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from edgedigits.camera.grabber import Device, Grabber
from edgedigits.errors import SourceError
from edgedigits.sources import Frame, Image

_SAMPLE: Final = 8
"""Every eighth pixel in each direction is compared: enough to show sensor noise, at 1/64 of the cost."""
_BLACK: Final = 16
"""A picture with no sampled value above this is black: a shutter that is still closed. 16 is black in
studio-range video."""
_DARK: Final = "the picture is black"
"""The trouble of a source that gives black pictures only."""


@dataclass(frozen=True)
class Timing:
    """How long the watchdog waits, in seconds."""

    stall: float = 1.5
    """Without a new picture for this long, the source is lost; with the tick this is noticed within 2 s."""
    frozen: float = 1.5
    """With the very same picture for this long, the driver repeats itself."""
    opening: float = 20
    """Windows' MSMF backend takes up to 20 s to open (opencv#17687)."""
    black: float = 1.5
    """Black pictures after opening are skipped for this long."""
    retry: tuple[float, ...] = (0.5, 1, 2, 4, 8)
    """Pauses between attempts; the last one repeats."""
    healthy: float = 5
    """After this long without trouble the pauses start over with the first."""


class LiveStream:
    """The newest frames of a source that is reopened after each failure, with growing pauses."""

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
        self._grabber: Grabber | None = None
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
        return self._overtaken_before + (self._grabber.overtaken if self._grabber else 0)

    def take(self, timeout: float) -> Frame | None:
        """Return the newest frame, or None if none came within `timeout` seconds."""
        if self._grabber is None:
            pause = self._retry_at - time.monotonic()
            if pause > 0:
                time.sleep(min(pause, timeout))
                return None
            self._start()
        assert self._grabber is not None
        taken = self._grabber.take(timeout)
        if taken is None:
            self._supervise(self._grabber, time.monotonic())
            return None
        return self._accept(*taken)

    def close(self) -> bool:
        """Release the device within half a second; False if the driver hangs."""
        self.ended = True
        return self._grabber.stop(0.5) if self._grabber else True

    def _start(self) -> None:
        self._grabber = Grabber(self._opener)
        if sys.platform == "darwin":  # only the main thread may ask for permission (opencv#16427)
            self._grabber.open()
        self._grabber.start()

    def _accept(self, image: Image, number: int, arrived: float) -> Frame | None:
        assert self._grabber is not None
        assert self._grabber.device is not None
        if not self._last_new:
            self._last_new = arrived
            self.granted = self._grabber.device.granted
        sample = image[::_SAMPLE, ::_SAMPLE]
        black = int(sample.max(initial=0)) <= _BLACK
        if black and arrived - self._grabber.opened < self._timing.black:
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
            self._noiseless = True  # the same after reopening: a still picture, not a fault
        return not self._noiseless and self._sample is not None and np.array_equal(sample, self._sample)

    def _tell_of_recovery(self, black: bool, arrived: float) -> None:
        if black:
            if self.trouble != _DARK:
                self.trouble = _DARK
                self._notice(f"{self.name} gives a black picture: remove the lens cover, or add light")
            return
        if self.trouble == _DARK:
            self._notice(f"{self.name} gives a visible picture now")
        elif self.trouble:
            state = "is back" if self._first else "is ready"
            self._notice(f"{self.name} {state} after {arrived - self._lost_at:.1f} s")
        self.trouble = ""
        if self._grabber is not None and arrived - self._grabber.opened > self._timing.healthy:
            self._attempt = 0

    def _supervise(self, grabber: Grabber, now: float) -> None:
        if grabber.failure is not None:
            self._lose(grabber.failure.what, grabber.failure)
        elif grabber.device is None:
            waited = now - grabber.started
            if waited > self._timing.opening:
                self._lose(f"it has not opened within {self._timing.opening:g} s")
            elif waited > self._timing.stall and not self.trouble:
                self.trouble, self._lost_at = "slow to open", grabber.started
                self._notice(f"{self.name} is slow to open: still waiting")
        elif now - max(self._last_new, grabber.opened) > self._timing.stall:
            self._lose(f"no new picture for {self._timing.stall:g} s")

    def _lose(self, why: str, error: SourceError | None = None) -> None:
        assert self._grabber is not None
        now = time.monotonic()
        self._overtaken_before += self._grabber.overtaken
        self._grabber.stop(0)
        self._grabber = None
        self._base, self._last_new = self._next, 0.0
        pauses = self._timing.retry
        pause = pauses[min(self._attempt, len(pauses) - 1)]
        self._attempt += 1
        self._retry_at = now + pause
        if not self._first and now + pause - self._begun > self._patience:
            raise error or SourceError(f"{self.name} gives no picture: {why}")
        if not self.trouble or self.trouble == _DARK:
            self._lost_at = now
        why = why.removeprefix(f"{self.name} ")
        if why != self.trouble:
            self.trouble = why
            advice = f" ({error.remedy})" if error and error.remedy else ""
            state = f"{self.name} is lost" if self._first else f"waiting for {self.name}"
            self._notice(f"{state}: {why}{advice}; trying again")
