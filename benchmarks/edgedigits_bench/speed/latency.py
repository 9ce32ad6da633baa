"""Measure how long calls take: back to back, in turns, and at the pace of a camera.

Durations are integers in nanoseconds. The clock is a parameter, so that the pacing can be tested without
waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Protocol, TypeVar

T = TypeVar("T")
Call = Callable[[int], object]
"""Does one piece of work on picture i; preparations made beforehand are not timed."""


class Clock(Protocol):
    """Time as the measurements see it."""

    def now(self) -> int:
        """Return nanoseconds of a monotonic clock."""

    def cpu(self) -> int:
        """Return the CPU time of this process in nanoseconds, over all threads."""

    def sleep(self, seconds: float) -> None:
        """Wait without using the CPU."""


class SystemClock:
    """The clock of this machine."""

    now = staticmethod(time.perf_counter_ns)
    cpu = staticmethod(time.process_time_ns)
    sleep = staticmethod(time.sleep)


@dataclass(frozen=True)
class Paced:
    """What happened to frames that were due at a fixed rate."""

    rate: float
    """Frames per second."""
    scheduled: int
    latency: list[int]
    """Nanoseconds from the moment a frame was due to its answer; one entry per answer."""
    service: list[int]
    """Nanoseconds from the start of the work to its answer, without the wake-up before it."""
    late: int
    """Answers that came after the next frame was due."""
    dropped: int
    """Frames that were never processed, because a newer one arrived first."""
    cpu_share: float
    """CPU time over wall time; 1.0 is one core fully used."""


def hot(call: Call, count: int, clock: Clock) -> list[int]:
    """Return the durations of `count` calls, each starting when the last one ended."""
    durations = []
    for index in range(count):
        began = clock.now()
        call(index)
        durations.append(clock.now() - began)
    return durations


def interleaved(
    calls: Mapping[str, Call], rounds: int, block: int, clock: Clock
) -> dict[str, list[list[int]]]:
    """Time several contenders under the same conditions: durations by name and round, `block` calls each.

    In every round each contender has its turn, on the same pictures, and the order rotates. A turn
    begins with one uncounted call, which finds the caches full of the previous contender's data; that is
    not part of a back-to-back measurement.
    """
    durations: dict[str, list[list[int]]] = {name: [] for name in calls}
    order = list(calls)
    for turn in range(rounds):
        start = turn % len(order)
        for name in order[start:] + order[:start]:
            first = turn * block
            call = calls[name]
            call(first)
            durations[name].append(hot(lambda index, c=call, f=first: c(f + index), block, clock))  # type: ignore[misc]
    return durations


def medians(calls: Mapping[str, Call], rounds: int, block: int, clock: Clock) -> dict[str, float]:
    """Return microseconds per call by name: the median of all that `interleaved` measures."""
    found = interleaved(calls, rounds, block, clock)
    return {name: median(time for group in groups for time in group) / 1e3 for name, groups in found.items()}


def same(run: Callable[[T], object], given: T) -> Call:
    """Return a call that does the same work for every index."""
    return lambda _: run(given)


def paced(call: Call, count: int, rate: float, clock: Clock) -> Paced:
    """Offer `count` frames at `rate` per second and time each answer from the moment its frame was due.

    Timing from the due time shows a stall in every frame that it delayed; timing from the start of the
    work would hide it ("coordinated omission", Gil Tene). A frame is dropped if its successor is already
    due, as in a live view.
    """
    period = 1e9 / rate
    latency: list[int] = []
    service: list[int] = []
    late = dropped = index = 0
    cpu_before, wall_before = clock.cpu(), clock.now()
    start = wall_before + round(period)
    while index < count:
        while (wait := start + round(index * period) - clock.now()) > 0:
            clock.sleep(wait / 1e9)
        began = clock.now()
        newest = min(count - 1, int((began - start) // period))
        if newest > index:
            dropped += newest - index
            index = newest
        due = start + round(index * period)
        call(index)
        done = clock.now()
        latency.append(done - due)
        service.append(done - began)
        late += done - due > period
        index += 1
    cpu_share = (clock.cpu() - cpu_before) / (clock.now() - wall_before)
    return Paced(rate, count, latency, service, late, dropped, cpu_share)
