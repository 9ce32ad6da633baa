"""Time each operator of a model file with onnxruntime's own profiler.

    python -m edgedigits_bench.trials.nodes MODEL.onnx [--batch 10] [--runs 2000]

Medians, because a single preempted run would decide a mean. The profiler writes whole microseconds and adds
about two to every operator: use it to compare operators, and a batch of ten for the time per digit. The
operators are those that onnxruntime made from the file, not those in the file.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from edgedigits.classifier import session_options
from edgedigits.ending import ended
from edgedigits.model.contract import InputSpec


class Cost(NamedTuple):
    """Cost of one operator."""

    name: str
    operator: str
    us: float
    """Median, in microseconds per run."""


def measure(model: Path, batch: int, runs: int) -> list[Cost]:
    """Return the operators of a model file in order of execution, timed on `batch` pictures of noise."""
    import onnxruntime as ort

    images = np.random.default_rng(1).integers(0, 256, (batch, *InputSpec().shape), np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        options = session_options()
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "profile")
        session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        for _ in range(runs):
            session.run(None, {session.get_inputs()[0].name: images})
        events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    return costs(events)


def costs(events: Iterable[dict[str, Any]]) -> list[Cost]:
    """Return the median kernel times in a profile's events."""
    times: dict[tuple[str, str], list[float]] = {}
    for event in events:
        name = event["name"].removesuffix("_kernel_time")
        if event.get("cat") == "Node" and name != event["name"]:
            # The name of a fused operator lists what it was made of, followed by a number.
            plain = name.partition("_token_")[0]
            times.setdefault((plain, event["args"]["op_name"]), []).append(event["dur"])
    return [Cost(name, operator, median(values)) for (name, operator), values in times.items()]


def table(found: list[Cost], batch: int) -> str:
    """Return lines for a terminal."""
    lines = [f"{'node':<24}{'operator':<28}{'µs':>8}{'µs a digit':>12}"]
    lines += [f"{cost.name:<24}{cost.operator:<28}{cost.us:>8.1f}{cost.us / batch:>12.2f}" for cost in found]
    total = sum(cost.us for cost in found)
    return "\n".join([*lines, f"{'sum':<52}{total:>8.1f}{total / batch:>12.2f}"])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.trials.nodes")
    parser.add_argument("model", type=Path, help="an .onnx file written by `edgedigits export`")
    parser.add_argument("--batch", type=int, default=1, help="pictures per run (default: 1)")
    parser.add_argument("--runs", type=int, default=2000, help="runs to take the median of (default: 2000)")
    given = parser.parse_args()
    print(table(measure(given.model, given.batch, given.runs), given.batch))


if __name__ == "__main__":
    sys.exit(ended(main))
