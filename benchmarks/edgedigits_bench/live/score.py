"""Score the announcements over a clip against the timeline of what was in view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from edgedigits_bench.live.clips import Interval

IN_TIME: Final = 0.5
"""Seconds after the start of an interval within which its text must be announced."""


@dataclass(frozen=True)
class Event:
    """A change of the announced text."""

    time: float
    text: str


@dataclass(frozen=True)
class Score:
    """What matters to a viewer."""

    intervals: int
    in_time: int
    """Intervals whose text was announced within `IN_TIME` of the start."""
    late: int
    """Intervals whose text was announced later, but before their end."""
    delays: tuple[float, ...]
    """Seconds from the start to the announcement, for announced texts; 0 if it already stood."""
    unsteady: int
    """Changes away from the right text within intervals, after it had been announced."""
    wrong: int
    """Announcements, at any time, of a digit that is in neither neighbouring interval."""

    def __add__(self, other: Score) -> Score:
        return Score(
            self.intervals + other.intervals,
            self.in_time + other.in_time,
            self.late + other.late,
            self.delays + other.delays,
            self.unsteady + other.unsteady,
            self.wrong + other.wrong,
        )

    def __str__(self) -> str:
        ordered = sorted(self.delays)
        delays = f"delay median {ordered[len(ordered) // 2]:.2f} max {ordered[-1]:.2f} s" if ordered else ""
        return (
            f"{self.in_time}/{self.intervals} in time, {self.late} late, {self.unsteady} unsteady, "
            f"{self.wrong} wrong, {delays}"
        )


def score(events: Sequence[Event], timeline: Sequence[Interval]) -> Score:
    """Compare; `events` are in order of time, and the text before the first one is empty."""
    delays = []
    unsteady = 0
    for interval in timeline:
        spans = [s for s in _spans(events) if s[2] == interval.text and s[1] > interval.start]
        first = next((s for s in spans if s[0] <= interval.end), None)
        if first is None:
            continue
        delays.append(max(0.0, first[0] - interval.start))
        # Changes at or after the interval's end belong to what comes into view next.
        unsteady += sum(
            first[0] < event.time < interval.end and event.text != interval.text for event in events
        )
    wrong = sum(not _explained(event, timeline) for event in events)
    in_time = sum(delay <= IN_TIME + 1e-6 for delay in delays)
    return Score(len(timeline), in_time, len(delays) - in_time, tuple(delays), unsteady, wrong)


def _spans(events: Sequence[Event]) -> list[tuple[float, float, str]]:
    ends = [event.time for event in events[1:]] + [float("inf")]
    return [(event.time, end, event.text) for event, end in zip(events, ends, strict=False)]


def _explained(event: Event, timeline: Sequence[Interval]) -> bool:
    """Whether the intervals around the event, the latest begun and the next, contain all its digits."""
    before = [interval for interval in timeline if interval.start <= event.time]
    after = [interval for interval in timeline if interval.start > event.time]
    known = Counter("".join(interval.text for interval in before[-1:] + after[:1]))
    if len(before) > 1 and event.time <= before[-1].start + IN_TIME:
        known += Counter(before[-2].text)  # the text before may take as long to disappear
    return not Counter(event.text.replace("\n", "")) - known


def tables(live: dict[str, Any]) -> list[list[list[str]]]:
    """Return tables of `Record.live`: the cost of the loop, and the scores of the clips if there are any."""
    return [_costs(live), _clips(live.get("clips", {}))] if live else []


def _costs(found: dict[str, Any]) -> list[list[str]]:
    pace = f"{found['fps']} frames/s" if found["realtime"] else "as fast as possible"
    memory = growth = "unknown"  # without /proc, or if the run ended before the first sample
    if found["rss_mb_max"]:
        memory = f"{found['rss_mb_max']:.0f} MB"
        growth = f"{found['rss_mb_growth_last_quarter']:.1f} MB"
    return [
        [f"webcam, {found['video_s']:g} s of 640x480, 10 digits, {pace}", ""],
        [f"CPU of one core at {found['fps']} frames/s, after the start", f"{found['cpu_percent']:.1f} %"],
        ["CPU of the start", f"{found['start_cpu_s']:.2f} s"],
        ["resident memory, highest", memory],
        ["growth of its median, last quarter of the run", growth],
    ]


def _clips(scores: dict[str, dict[str, Any]]) -> list[list[str]]:
    rows = [["generated clips", "texts", "in time", "late", "unsteady", "wrong", "delay, s, p50", "max"]]
    for name, found in scores.items():
        delays = sorted(found["delays"]) or [float("nan")]
        counts = [str(found[key]) for key in ("intervals", "in_time", "late", "unsteady", "wrong")]
        rows.append([name, *counts, f"{delays[len(delays) // 2]:.2f}", f"{delays[-1]:.2f}"])
    return rows
