"""The loop that reads a source: newest frame, reading, tracking, and word of every change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from edgedigits.results import Box, Reading
from edgedigits.sources import Frame, Stream
from edgedigits.tracking import Steady, Tracker

_TICK: Final = 0.05
"""Seconds after which the loop comes back without a frame, so that keys and Ctrl-C are heard."""


@dataclass(frozen=True, eq=False)
class Moment:
    """One turn of the loop; where no frame came it repeats the last one with `fresh` False."""

    frame: Frame
    reading: Reading
    """What was read in this very frame."""
    steady: Steady
    """What is announced."""
    changed: bool
    """Whether the announced text differs from the last moment's."""
    stages_ms: dict[str, float]
    """Milliseconds for `read` and `track`."""

    def to_dict(self, source: str) -> dict[str, Any]:
        """The JSON object of a change."""
        return {
            "source": source,
            "clock": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "frame": self.frame.index,
            "time": round(self.frame.time, 3),
            "text": self.steady.text,
            "digits": [digit.to_dict() for digit in self.steady.digits],
            "timing_ms": {name: round(value, 3) for name, value in self.reading.timing_ms.items()},
        }


class Watcher:
    """Reads frame after frame of a stream."""

    def __init__(
        self, stream: Stream, read: Callable[[npt.NDArray[np.uint8]], Reading], tracker: Tracker | None
    ) -> None:
        self.stream = stream
        self.region: Box | None = None
        """Only this part of the picture is read."""
        self.tracker = tracker
        self.frames = 0
        self.announced = 0
        self._read = read
        self._text = ""

    def moments(self) -> Iterator[Moment | None]:
        """A moment for each frame, and None whenever no frame came for a twentieth of a second."""
        while not self.stream.ended:
            frame = self.stream.take(_TICK)
            yield None if frame is None else self.look(frame)

    def look(self, frame: Frame) -> Moment:
        """Read and track one frame."""
        started = time.perf_counter()
        reading = self._read(frame.image)
        read = time.perf_counter()
        if self.tracker is None:
            steady = Steady(reading.text, reading.digits)
        else:
            steady = self.tracker.update(reading, frame.time)
        tracked = time.perf_counter()
        changed, self._text = steady.text != self._text, steady.text
        self.frames += 1
        self.announced += changed and steady.text != ""
        stages = {"read": 1000 * (read - started), "track": 1000 * (tracked - read)}
        return Moment(frame, reading, steady, changed, stages)
