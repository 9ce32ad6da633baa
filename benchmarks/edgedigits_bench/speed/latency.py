"""How long calls take: back to back, side by side, and paced as a camera paces them.

Durations are whole nanoseconds. The clock is a parameter, so that the pacing can be tested without
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
"""Does one piece of work on the i-th picture; what is prepared beforehand is not timed."""


class Clock(Protocol):
    """Time as the measurements see it."""

    def now(self) -> int:
        """Nanoseconds of a clock that never goes back."""

    def cpu(self) -> int:
        """Nanoseconds of CPU time that this process has used, all its threads together."""

    def sleep(self, seconds: float) -> None:
        """Wait without using the CPU."""


class SystemClock:
    """The clock of this machine."""

    now = staticmethod(time.perf_counter_ns)
    cpu = staticmethod(time.process_time_ns)
    sleep = staticmethod(time.sleep)


@dataclass(frozen=True)
class Paced:
    """What became of frames that were due at a fixed rate."""

    rate: float
    """Frames a second."""
    scheduled: int
    latency: list[int]
    """Nanoseconds from the moment that a frame was due to its answer; one entry per answer."""
    service: list[int]
    """Nanoseconds from the start of the work to its answer, without the waking up before it."""
    late: int
    """Answers that came when the next frame was already due."""
    dropped: int
    """Frames that were never looked at, because a newer one had come before their turn."""
    cpu_share: float
    """CPU time over wall time, 1.0 being one core kept busy."""


def hot(call: Call, count: int, clock: Clock) -> list[int]:
    """Durations of `count` calls, each starting when the last one ended."""
    durations = []
    for index in range(count):
        began = clock.now()
        call(index)
        durations.append(clock.now() - began)
    return durations


def interleaved(
    calls: Mapping[str, Call], rounds: int, block: int, clock: Clock
) -> dict[str, list[list[int]]]:
    """Durations of several contenders under the same conditions: by name, by round, `block` calls each.

    In every round each contender has its turn, on the same pictures, and who begins rotates. A turn
    opens with one call that is not counted: it finds the caches full of the previous contender's
    data, which is not what "back to back" asks about.
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
    """Microseconds a call, the median of all that `interleaved` measures, by name."""
    found = interleaved(calls, rounds, block, clock)
    return {name: median(time for group in groups for time in group) / 1e3 for name, groups in found.items()}


def same(run: Callable[[T], object], given: T) -> Call:
    """A call that does the same work whatever the index."""
    return lambda _: run(given)


def paced(call: Call, count: int, rate: float, clock: Clock) -> Paced:
    """Offer `count` frames at `rate` a second and measure each answer from the time its frame was due.

    Measuring from due time keeps a stall visible in every frame that it delayed; measuring from the
    start of the work would hide it ("coordinated omission", Gil Tene). A frame whose successor is
    already due is dropped, as a live view does.
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
