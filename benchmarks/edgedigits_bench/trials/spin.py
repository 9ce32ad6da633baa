"""Classify the same pictures over and over, for an external profiler.

The pictures are drawn digits, as in `edgedigits bench`. None of the ten is doubtful enough for a second look,
which every frame of noise would get.

    perf record -F 2000 -e cpu-clock python -m edgedigits_bench.trials.spin --batch 10
    perf report --sort dso

    valgrind --tool=callgrind --instr-atstart=no python -m edgedigits_bench.trials.spin --batch 10 --callgrind
    callgrind_annotate callgrind.out.*

With `--callgrind` only the instructions of 100 calls are counted, not those before them. valgrind knows AVX2
but not AVX-512, so it runs the kernels of a CPU without VNNI.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from edgedigits.classifier import Classifier
from edgedigits.ending import ended
from edgedigits_bench.drawn.pages import frames


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.trials.spin")
    parser.add_argument("model", nargs="?", type=Path, help="an .onnx file (default: the packaged model)")
    parser.add_argument("--batch", type=int, default=1, metavar="N", help="pictures per call (default: 1)")
    parser.add_argument("--seconds", type=float, default=6.0, help="how long to run (default: 6)")
    parser.add_argument("--callgrind", action="store_true", help="100 calls, counted by callgrind")
    args = parser.parse_args()
    classifier = Classifier.load(args.model)
    images = frames(0, args.batch)
    for _ in range(10):
        classifier.predict(images)
    if args.callgrind:
        subprocess.run(["callgrind_control", "-i", "on", str(os.getpid())], check=True)
        for _ in range(100):
            classifier.predict(images)
        subprocess.run(["callgrind_control", "-i", "off", str(os.getpid())], check=True)
        return
    end = time.perf_counter() + args.seconds
    while time.perf_counter() < end:
        classifier.predict(images)


if __name__ == "__main__":
    sys.exit(ended(main))
