"""The live loop: take the newest frame, read it, follow its digits, and report every change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from edgedigits.errors import UsageError
from edgedigits.results import Box, Digit, Reading
from edgedigits.sources import Frame, Stream
from edgedigits.webcam.tracking import Steady, Tracker

_TICK: Final = 0.03
"""Longest wait for a frame in seconds, so that keys and Ctrl-C are noticed."""


@dataclass(frozen=True, eq=False)
class Moment:
    """The result of one frame."""

    frame: Frame
    reading: Reading
    """What was read in this frame alone."""
    steady: Steady
    """What is announced."""
    changed: bool
    """Whether the announced text differs from that of the last moment."""
    stages_ms: dict[str, float]
    """Milliseconds for `read` and `track`."""

    def to_dict(self, source: str) -> dict[str, Any]:
        """Return the JSON object of a change; `time` is the frame's, `clock` is the time of day in UTC."""
        return {
            "source": source,
            "frame": self.frame.index,
            "time": round(self.frame.time, 3),
            "clock": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "text": self.steady.text,
            "digits": [digit.to_dict() for digit in self.steady.digits],
            "timing_ms": {name: round(value, 3) for name, value in self.reading.timing_ms.items()},
        }


class Watcher:
    """Reads a stream frame by frame; `region`, `smoothing` and `frozen` may be changed at any time."""

    def __init__(
        self,
        stream: Stream,
        read: Callable[[npt.NDArray[np.uint8]], Reading],
        tracker: Tracker,
        *,
        region: Box | None = None,
    ) -> None:
        self.stream = stream
        self.region = region
        """The part of the picture that is read; None for all of it."""
        self.smoothing = True
        self.frozen = False
        """While this is True, no frames are taken."""
        self.frames = self.announced = self.skipped = 0
        self._read, self._tracker = read, tracker
        self._text = ""
        self._tracked: Box | None = region
        """The region whose digits the tracker follows; their boxes are relative to its corner."""
        self._lost = False
        self._new_scene: int | None = None
        """Index of the first frame after the stream was lost, until it has been read."""

    @property
    def overtaken(self) -> int:
        """Frames that were replaced by a newer one before they were taken or read."""
        return self.stream.overtaken + self.skipped

    def moments(self) -> Iterator[Moment | None]:
        """Yield a moment for each frame, and None now and then while there is no frame."""
        while not self.stream.ended:
            frame = self.next_frame()
            yield None if frame is None else self.look(frame)

    def next_frame(self) -> Frame | None:
        """Return the next frame of the stream; None if none comes soon, or while `frozen`."""
        if self.frozen:
            time.sleep(_TICK)
            return None
        frame = self.stream.take(_TICK)
        if frame is None:
            self._lost = self._lost or self.stream.trouble != ""
        elif self._lost:
            self._lost, self._new_scene = False, frame.index
        return frame

    def look(self, frame: Frame) -> Moment:
        """Read and track one frame."""
        started = time.perf_counter()
        # After the stream was lost, a shape near the place of an earlier digit need not be that digit. The
        # index is compared because frames from before the loss may still be waiting, and those after it may
        # be overtaken.
        if self._new_scene is not None and frame.index >= self._new_scene:
            self._new_scene = None
            self._tracker.restart()
        region = self.region  # another thread may change it meanwhile
        if region != self._tracked:
            # In the pixels of the new region the same box is another place.
            self._tracked = region
            self._tracker.restart()
        x, y, picture = 0, 0, frame.image
        if region is not None:
            x, y, picture = cut(picture, region)
        reading = self._read(picture)
        read = time.perf_counter()
        if self.smoothing:
            steady = self._tracker.update(reading, frame.time)
        else:
            steady = Steady(reading.text, reading.digits)
        if region is not None:
            size = (frame.image.shape[1], frame.image.shape[0])
            rejected = _shifted(reading.rejected, x, y)
            reading = replace(reading, digits=_shifted(reading.digits, x, y), rejected=rejected, size=size)
            steady = replace(steady, digits=_shifted(steady.digits, x, y))
        tracked = time.perf_counter()
        changed, self._text = steady.text != self._text, steady.text
        self.frames += 1
        self.announced += changed and steady.text != ""
        stages = {"read": 1000 * (read - started), "track": 1000 * (tracked - read)}
        return Moment(frame, reading, steady, changed, stages)


def cut(picture: npt.NDArray[np.uint8], region: Box) -> tuple[int, int, npt.NDArray[np.uint8]]:
    """Return left, top and pixels of the part of the region that lies in the picture.

    Raises `UsageError` if no part does, as with a region that was given for another camera resolution.
    """
    height, width = picture.shape[:2]
    left, top = max(0, region[0]), max(0, region[1])
    part = picture[top : max(top, region[1] + region[3]), left : max(left, region[0] + region[2])]
    if part.size == 0:
        raise UsageError(
            "the region of interest is outside the picture",
            expected=f"x,y,width,height within {width}x{height}",
            received=",".join(map(str, region)),
        )
    return left, top, part


def _shifted(digits: tuple[Digit, ...], x: int, y: int) -> tuple[Digit, ...]:
    return tuple(replace(d, box=(d.box[0] + x, d.box[1] + y, d.box[2], d.box[3])) for d in digits)
