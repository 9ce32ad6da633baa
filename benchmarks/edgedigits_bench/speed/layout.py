"""Format rows of cells as text: aligned for a terminal, or as Markdown."""

from __future__ import annotations

Table = list[list[str]]
"""Rows of cells; the first row is the header."""


def number(value: float) -> str:
    """Format with three significant digits, or as a whole number from 100 on: 0.123, 12.3, 1,230."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"


def aligned(table: Table) -> str:
    """Align columns, the first to the left and the others to the right, with a rule below the header."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def piped(table: Table) -> str:
    """Return a Markdown table, the first column aligned to the left and the others to the right."""
    rule = ["---", *["---:"] * (len(table[0]) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [table[0], rule, *table[1:]])
