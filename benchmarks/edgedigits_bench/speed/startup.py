"""Time of `edgedigits predict` on one picture, against importing the packages that it cannot do without.

    python -m edgedigits_bench.speed.startup [PICTURE] [--rounds 15]

Whole processes, alternating, wall clock, medians: other load on the machine affects both alike. Our modules
are compiled first, as pip does on installation.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import edgedigits
from edgedigits.ending import ended

FLOOR: Final = [sys.executable, "-c", "import numpy, cv2, onnxruntime"]


def compare(first: list[str], second: list[str], rounds: int) -> tuple[list[float], list[float]]:
    """Return the seconds of each run of two alternating commands, after one uncounted run of each."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for command, taken in zip((first, second), seconds, strict=True):
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            if number:
                taken.append(time.perf_counter() - started)
    return seconds


def main() -> None:
    """Print both medians, the spread and the ratio."""
    parser = argparse.ArgumentParser(
        prog="python -m edgedigits_bench.speed.startup",
        description=__doc__.partition("\n")[0] if __doc__ else None,
    )
    parser.add_argument("picture", nargs="?", type=Path, default=Path("examples/slate.jpg"))
    parser.add_argument("--rounds", type=int, default=15)
    args = parser.parse_args()
    compileall.compile_dir(str(Path(edgedigits.__file__).parent), quiet=1)
    script = Path(sys.executable).with_name("edgedigits")
    ours, floor = compare([str(script), "predict", str(args.picture)], FLOOR, args.rounds)
    for name, taken in (("edgedigits predict", ours), ("the three imports", floor)):
        low, middle, high = min(taken), statistics.median(taken), max(taken)
        print(f"{name:<18}  median {1000 * middle:6.0f} ms  ({1000 * low:.0f} to {1000 * high:.0f})")
    ratios = [a / b for a, b in zip(ours, floor, strict=True)]
    print(f"ratio of medians    {statistics.median(ours) / statistics.median(floor):6.2f}")
    print(f"median of ratios    {statistics.median(ratios):6.2f}   over {args.rounds} rounds")


if __name__ == "__main__":
    sys.exit(ended(main))
