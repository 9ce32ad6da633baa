"""The summary that an export prints at its end."""

from __future__ import annotations

import shlex

from edgedigits_export.export import Exported


def summary(exported: Exported) -> str:
    """Return what was written, its input and output, accuracy before and after, and what to do next."""
    contract = exported.contract
    given = contract.input
    instead = "" if contract.precision == "fp32" else f"; fp32 would be {exported.float_bytes:,}"
    lines = [
        f"wrote    {exported.path}",
        f"bytes    {exported.bytes:,} ({contract.precision}{instead})",
        f"input    {given.name}: {given.dtype} [N, {given.shape[0]}, {given.shape[1]}], bright ink on black",
        f"output   {contract.output}: float32 [N, {len(contract.labels)}], {contract.labels[0]}.."
        f"{contract.labels[9]}{', none' if contract.rejects else ''}",
        f"checked  Keras against fp32: largest difference {exported.difference:.1e}; "
        f"temperature {contract.temperature:.3f}",
        f"refuses  a digit score below {contract.rejection_threshold:.4f}: "
        f"{exported.refused:.2f} % of clean test digits",
        "",
        f"{'accuracy, %':<18}{'fp32':>8}{contract.precision:>8}{'change':>9}{'same answer':>13}",
    ]
    for name, item in exported.comparisons.items():
        change = round(item.after - item.before, 2) + 0.0  # adding zero turns -0.0 into 0.0
        lines.append(f"{name:<18}{item.before:>8.2f}{item.after:>8.2f}{change:>+9.2f}{item.agreement:>13.2f}")
    lines += ["", f"next     edgedigits predict --model {shlex.quote(str(exported.path))} examples/"]
    return "\n".join(lines)
