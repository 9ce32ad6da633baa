"""Compare the overhead of several ways to call an onnxruntime session: one file, in turns.

    python -m edgedigits_bench.trials.calls [MODEL.onnx] [--rounds 200]

The last line of the table is the way that `Classifier` uses.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from edgedigits.classifier import Classifier, packaged_model, session_options
from edgedigits.ending import ended
from edgedigits.model.contract import InputSpec
from edgedigits.model.engine import bound
from edgedigits_bench.speed.latency import Clock, SystemClock, medians, same

Images = npt.NDArray[np.uint8]

BATCHES: Final = (1, 10)
BLOCK: Final = 50
"""Calls per turn."""
PLAIN, BOUND, KEPT = "`session.run`", "the same, arrays bound beforehand", "the same, memory from malloc"


def measure(model: Path, rounds: int, clock: Clock) -> dict[str, list[float]]:
    """Return median microseconds per call of each way, one for each of `BATCHES`, on pictures of noise."""
    found: dict[str, list[float]] = {PLAIN: [], BOUND: [], KEPT: []}
    for batch in BATCHES:
        images = np.random.default_rng(1).integers(0, 256, (batch, *InputSpec().shape), np.uint8)
        calls = {name: same(run, images) for name, run in ways(model, batch).items()}
        for name, us in medians(calls, rounds, BLOCK, clock).items():
            found[name].append(us)
    return found


def ways(model: Path, batch: int) -> dict[str, Callable[[Images], npt.NDArray[np.float32]]]:
    """Return the ways of calling a model file, by name, each with a session of its own."""
    classifier = Classifier.load(model)
    options = session_options()
    options.enable_cpu_mem_arena = True
    plain, other = (
        ort.InferenceSession(model, options, providers=["CPUExecutionProvider"]) for _ in range(2)
    )
    contract = classifier.contract
    given, wanted, classes = contract.input.name, contract.output, len(contract.labels)
    own = np.zeros((batch, *contract.input.shape), np.uint8), np.zeros((batch, classes), np.float32)
    return {
        PLAIN: lambda images: plain.run([wanted], {given: images})[0],
        BOUND: bound(other, given, wanted, *own),
        KEPT: classifier.engine.scores,
    }


def table(found: dict[str, list[float]]) -> str:
    """Return a Markdown table in microseconds per call."""
    heads = " | ".join(f"batch of {batch}, µs" for batch in BATCHES)
    head = f"| way | {heads} |\n|---|" + "---:|" * len(BATCHES)
    rows = [f"| {name} | " + " | ".join(f"{us:.1f}" for us in times) + " |" for name, times in found.items()]
    return "\n".join([head, *rows])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.trials.calls", description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", default=packaged_model())
    parser.add_argument("--rounds", type=int, default=200)
    args = parser.parse_args()
    print(table(measure(args.model, args.rounds, SystemClock())))


if __name__ == "__main__":
    sys.exit(ended(main))
