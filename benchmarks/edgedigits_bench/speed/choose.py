"""Advise which of several model files to use on this machine."""

from __future__ import annotations

from pathlib import Path

from edgedigits.classifier import Classifier
from edgedigits_bench.speed.layout import Table, number
from edgedigits_bench.speed.peers import Peer, of_file
from edgedigits_bench.speed.record import Record, Series
from edgedigits_bench.speed.stats import Interval, paired_change

WORTH = 0.1
"""Points of accuracy from which a slower file is worth mentioning."""


def contenders(paths: list[Path], threads: int) -> dict[str, Peer | str]:
    """Return the files by name, checked by the loader; raises `ModelError` for one that is not ours."""
    found: dict[str, Peer | str] = {}
    for path in paths:
        name = path.name if path.name not in found else str(path)
        precision = Classifier.load(path).contract.precision
        found[name] = of_file(path, threads, f"{precision}, {path}")
    return found


def table(record: Record) -> Table:
    """Return each file's time for one digit and for a page of ten, its size and its accuracy."""
    rows = [["µs a digit, p50", "1 digit", "batch of 10", "kB", "accuracy %"]]
    for name, facts in record.peers.items():
        times = [number(record.series[f"peer {name} {n}"].summary().p50 / n) for n in (1, 10)]
        accuracy = f"{facts['accuracy']:.2f}" if "accuracy" in facts else "not measured"
        rows.append(
            [f"{name} ({facts['what'].partition(',')[0]})", *times, f"{facts['bytes'] / 1000:.0f}", accuracy]
        )
    return rows


def advice(record: Record) -> list[str]:
    """Return sentences that say which file to use here, by how much and why.

    A page is one batch, so the batch of ten decides. Where it shows no difference, the smaller file is
    advised.
    """
    names = list(record.peers)
    medians = {name: _series(record, name, 10).summary().p50 for name in names}
    fastest = min(names, key=lambda name: medians[name])
    alike = [name for name in names if name == fastest or not _slower(record, name, fastest).real]
    chosen = min(alike, key=lambda name: record.peers[name]["bytes"])
    sentences = [f"use {chosen}"]
    for name in names:
        if name == chosen:
            continue
        change = _slower(record, name, chosen)
        if change.real:
            sentences.append(
                f"{name} takes {1 + change.change:.2f} times as long for ten digits "
                f"(95 % interval {1 + change.low:.2f} to {1 + change.high:.2f})"
            )
        else:
            sentences.append(f"as far as this run can show, {name} is just as fast, but larger")
        better = record.peers[name].get("accuracy", 0) - record.peers[chosen].get("accuracy", 0)
        if better > WORTH:
            sentences.append(f"but {name} is {better:.2f} points more accurate: use it if time allows")
    return sentences


def _slower(record: Record, name: str, than: str) -> Interval:
    return paired_change(_series(record, than, 10).samples, _series(record, name, 10).samples)


def _series(record: Record, name: str, batch: int) -> Series:
    return record.series[f"peer {name} {batch}"]
