"""One attempt at a device, in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from edgedigits.errors import SourceError
from edgedigits.sources import Image


class Device(Protocol):
    """An open camera or stream; `read` may block."""

    granted: str

    def read(self) -> Image | None:
        """Return the next uint8 BGR picture, or None if the source has ended or failed."""

    def release(self) -> None:
        """Release the device."""


class Grabber(threading.Thread):
    """A thread that opens the device, keeps its newest picture, and releases it in the end."""

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
        """Open the device. The thread does this itself, unless it was done before, as macOS needs it."""
        try:
            self.device = self._opener()
        except SourceError as error:
            self.failure = error
        except Exception as error:  # a driver's own error must reach the user, not end the thread unseen
            self.failure = SourceError(f"opening it failed: {error}")
        self.opened = time.monotonic()

    def run(self) -> None:
        """Read the device until `stop` is called or the device fails; `start` calls this in the thread."""
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
            try:
                image = device.read()
            except Exception as error:  # as above
                self.failure = SourceError(f"reading it failed: {error}")
                return
            if image is None:
                self.failure = SourceError("it stopped delivering pictures")
                return
            with self._changed:
                self.overtaken += self._newest is not None
                self._newest = image, self._count, time.monotonic()
                self._count += 1
                self._changed.notify_all()

    def take(self, timeout: float) -> tuple[Image, int, float] | None:
        """Return the newest picture with its number and time of arrival, once; None if there is none."""
        with self._changed:
            if self._newest is None and self.is_alive():
                self._changed.wait(timeout)
            taken, self._newest = self._newest, None
            return taken

    def stop(self, wait: float) -> bool:
        """Ask the thread to end; False if it still hangs in the driver after `wait` seconds."""
        self._stop_wanted = True
        self.join(wait)
        return not self.is_alive()
