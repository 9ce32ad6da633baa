"""Plot accuracy against time: the Pareto frontier of networks.

    python -m edgedigits_bench.speed.frontier [ENTRIES.json] [--record RESULT.json] --out frontier.png

RESULT is a record of `edgedigits bench --against ... --data ...`: our file and its peers, time per digit in a
page of ten. ENTRIES adds more: a list of {"name": str, "us": microseconds per digit, "accuracy": percent,
"kind": "ours" | "peer" | "tried"}, where "tried" marks candidates of a search. Needs matplotlib (extra
`bench`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgedigits.ending import ended
from edgedigits.errors import DataError, UsageError
from edgedigits_bench.speed.record import Record

_LOOKS = {"ours": ("#aa3344", "*", 220), "peer": ("#222222", "s", 45), "tried": ("#4477aa", "o", 28)}
_NAMED = 8
"""Up to this many tried networks are all named; of more, only those on the frontier."""
_WORDS = {"ours": "packaged", "peer": "peers", "tried": "tried"}


@dataclass(frozen=True)
class Entry:
    """A network on a runtime."""

    name: str
    us: float
    """Microseconds per digit, above 0."""
    accuracy: float
    """Percent, below 100."""
    kind: str = "tried"


def read(path: Path) -> list[Entry]:
    """Read entries from a JSON file; raises `DataError` naming the first that is wrong."""
    try:
        entries = [Entry(**item) for item in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise DataError(
            f"{path} contains no entries",
            expected='[{"name", "us", "accuracy", "kind"}]',
            received=str(error),
        ) from error
    for entry in entries:
        if entry.kind not in _LOOKS or not entry.us > 0 or not 0 <= entry.accuracy < 100:
            raise DataError(
                f"{path} has an entry that cannot be drawn",
                expected=f"kind one of {', '.join(_LOOKS)}, us above 0, accuracy in percent below 100",
                received=str(entry),
            )
    return entries


def of_record(record: Record) -> list[Entry]:
    """Return our file and the peers with an accuracy, at their time per digit in a batch of ten."""
    entries = []
    for name, facts in record.peers.items():
        series = record.series.get(f"peer {name} 10")
        if series is not None and facts.get("accuracy") is not None:
            us = series.summary().p50 / 10
            entries.append(Entry(name, us, facts["accuracy"], "ours" if name == "edgedigits" else "peer"))
    return entries


def frontier(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that no other beats or equals in both speed and accuracy, by time."""
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda e: (e.us, -e.accuracy)):
        if not kept or entry.accuracy > kept[-1].accuracy:
            kept.append(entry)
    return kept


def draw(entries: Sequence[Entry], path: Path, title: str) -> None:
    """Plot on logarithmic axes, accuracy as error, so that 99.5 and 99.6 % are visibly apart."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    figure = Figure(figsize=(9, 6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    best = frontier(entries)
    axes.step([e.us for e in best], [100 - e.accuracy for e in best], where="post", color="#bbbbbb", zorder=1)
    for kind, (colour, marker, size) in _LOOKS.items():
        some = [e for e in entries if e.kind == kind]
        if some:
            axes.scatter(
                [e.us for e in some],
                [100 - e.accuracy for e in some],
                s=size,
                c=colour,
                marker=marker,
                label=_WORDS[kind],
                zorder=3 if kind == "ours" else 2,
            )
    few = sum(e.kind == "tried" for e in entries) <= _NAMED
    for number, entry in enumerate(sorted(entries, key=lambda e: e.us)):
        if entry.kind != "tried" or entry in best or few:
            # Label peers below their points, in two rows, ours to the left: the points are close together.
            place = {"peer": (6, -12 - number % 2 * 10), "ours": (-12, -3), "tried": (0, 8)}[entry.kind]
            axes.annotate(
                entry.name,
                (entry.us, 100 - entry.accuracy),
                xytext=place,
                textcoords="offset points",
                fontsize=8,
                ha={"peer": "left", "ours": "right", "tried": "center"}[entry.kind],
            )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(x=0.15, y=0.1)
    axes.invert_yaxis()
    ticks = [digit * 10.0**power for power in range(-3, 6) for digit in (1, 2, 3, 4, 5, 7)]
    for axis, values in (
        (axes.xaxis, [e.us for e in entries]),
        (axes.yaxis, [100 - e.accuracy for e in entries]),
    ):
        inside = [tick for tick in ticks if min(values) <= tick <= max(values)]
        axis.set_major_locator(FixedLocator(ticks) if len(inside) > 1 else MaxNLocator(6))
        axis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda us, _: f"{us:g}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda error, _: f"{100 - error:.6g}"))
    axes.set_xlabel("µs a digit (log)")
    axes.set_ylabel("accuracy, % (log of the error)")
    axes.set_title(title)
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.speed.frontier")
    parser.add_argument("entries", type=Path, nargs="?")
    parser.add_argument("--record", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--force", action="store_true", help="replace the picture if it exists")
    parser.add_argument("--title", default="Accuracy against time")
    given = parser.parse_args()
    if os.path.lexists(given.out) and not given.force:
        raise UsageError(f"{given.out} exists", remedy="choose another --out, or replace it with --force")
    everything = of_record(Record.load(given.record)) if given.record else []
    draw(everything + (read(given.entries) if given.entries else []), given.out, given.title)


if __name__ == "__main__":
    sys.exit(ended(main))
