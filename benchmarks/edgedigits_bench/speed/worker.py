"""Measurements that need a process of their own, run as `python -m edgedigits_bench.speed.worker JOB JSON`.

Loading and the first call are slow only in a fresh process, and two runs of the same program differ by more
than their samples do (addresses, caches, the state of the machine). The back-to-back figures therefore come
from several processes, each of which is one group of samples. A job prints one JSON object on stdout.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError
from edgedigits_bench.speed.latency import Call, SystemClock, hot, interleaved, paced

WARM_UP = 100
"""Calls before the first counted one; they are reported separately."""


def spawn(job: str, **arguments: object) -> dict[str, Any]:
    """Run one job in a fresh interpreter; raises `EdgeDigitsError` with its last output if it fails."""
    command = [sys.executable, "-m", "edgedigits_bench.speed.worker", job, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EdgeDigitsError(
            f"the measuring process for `{job}` failed",
            received=(done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1],
            remedy="run it by itself to see more: " + " ".join(command[1:4]),
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def classify(model: str | None, threads: int, seed: int, rounds: int, block: int) -> dict[str, Any]:
    """Load, warm up, then time `rounds` x `block` calls of each kind on frames; nanoseconds."""
    from edgedigits import Classifier
    from edgedigits.canonical import canonical
    from edgedigits_bench.drawn.pages import crops, frames

    clock = SystemClock()
    pictures, inks = frames(seed, 20), crops(seed, 10)
    began = clock.now()
    classifier = Classifier.load(model, threads=threads)
    load = clock.now() - began
    warm_up = hot(lambda index: classifier.predict(pictures[:1]), WARM_UP, clock)

    ones = [pictures[i : i + 1] for i in range(20)]
    tens = [pictures[i : i + 10] for i in range(10)]
    durations = interleaved(
        {
            "classify 1": lambda i: classifier.predict(ones[i % 20]),
            "classify 10": lambda i: classifier.predict(tens[i % 10]),
            "infer 1": lambda i: classifier.engine.scores(ones[i % 20]),
            "infer 10": lambda i: classifier.engine.scores(tens[i % 10]),
            "canonical": lambda i: canonical(inks[i % 10]),
        },
        rounds,
        block,
        clock,
    )
    return {
        "load": load,
        "warm_up": warm_up,
        "durations": {key: [ns for group in groups for ns in group] for key, groups in durations.items()},
    }


def read(model: str | None, threads: int, seed: int, count: int, size: tuple[int, int]) -> dict[str, Any]:
    """Read pages of `size`, in turns with one adaptive threshold of the same page as a yardstick.

    The stages are as the reader reports them: finding and framing the ink ("segment"), the classifier
    ("classify"), and the rest of the total, lines and results ("order").
    """
    import cv2

    from edgedigits import Classifier, Reader
    from edgedigits_bench.drawn.pages import page

    cv2.setNumThreads(threads)
    clock = SystemClock()
    reader = Reader(Classifier.load(model, threads=threads))
    several = 5 if count >= 50 else 1
    pages = [page(seed * 10 + index, size=(size[0], size[1])) for index in range(several)]
    greys = [cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in pages]
    warm_up = hot(lambda index: reader.read(pages[index]), several, clock)
    stages: dict[str, list[int]] = {"segment": [], "classify": [], "order": []}

    def read_one(index: int) -> None:
        told = {
            name: round(1e6 * value) for name, value in reader.read(pages[index % several]).timing_ms.items()
        }
        stages["segment"].append(told["segment"])
        stages["classify"].append(told["classify"])
        stages["order"].append(told["total"] - told["segment"] - told["classify"])

    def threshold(index: int) -> None:
        cv2.adaptiveThreshold(
            greys[index % several], 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 10
        )

    threshold(0)
    durations: dict[str, list[int]] = {"read": [], "threshold": []}
    for index in range(count):
        for name, call in (("read", read_one), ("threshold", threshold)):
            began = clock.now()
            call(index)
            durations[name].append(clock.now() - began)
    return {"warm_up": warm_up, "durations": durations, "stages": stages}


def pace(model: str | None, threads: int, count: int, rate: float, what: str) -> dict[str, Any]:
    """Process frames at a fixed rate and record the CPU share; `what` is "classify" or "read"."""
    import cv2

    from edgedigits import Classifier, Reader
    from edgedigits_bench.drawn.pages import frames, page

    cv2.setNumThreads(threads)
    classifier = Classifier.load(model, threads=threads)
    if what == "classify":
        ones = [frame[None] for frame in frames(0, 20)]
        call: Call = lambda index: classifier.predict(ones[index % 20])  # noqa: E731
    else:
        reader, pages = Reader(classifier), [page(seed) for seed in range(5)]
        call = lambda index: reader.read(pages[index % 5])  # noqa: E731
    clock = SystemClock()
    hot(call, 20, clock)
    clock.sleep(0.2)
    run = paced(call, count, rate, clock)
    return dict(vars(run))


def memory(model: str | None, threads: int, picture: str | None, count: int) -> dict[str, Any]:
    """Return resident memory in MiB: of the three imports, or while reading a picture file `count` times.

    The picture is a file so that the memory for drawing it is not counted as the reader's.
    """
    import cv2
    import numpy
    import onnxruntime

    _ = (numpy, onnxruntime)
    if picture is not None:
        from edgedigits import Classifier, Reader
        from edgedigits.pictures import read_picture

        cv2.setNumThreads(threads)
        reader = Reader(Classifier.load(model, threads=threads))
        for _turn in range(count):
            reader.read(read_picture(picture))
    return resident()


def resident() -> dict[str, float]:
    """Return `now` and `peak` resident memory of this process in MiB; only Linux reports both."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"peak": peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)}
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return {
        "now": int(fields["VmRSS"].split()[0]) / 1024,
        "peak": int(fields["VmHWM"].split()[0]) / 1024,
    }


_JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "classify": classify,
    "read": read,
    "pace": pace,
    "memory": memory,
}

if __name__ == "__main__":
    try:
        print(json.dumps(_JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
    except EdgeDigitsError as error:
        sys.exit(str(error).replace("\n", ";"))
