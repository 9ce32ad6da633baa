"""Print a Markdown table of how far a rebuilt model's evaluation is from the packaged model's.

python -m edgedigits_train.reports.agreement PACKAGED.json REBUILT.json

Each file is what `edgedigits evaluate --json` prints.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from edgedigits.ending import ended
from edgedigits_train.reports.markdown import decimals, is_judged
from edgedigits_train.reports.records import read_record

AGREED: Final = 0.1
"""Points by which a rebuilt model's accuracy may differ: two seeds of one recipe differ as much."""


def markdown(packaged: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> str:
    """Return the rows that have a target, and the suites; both evaluations must be of the same pictures."""
    lines = ["| what | packaged | rebuilt | difference |", "|---|---:|---:|---:|"]
    others = {row["name"]: row["value"] for row in rebuilt["rows"]}
    apart = []
    for row in packaged["rows"]:
        name, value, other = row["name"], row["value"], others.get(row["name"])
        if not is_judged(row) or value is None or other is None:
            continue
        digits = decimals(row["unit"])
        lines.append(f"| {name} | {value:.{digits}f} | {other:.{digits}f} | {other - value:+.{digits}f} |")
        # A percentage with a lower bound is an accuracy, unless it is an AUROC of outliers.
        if row["unit"] == "%" and row["target"] and row["target"]["at_least"] and "AUROC" not in name:
            apart.append(abs(other - value))
    count = sum(distance <= AGREED for distance in apart)
    lines += [
        "",
        f"{count} of {len(apart)} accuracies are within {AGREED} points of one another, all within "
        f"{max(apart, default=0.0):.2f}; `{packaged['sha256'][:8]}…` and `{rebuilt['sha256'][:8]}…`, each on "
        f"{packaged['count']:,} {packaged['split']} pictures of {packaged['data']}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_train.reports.agreement")
    parser.add_argument("packaged", type=Path, metavar="PACKAGED.json")
    parser.add_argument("rebuilt", type=Path, metavar="REBUILT.json")
    args = parser.parse_args()
    print(markdown(read_record(args.packaged, "rows"), read_record(args.rebuilt, "rows")))


if __name__ == "__main__":
    sys.exit(ended(main))
