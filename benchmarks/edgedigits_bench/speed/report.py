"""Print a record as tables: plain for the terminal, Markdown for the documents.

    python -m edgedigits_bench.speed.report benchmarks/results/MACHINE.json [--brief]

prints the Markdown, so that what a document quotes is what was measured.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from edgedigits.ending import ended
from edgedigits_bench.live import score as live_score
from edgedigits_bench.speed.layout import Table, aligned, number, piped
from edgedigits_bench.speed.record import Record
from edgedigits_bench.speed.stats import Summary, median, paired_change

_HEAD = ["n", "p50", "p90", "p99", "max"]
TELLING: Final = ("classify 1", "classify 10", "page", "page threshold", "photo", "photo threshold")
"""The series of calls in a brief report."""


def back_to_back(record: Record, *, brief: bool = False) -> Table:
    """Return a row per series that is not a peer's, or only `TELLING` ones; microseconds per call."""
    own = [
        series
        for name, series in record.series.items()
        if not name.startswith("peer ") and (not brief or name in TELLING)
    ]
    processes = max((len(series.samples) for series in own), default=0)
    rows = [[f"back to back, {processes} processes, µs a call", *_HEAD, "p50 a digit"]]
    for series in own:
        found = series.summary()
        each = number(found.p50 / series.per) if series.per > 1 else ""
        rows.append([series.what, *_cells(found), each])
    return rows


def paced(record: Record) -> Table:
    """Return two rows per paced run, from due time and the work alone; µs."""
    rows = [["paced, µs", *_HEAD, "late", "dropped", "CPU of one core"]]
    for run in record.paced.values():
        rate = f"{run.rate:g} Hz"
        share = f"{100 * run.cpu_share:.1f} %"
        rows.append(
            [
                f"{run.what}, {rate}, from due time",
                *_cells(run.summary()),
                str(run.late),
                str(run.dropped),
                share,
            ]
        )
        rows.append([f"{run.what}, {rate}, work alone", *_cells(run.service_summary()), "", "", ""])
    return rows


def memory(record: Record) -> Table:
    """Return the resident memory in MiB."""
    words = {
        "floor": "import numpy, cv2, onnxruntime",
        "steady": "reading 640x480 pages, at the end",
        "peak": "reading 640x480 pages, highest",
        "peak at 12 megapixels": "reading a 12-megapixel picture, highest",
    }
    rows = [["resident memory", "MiB"]]
    return rows + [[words.get(name, name), number(value)] for name, value in record.memory_mb.items()]


def peers(record: Record) -> Table:
    """Return our file and its peers, timed in turns in one process; ratios with 95 % intervals."""
    rows = [
        [
            "in turns, µs a digit",
            "batch 1, p50",
            "batch 10, p50",
            "ours / theirs, 1",
            "ours / theirs, 10",
            "MNIST test %",
            "kB",
        ]
    ]
    for name, facts in record.peers.items():
        if "unavailable" in facts:
            rows.append([f"{name} (not measured: {facts['unavailable']})", "", "", "", "", "", ""])
            continue
        cells = [f"{name}: {facts['what']}"]
        for batch in (1, 10):
            series = record.series.get(f"peer {name} {batch}")
            cells.append(number(median(series.microseconds) / batch) if series else "")
        cells += [_ratio(record, name, batch) for batch in (1, 10)]
        accuracy, size = facts.get("accuracy"), facts.get("bytes")
        cells.append(f"{accuracy:.2f}" if accuracy is not None else facts.get("no_accuracy", ""))
        cells.append(f"{size / 1000:.0f}" if size else "")
        rows.append(cells)
    return rows if len(rows) > 1 else []


def ratios(record: Record) -> Table:
    """Return the ratios that the project has targets for."""

    def p50(name: str) -> float:
        return record.series[name].summary().p50

    rows = [["ratio of medians", ""]]
    if "infer 10" in record.series:
        rows.append(
            [
                "a digit of a batch of 10 / a digit alone, inference",
                number(p50("infer 10") / 10 / p50("infer 1")),
            ]
        )
    for label in ("page", "photo"):
        if label in record.series:
            what = record.series[label].what
            rows.append(
                [f"{what} / one adaptive threshold of it", number(p50(label) / p50(f"{label} threshold"))]
            )
    for run in record.paced.values():
        found = run.summary()
        rows.append([f"{run.what} at {run.rate:g} Hz, p99 / p50", number(found.p99 / found.p50)])
    return rows if len(rows) > 1 else []


def bulk(record: Record) -> Table:
    """Return pictures per second through `predict`, against decoding the same files."""
    if not record.bulk:
        return []
    rows = [
        [
            f"{record.bulk['pictures']:,} {record.bulk['what']}, a second",
            "read",
            "decoded only",
            "read / decoded",
        ]
    ]
    rates = record.bulk["a_second"]
    for jobs, rate in rates.items():
        share = f"{rate['read'] / rate['decode']:.2f}"
        rows.append([f"--jobs {jobs}", number(rate["read"]), number(rate["decode"]), share])
    one, many = rates["1"], next(reversed(rates.values()))
    gains = [f"{many[kind] / one[kind]:.2f}" for kind in ("read", "decode")]
    rows.append([f"--jobs {next(reversed(rates))} against --jobs 1", *gains, ""])
    return rows


def preamble(record: Record) -> list[str]:
    """Return what was measured, on what, and how, one fact per line."""
    machine, model, state = record.machine, record.model, record.state_before
    kind = "virtual, " if machine["virtual"] else ""
    packages = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    lines = [
        f"model: {model['file']}, {model['precision']}, {model['bytes']:,} bytes, "
        f"sha256 {model['sha256'][:16]}",
        f"machine: {machine['name']} ({kind}{machine['cores']} cores, {machine['architecture']}, "
        f"{' '.join(machine['cpu_flags']) or 'no relevant CPU flags'}), {machine['memory_mb']:,} MiB",
        f"system: {machine['os']}, kernel {machine['kernel']}, {machine['python']}",
        f"packages: {packages}",
        f"settings: {record.settings['onnxruntime_threads']} thread(s), onnxruntime not spinning",
        f"governor: {_told(state['governor'])}; temperature before and after: "
        f"{_told(state['temperature_c'])}, {_told(record.state_after.get('temperature_c'))}; "
        f"throttling: {_throttling(record.state_after.get('throttled'))}; "
        f"load average before: {_told(state['load_average'])}",
        f"started {record.started}: {record.command}",
    ]
    if model.get("accuracy"):
        found = ", ".join(f"{name} {value:.2f} %" for name, value in model["accuracy"].items())
        lines.insert(1, f"accuracy, as the file says: {found}")
    if record.quick:
        lines.append("QUICK RUN: too few samples to quote")
    return lines + [f"WARNING: {warning}" for warning in record.warnings]


def tables(record: Record, *, brief: bool = False) -> list[Table]:
    """Return all tables that have rows; `brief` leaves out the less important ones."""
    made = [back_to_back(record, brief=brief), *([] if brief else [paced(record)])]
    made += [ratios(record), memory(record), peers(record), bulk(record), *live_score.tables(record.live)]
    return [table for table in made if len(table) > 1]


def plain(record: Record) -> str:
    """Return the report for a terminal."""
    parts = ["\n".join(preamble(record)), *(aligned(table) for table in tables(record))]
    return "\n\n".join(parts)


def markdown(record: Record, *, brief: bool = False) -> str:
    """Return the report for a document."""
    facts = "\n".join(f"- {line}" for line in preamble(record))
    return "\n\n".join([*map(piped, tables(record, brief=brief)), facts])


def _cells(found: Summary) -> list[str]:
    return [f"{found.n:,}", *map(number, (found.p50, found.p90, found.p99, found.maximum))]


def _ratio(record: Record, name: str, batch: int) -> str:
    """Return our time over theirs, below 1 if ours is faster."""
    ours, theirs = record.series.get(f"peer edgedigits {batch}"), record.series.get(f"peer {name} {batch}")
    if name == "edgedigits" or ours is None or theirs is None:
        return ""
    change = paired_change(theirs.samples, ours.samples)
    return f"{1 + change.change:.2f} ({1 + change.low:.2f}-{1 + change.high:.2f})"


def _told(value: object) -> str:
    return "unknown" if value is None else str(value)


def _throttling(items: Sequence[str] | None) -> str:
    return "unknown" if items is None else ", ".join(items) or "none"


def main() -> None:
    """Run the command line."""
    flags, files = ({*sys.argv[1:]} & {"--brief"}, [word for word in sys.argv[1:] if word != "--brief"])
    if len(files) != 1:
        sys.exit("usage: python -m edgedigits_bench.speed.report RESULT.json [--brief]")
    print(markdown(Record.load(Path(files[0])), brief=bool(flags)))


if __name__ == "__main__":
    sys.exit(ended(main))
