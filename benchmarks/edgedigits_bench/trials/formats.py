"""Compare ways of quantizing the same network, by time and accuracy: why the export chose its own.

    python -m edgedigits_bench.trials.formats RUN [--data PATH] [--rounds 40]

Accuracy is on the run's validation pictures, clean and noisy. The noisy ones also show how often a file
disagrees with the float file, and how far it is from it (milli-nats). Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from edgedigits.classifier import session_options
from edgedigits.ending import ended

CHOICES: dict[str, dict[str, Any]] = {
    "as exported: QDQ, U8S8, 7 bits, per channel": {},
    "first layer's outputs one by one": {"in_pairs": False},
    "first layer not rewritten": {"to_depth": False},
    "weights of 8 bits": {"reduce_range": False},
    "weights rounded one by one": {"together": False},
    "weights per tensor": {"per_channel": False},
    "activations int8 (S8S8), 8 bits": {"activations": "QInt8", "reduce_range": False},
    "QOperator, U8S8": {"layout": "QOperator"},
    "QOperator, S8S8, 8 bits": {"layout": "QOperator", "activations": "QInt8", "reduce_range": False},
}
OFFLINE = "as exported, optimised offline"


def files(run: Path, data: Path | None) -> tuple[dict[str, bytes], Any]:
    """Return the float file and each int8 file of a run, and the pictures to judge them on."""
    from edgedigits_export.convert import to_onnx
    from edgedigits_export.pictures import calibration, held_out
    from edgedigits_export.quantize import quantize_as
    from edgedigits_export.run_folder import read_run
    from edgedigits_train.data import load, split

    found = read_run(run)
    parts = split(load(data), found.split_seed)
    pictures = held_out(parts.x_val, parts.y_val, found.seed)
    floating = to_onnx(found.network())
    few = calibration(pictures, found.seed)
    made = {"fp32": floating.SerializeToString()}
    for name, choice in CHOICES.items():
        made[name] = quantize_as(floating, few, **choice).SerializeToString()
    made[OFFLINE] = _optimised(made[next(iter(CHOICES))])
    return made, pictures


def compare(made: dict[str, bytes], pictures: Any, rounds: int) -> list[str]:
    """Return the lines of a Markdown table."""
    from edgedigits_bench.speed.latency import SystemClock, medians, same
    from edgedigits_export import verify

    runs = {name: _runner(data) for name, data in made.items()}
    calls: dict[str, Callable[[int], object]] = {}
    for name, run in runs.items():
        for count in (1, 10):
            calls[f"{name} {count}"] = same(run, np.ascontiguousarray(pictures.clean[:count]))
    for call in calls.values():
        for index in range(30):
            call(index)
    us = medians(calls, rounds, 10, SystemClock())
    lines = [
        "| file | bytes | clean % | noisy % | unlike fp32, % | mnats | one, µs | of ten, µs each |",
        "|---|" + "---:|" * 7,
    ]
    sets = pictures.clean, pictures.noisy
    exact = [verify.predictor(made["fp32"])(images) for images in sets]
    for name, data in made.items():
        said = [verify.predictor(data)(images) for images in sets]
        clean, noisy = (verify.compare(*pair, pictures.labels) for pair in zip(exact, said, strict=True))
        far = 1000 * _divergence(exact[1], said[1])
        lines.append(
            f"| {name} | {len(data):,} | {clean.after:.2f} | {noisy.after:.2f} "
            f"| {100 - noisy.agreement:.2f} | {far:.2f} "
            f"| {us[f'{name} 1']:.1f} | {us[f'{name} 10'] / 10:.1f} |"
        )
    return lines


def _optimised(data: bytes) -> bytes:
    import onnxruntime

    with tempfile.TemporaryDirectory() as folder:
        options = session_options()
        options.optimized_model_filepath = str(Path(folder) / "optimised.onnx")
        onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        return Path(options.optimized_model_filepath).read_bytes()


def _runner(data: bytes) -> Callable[[Any], Any]:
    import onnxruntime

    session = onnxruntime.InferenceSession(data, session_options(), providers=["CPUExecutionProvider"])
    name, outputs = session.get_inputs()[0].name, [session.get_outputs()[0].name]
    return lambda images: session.run(outputs, {name: images})[0]


def _divergence(exact: Any, answers: Any) -> float:
    """Return the Kullback-Leibler divergence from the float file's answers, in nats; float32 leaves zeros."""
    least = 1e-9
    return float(np.mean(np.sum(exact * np.log((exact + least) / (answers + least)), axis=1)))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.trials.formats")
    parser.add_argument("run", type=Path, help="folder that `edgedigits train` wrote")
    parser.add_argument("--data", type=Path, help="MNIST, as for `edgedigits train`")
    parser.add_argument("--rounds", type=int, default=40, help="turns of 10 calls each (default: 40)")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    print("\n".join(compare(*files(given.run, given.data), given.rounds)))


if __name__ == "__main__":
    sys.exit(ended(main))
