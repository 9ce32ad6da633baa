"""Print a committed evaluation as a Markdown table, for the README and the model card.

python -m edgedigits_train.reports.markdown benchmarks/results/evaluation.json [--brief]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edgedigits.ending import ended
from edgedigits_train.reports.records import read_record


def decimals(unit: str) -> int:
    """Return the number of decimals for figures of a unit."""
    return 1 if unit == "kB" else 2


def is_judged(row: Mapping[str, Any]) -> bool:
    """Whether a row has a target or sums up a suite; other rows are parts of a suite, or notes."""
    return row["target"] is not None or "suite" in row["name"]


def markdown(record: Mapping[str, Any], *, brief: bool = False) -> str:
    """Return the rows of `edgedigits evaluate --json` with their targets, marking those that are missed.

    `brief` leaves out parts of suites and notes.
    """
    lines = ["| what | measured | target | |", "|---|---:|---:|---|"]
    for row in record["rows"]:
        if row["value"] is None or (brief and not is_judged(row)):
            continue
        measured = f"{row['value']:.{decimals(row['unit'])}f} {row['unit']}"
        if row["margin"] is not None:
            measured += f" ± {row['margin']:.2f}"
        target = verdict = ""
        if row["target"] is not None:
            sign = "≥" if row["target"]["at_least"] else "≤"
            target = f"{sign} {row['target']['limit']:g} {row['unit']}"
            verdict = "met" if row["met"] else "missed"
        lines.append(f"| {row['name']} | {measured} | {target} | {verdict} |")
    lines.append("")
    lines.append(
        f"`{Path(record['model']).name}`, sha256 `{record['sha256'][:16]}…`, on {record['count']:,} "
        f"{record['split']} pictures of {record['data']}, this one file; ± is the 95 % interval of that many "
        f"pictures. The command: `{_command(record)}`."
    )
    return "\n".join(lines)


def _command(record: Mapping[str, Any]) -> str:
    """Return the command that reproduces every row of the record."""
    flags = ["--data mnist.npz"]
    if record["split"] != "test":
        flags.append(f"--split {record['split']}")
    if record.get("against"):
        flags.append(f"--against {Path(record['against']).name}")
    if any(row["name"].startswith("AUROC") and row["value"] is not None for row in record["rows"]):
        flags.append("--sets SETS")
    return f"edgedigits evaluate {' '.join(flags)} --out DIR"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_train.reports.markdown")
    parser.add_argument("file", type=Path, metavar="EVALUATION.json")
    parser.add_argument("--brief", action="store_true", help="only rows with a target, and means of suites")
    args = parser.parse_args()
    print(markdown(read_record(args.file, "rows"), brief=args.brief))


if __name__ == "__main__":
    sys.exit(ended(main))
