"""Run the measurements: which process measures what, and how its samples become a record."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edgedigits_bench.speed import machine, worker
from edgedigits_bench.speed.latency import Paced
from edgedigits_bench.speed.record import PacedSeries, Record, Series

FRAME = (640, 480)
PHOTO = (4000, 3000)
"""12 megapixels, as delivered by a Pi's camera module 3 and most phones."""
RATE = 30.0

_CLASSIFY = {
    "classify 1": ("Classifier.predict, 1 digit", 1),
    "classify 10": ("Classifier.predict, batch of 10", 10),
    "infer 1": ("inference alone, 1 digit", 1),
    "infer 10": ("inference alone, batch of 10", 10),
    "canonical": ("canonical: one 96x96 crop to 28x28", 1),
}
_STAGES = {
    "segment": "segment: ink, pieces and their frames",
    "classify": "classify: Classifier.predict",
    "order": "order: lines and results",
}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How many samples of each kind."""

    processes: int = 10
    rounds: int = 5
    """Rounds of `block` calls, per process and kind of call."""
    block: int = 20
    pages: int = 100
    """640x480 pages per process."""
    photos: int = 10
    """12-megapixel pages per process."""
    paced: int = 1000
    memory: int = 200


FULL = Plan()
QUICK = Plan(processes=3, rounds=2, block=20, pages=20, photos=1, paced=60, memory=20)


def begin(command: str, classifier: Any, threads: int, quick: bool) -> Record:
    """Return a record without figures; `classifier` is the loaded `Classifier`."""
    facts = classifier.contract
    return Record(
        command=command,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        quick=quick,
        machine=machine.describe(),
        state_before=machine.state(),
        state_after={},
        warnings=[],
        versions=machine.versions(),
        settings={"onnxruntime_threads": threads, "opencv_threads": threads, "spinning": False},
        model={
            "file": classifier.path.name,
            "sha256": classifier.sha256,
            "bytes": classifier.bytes,
            "precision": facts.precision,
            "name": facts.name,
            "version": facts.version,
            "architecture": facts.architecture,
            "accuracy": facts.accuracy,
        },
    )


def end(record: Record) -> None:
    """Record the machine's state after the run, and what it means for the figures."""
    record.state_after = machine.state()
    record.warnings = machine.warnings(record.state_before, record.state_after, record.machine["cores"])


def latency(record: Record, model: str | None, threads: int, plan: Plan, say: Say) -> None:
    """Measure everything about one model: back to back, paced, loading, memory."""
    common: dict[str, object] = {"model": model, "threads": threads}
    say(f"back to back, {plan.processes} processes")
    runs = [
        worker.spawn("classify", **common, seed=seed, rounds=plan.rounds, block=plan.block)
        for seed in range(plan.processes)
    ]
    record.series["load"] = Series.of("Classifier.load", 0, [[run["load"]] for run in runs])
    record.series["first call"] = Series.of("first call, 1 digit", 1, [run["warm_up"][:1] for run in runs])
    record.series["warm-up"] = Series.of(
        f"calls 2 to {worker.WARM_UP}, 1 digit", 1, [run["warm_up"][1:] for run in runs]
    )
    for name, (what, per) in _CLASSIFY.items():
        record.series[name] = Series.of(what, per, [run["durations"][name] for run in runs])
    for label, size, count in (("page", FRAME, plan.pages), ("photo", PHOTO, plan.photos)):
        say(f"pages of {size[0]}x{size[1]}")
        _pages(record, common, label, size, count, plan.processes)
    for what in ("classify", "read"):
        say(f"{what} at {RATE:g} Hz, {plan.paced / RATE:.0f} s")
        answer = worker.spawn("pace", **common, count=plan.paced, rate=RATE, what=what)
        subject = "1 digit" if what == "classify" else "640x480 page, 10 digits"
        record.paced[what] = PacedSeries.of(subject, Paced(**answer))
    say("memory")
    _memory(record, common, plan.memory)


def _pages(
    record: Record, common: dict[str, object], label: str, size: tuple[int, int], count: int, processes: int
) -> None:
    runs = [worker.spawn("read", **common, seed=seed, count=count, size=size) for seed in range(processes)]
    kind = f"{size[0]}x{size[1]} page, 10 digits"
    record.series[f"{label} first"] = Series.of(
        f"Reader.read, first {kind}", 10, [r["warm_up"][:1] for r in runs]
    )
    record.series[label] = Series.of(f"Reader.read, {kind}", 10, [r["durations"]["read"] for r in runs])
    for stage, words in _STAGES.items():
        record.series[f"{label} {stage}"] = Series.of(
            f"of that, {words}", 10, [r["stages"][stage] for r in runs]
        )
    record.series[f"{label} threshold"] = Series.of(
        f"yardstick: cv2.adaptiveThreshold, mean 31x31, {size[0]}x{size[1]}",
        0,
        [r["durations"]["threshold"] for r in runs],
    )


def _memory(record: Record, common: dict[str, object], count: int) -> None:
    import cv2

    from edgedigits_bench.drawn.pages import page

    floor = worker.spawn("memory", **common, picture=None, count=0)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "page.png", Path(folder) / "photo.jpg"
        cv2.imwrite(str(small), page(0, size=FRAME))
        cv2.imwrite(str(large), page(0, size=PHOTO))
        reading = worker.spawn("memory", **common, picture=str(small), count=count)
        photo = worker.spawn("memory", **common, picture=str(large), count=3)
    record.memory_mb = {
        "floor": round(floor["peak"], 1),
        "steady": round(reading.get("now", reading["peak"]), 1),
        "peak": round(reading["peak"], 1),
        "peak at 12 megapixels": round(photo["peak"], 1),
    }
