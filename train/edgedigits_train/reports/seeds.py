"""Print evaluations of one recipe under several seeds as a Markdown table: means and spread.

python -m edgedigits_train.reports.seeds EVALUATION.json EVALUATION.json ...

Each file is what `edgedigits evaluate --json` prints. A target is compared with the mean, so that the recipe
has to meet it, not a lucky seed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from edgedigits.ending import ended
from edgedigits_train.measures.evaluation import Target
from edgedigits_train.reports.markdown import decimals, is_judged
from edgedigits_train.reports.records import read_record


def markdown(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the rows with a target, and the means of the suites; at least two records of the same split."""
    lines = [
        "| what | mean | standard deviation | lowest | highest | target | |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    tables = [{row["name"]: row for row in record["rows"]} for record in records]
    for name, row in tables[0].items():
        values = [table[name]["value"] for table in tables if name in table]
        if not is_judged(row) or len(values) < len(tables) or None in values:
            continue
        if row["unit"] == "points":
            values = [abs(value) for value in values]  # differences, whose signed mean would be near 0
        digits = decimals(row["unit"])
        figures = (mean(values), stdev(values), min(values), max(values))
        cells = [name, *(f"{value:.{digits}f}" for value in figures)]
        target = verdict = ""
        if row["target"] is not None:
            least, limit = row["target"]["at_least"], row["target"]["limit"]
            target = f"{'≥' if least else '≤'} {limit:g} {row['unit']}"
            verdict = "met" if Target(limit, least).met(figures[0]) else "missed"
        lines.append(f"| {' | '.join([*cells, target, verdict])} |")
    first = records[0]
    files = ", ".join(f"`{record['sha256'][:8]}…`" for record in records)
    lines += [
        "",
        f"{len(records)} seeds of one recipe ({files}), each on {first['count']:,} {first['split']} pictures "
        f"of {first['data']}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_train.reports.seeds")
    parser.add_argument("files", nargs="+", type=Path, metavar="EVALUATION.json")
    args = parser.parse_args()
    if len(args.files) < 2:
        parser.error("at least two evaluations are needed: one has no deviation")
    print(markdown([read_record(path, "rows") for path in args.files]))


if __name__ == "__main__":
    sys.exit(ended(main))
