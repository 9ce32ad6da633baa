"""A run's figures on disk: every sample as measured, with all that is needed to repeat the run.

Samples are integers in units of 0.1 microseconds, about five characters each, so that ten thousand of them
still make a file that can be committed and read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from edgedigits.errors import DataError
from edgedigits_bench.speed.latency import Paced
from edgedigits_bench.speed.stats import Summary, summarize

SCHEMA = 1
_TICK = 100
"""Nanoseconds per unit of the file."""


@dataclass(frozen=True)
class Series:
    """Durations of one kind of call."""

    what: str
    """What one call does, in words."""
    per: int
    """Digits per call; 0 if a call is not about digits."""
    samples: list[list[int]]
    """Units of 0.1 µs, grouped by process or by round."""

    @classmethod
    def of(cls, what: str, per: int, groups_ns: Sequence[Sequence[int]]) -> Self:
        """Make a series from groups of durations in nanoseconds."""
        return cls(what, per, [[round(ns / _TICK) for ns in group] for group in groups_ns])

    @property
    def microseconds(self) -> list[float]:
        """Return all samples."""
        return [tick / 10 for group in self.samples for tick in group]

    def summary(self) -> Summary:
        """Return percentiles of all samples, in microseconds per call."""
        return summarize(self.microseconds)


@dataclass(frozen=True)
class PacedSeries:
    """Answers at a fixed rate; samples are from due time, in units of 0.1 µs."""

    what: str
    rate: float
    scheduled: int
    late: int
    dropped: int
    cpu_share: float
    latency: list[int]
    service: list[int]

    @classmethod
    def of(cls, what: str, run: Paced) -> Self:
        """Make a series from a run in nanoseconds."""
        return cls(
            what,
            run.rate,
            run.scheduled,
            run.late,
            run.dropped,
            round(run.cpu_share, 5),
            [round(ns / _TICK) for ns in run.latency],
            [round(ns / _TICK) for ns in run.service],
        )

    def summary(self) -> Summary:
        """Return percentiles from due time, in microseconds."""
        return summarize([tick / 10 for tick in self.latency])

    def service_summary(self) -> Summary:
        """Return percentiles of the work alone, in microseconds."""
        return summarize([tick / 10 for tick in self.service])


@dataclass
class Record:
    """One run of `edgedigits bench`."""

    command: str
    started: str
    """ISO 8601, UTC."""
    quick: bool
    """Whether there were fewer samples than a quotable figure needs."""
    machine: dict[str, Any]
    state_before: dict[str, Any]
    state_after: dict[str, Any]
    warnings: list[str]
    versions: dict[str, str]
    settings: dict[str, Any]
    model: dict[str, Any]
    series: dict[str, Series] = field(default_factory=dict)
    paced: dict[str, PacedSeries] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    peers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By name: description, precision, bytes, accuracy; or `unavailable` with the reason."""
    bulk: dict[str, Any] = field(default_factory=dict)
    """Pictures per second, for reading and for decoding alone, by number of processes."""
    live: dict[str, Any] = field(default_factory=dict)
    """The result of `live.cost.measure`, and `clips`: scores by kind of clip."""
    schema: int = SCHEMA

    def save(self, path: Path) -> None:
        """Write JSON, with one line per field of each part, and one per long list of samples."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_render(asdict(self)) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that `save` wrote; raises `DataError` for anything else."""
        try:
            values = json.loads(path.read_text("utf-8"))
            if not isinstance(values, dict) or values.get("schema") != SCHEMA:
                raise ValueError(f"no schema {SCHEMA}")
            values["series"] = {name: Series(**item) for name, item in values["series"].items()}
            values["paced"] = {name: PacedSeries(**item) for name, item in values["paced"].items()}
            return cls(**values)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DataError(
                f"{path} is not a record of figures",
                expected="a JSON file written by this version of `edgedigits bench`",
                received=str(error),
            ) from error


def _render(value: object, depth: int = 0) -> str:
    if isinstance(value, dict) and value:
        inner = ",\n".join(
            " " * (depth + 1) + json.dumps(key) + ": " + _render(item, depth + 1)
            for key, item in value.items()
        )
        return "{\n" + inner + "\n" + " " * depth + "}"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
