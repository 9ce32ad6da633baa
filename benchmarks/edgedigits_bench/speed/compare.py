"""Decide whether one run is faster than another, or only by chance."""

from __future__ import annotations

from edgedigits_bench.speed.layout import Table, number
from edgedigits_bench.speed.record import Record, Series
from edgedigits_bench.speed.stats import PAIRS, Interval, median, paired_change

_FACTS = (
    ("machine", "name"), ("machine", "kernel"), ("machine", "python"), ("model", "sha256"),
)  # fmt: skip


def differences(before: Record, after: Record) -> list[str]:
    """Return sentences on everything, besides what is being compared, that differed between the runs."""
    found = []
    for part, name in _FACTS:
        first, last = getattr(before, part)[name], getattr(after, part)[name]
        if first != last:
            found.append(f"{part} {name}: {first} -> {last}")
    for package in sorted(before.versions.keys() | after.versions.keys()):
        first, last = before.versions.get(package, "absent"), after.versions.get(package, "absent")
        if first != last:
            found.append(f"{package}: {first} -> {last}")
    if before.settings != after.settings:
        found.append(f"settings: {before.settings} -> {after.settings}")
    for name, record in (("first", before), ("second", after)):
        found += [f"{name} run: {warning}" for warning in record.warnings]
        if record.quick:
            found.append(f"{name} run: quick, too few samples to quote")
    return found


def table(before: Record, after: Record) -> Table:
    """Return a row per series that both runs have and that can be paired: medians, change, verdict."""
    rows: Table = [["µs a call, p50", "first", "second", "change", "95 % interval", "verdict"]]
    disturbed = ", but a run was disturbed" if before.warnings or after.warnings else ""
    for name in before.series:
        if name not in after.series:
            continue
        first, second = before.series[name], after.series[name]
        change = _change(first, second)
        cells = [first.what, number(median(first.microseconds)), number(median(second.microseconds))]
        if change is None:
            counts = f"{len(first.samples)} and {len(second.samples)} groups of samples"
            rows.append(
                [*cells, "", "", f"undecided: {counts}; equal numbers of at least {PAIRS} are needed"]
            )
        else:
            cells += [percent(change.change), f"{percent(change.low)} to {percent(change.high)}"]
            rows.append([*cells, verdict(change) + disturbed])
    return rows


def verdict(change: Interval) -> str:
    """Say in words what the interval allows to conclude."""
    if not change.real:
        return "no change that these runs can show"
    return "slower" if change.change > 0 else "faster"


def percent(share: float) -> str:
    """Format a share: 0.0123 -> `+1.2 %`."""
    return f"{100 * share:+.1f} %"


def _change(first: Series, second: Series) -> Interval | None:
    if len(first.samples) != len(second.samples) or len(first.samples) < PAIRS:
        return None
    return paired_change(first.samples, second.samples)
