"""Print figures as a table, each beside its target."""

from __future__ import annotations

import math
from collections.abc import Sequence

from edgedigits_train.measures.evaluation import Row
from edgedigits_train.reports.markdown import decimals


def table(rows: Sequence[Row], indented: Sequence[str] = ()) -> str:
    """Return one line per row; rows whose name is in `indented` are parts of the line above them."""
    compared = any(row.difference is not None for row in rows)
    heads = ["", "measured", "", "target", "", "refused", *(["difference"] if compared else []), ""]
    lines = [heads, *(_cells(row, row.name in indented, compared) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    left = {0, 2, 3, 4, len(heads) - 1}
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(row: Row, indented: bool, compared: bool) -> list[str]:
    target = row.target
    known = not math.isnan(row.value)
    digits = decimals(row.unit)
    signed = "+" if row.unit == "points" else ""
    return [
        f"  {row.name}" if indented else row.name,
        f"{row.value:{signed}.{digits}f} {row.unit}" if known else "-",
        f"± {row.margin:.2f}" if row.margin is not None else "",
        f"{'>=' if target.at_least else '<='} {target.limit:g} {row.unit}" if target else "",
        ("met" if target.met(row.value) else "missed") if target and known else "",
        f"{row.refused:.2f} %" if row.refused is not None else "",
        *([f"{row.difference:+.2f}" if row.difference is not None else ""] if compared else []),
        row.note,
    ]
