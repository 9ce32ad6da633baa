"""Loops and pacing under a clock that moves only when told to."""

from __future__ import annotations

import pytest

from edgedigits_bench.speed.latency import hot, interleaved, paced

MS = 1_000_000


class FakeClock:
    """Time passes only while sleeping and working; working also uses CPU time."""

    def __init__(self, oversleep: int = 0) -> None:
        self.time = 12_345
        self.used = 0
        self.oversleep = oversleep

    def now(self) -> int:
        return self.time

    def cpu(self) -> int:
        return self.used

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += round(seconds * 1e9) + self.oversleep

    def work(self, nanoseconds: int) -> None:
        self.time += nanoseconds
        self.used += nanoseconds


def test_hot_measures_each_call_and_nothing_else() -> None:
    clock = FakeClock()
    assert hot(lambda index: clock.work(10 * (index + 1)), 4, clock) == [10, 20, 30, 40]


def test_interleaved_rotates_and_warms() -> None:
    clock, log = FakeClock(), []

    def call(name: str, cost: int, index: int) -> None:
        log.append((name, index))
        # The first call of a turn finds cold caches.
        cold = len(log) < 2 or log[-2][0] != name
        clock.work(cost * (100 if cold else 1))

    found = interleaved(
        {"a": lambda index: call("a", 1, index), "b": lambda index: call("b", 2, index)}, 2, 3, clock
    )
    assert found == {"a": [[1, 1, 1], [1, 1, 1]], "b": [[2, 2, 2], [2, 2, 2]]}
    turns = [name for place, (name, _) in enumerate(log) if place == 0 or log[place - 1][0] != name]
    assert turns == ["a", "b", "a"], "who ended one round begins the next"
    assert [index for name, index in log if name == "a"] == [0, 0, 1, 2, 3, 3, 4, 5]


def test_paced_waits_for_each_frame() -> None:
    clock = FakeClock()
    run = paced(lambda index: clock.work(2 * MS), 50, 25, clock)
    assert run.latency == run.service == [2 * MS] * 50
    assert (run.scheduled, run.late, run.dropped) == (50, 0, 0)
    # 50 frames of 40 ms with 2 ms of work each; the time after the last frame is not waited for.
    assert run.cpu_share == pytest.approx(100 / (50 * 40 + 2))


def test_latency_counts_from_due_time_and_includes_waking_up() -> None:
    clock = FakeClock(oversleep=MS)
    run = paced(lambda index: clock.work(2 * MS), 10, 25, clock)
    assert run.latency == [3 * MS] * 10
    assert run.service == [2 * MS] * 10


def test_an_answer_is_late_by_the_time_that_its_frame_was_due() -> None:
    """30 ms of work fit into a period of 40 ms, but not if they start 15 ms late."""
    clock = FakeClock(oversleep=15 * MS)
    run = paced(lambda index: clock.work(30 * MS), 10, 25, clock)
    assert [ns // MS for ns in run.latency] == [45, 35] * 5
    assert (run.late, run.dropped) == (5, 0)


def test_a_stall_delays_the_next_frame_and_is_seen_there() -> None:
    """Timed from the start of the work, frame 4 would look fast (coordinated omission)."""
    clock = FakeClock()
    run = paced(lambda index: clock.work((70 if index == 3 else 10) * MS), 8, 25, clock)
    assert [ns // MS for ns in run.latency] == [10, 10, 10, 70, 40, 10, 10, 10]
    assert [ns // MS for ns in run.service] == [10, 10, 10, 70, 10, 10, 10, 10]
    assert (run.late, run.dropped) == (1, 0)


def test_frames_that_a_newer_one_has_overtaken_are_dropped_and_counted() -> None:
    clock, seen = FakeClock(), []

    def call(index: int) -> None:
        seen.append(index)
        clock.work((130 if index == 2 else 5) * MS)

    run = paced(call, 10, 25, clock)
    # Frame 2 is answered 130 ms after it was due: 3 and 4 have been replaced by then, 5 has waited 10 ms.
    assert seen == [0, 1, 2, 5, 6, 7, 8, 9]
    assert run.dropped == 2
    assert [ns // MS for ns in run.latency] == [5, 5, 130, 15, 5, 5, 5, 5]
    assert len(run.latency) + run.dropped == run.scheduled


def test_work_that_never_keeps_up_drops_most_frames_and_ends() -> None:
    clock = FakeClock()
    run = paced(lambda index: clock.work(100 * MS), 30, 25, clock)
    assert run.late == len(run.latency)
    assert len(run.latency) + run.dropped == 30
    assert run.cpu_share > 0.9
