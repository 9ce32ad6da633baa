"""Throughput of `edgedigits predict` on a folder, on one core and on several, against decoding alone.

Run as `python -m edgedigits_bench.speed.bulk PARTS FOLDER`, this is the yardstick: it only decodes every
picture of the folder, in PARTS processes, as `predict` does before it reads.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError

_DISTINCT = 50
"""Number of different pages; the other files of the folder are hard links to them."""


def measure(folder: Path, pictures: int, model: str | None, jobs: int) -> dict[str, Any]:
    """Return pictures per second of reading and of decoding, with 1 and `jobs` processes, including start-up.

    `folder` is an empty folder on a file system with hard links; 640x480 JPEG pages of ten digits are
    drawn into it.
    """
    fill(folder, pictures)
    predict = [sys.executable, "-m", "edgedigits", "predict", str(folder), "--json"]
    if model is not None:
        predict += ["--model", model]
    decode = [sys.executable, "-m", "edgedigits_bench.speed.bulk"]
    for path in folder.iterdir():
        path.read_bytes()  # so that the first command does not alone pay for the disk
    return {
        "pictures": pictures,
        "what": "JPEG pages of 640x480",
        "a_second": {
            str(count): {
                "read": round(pictures / _seconds([*predict, "--jobs", str(count)]), 2),
                "decode": round(pictures / _seconds([*decode, str(count), str(folder)]), 2),
            }
            for count in (1, jobs)
        },
    }


def fill(folder: Path, pictures: int) -> None:
    """Put this many JPEG pages into the folder."""
    import cv2

    from edgedigits_bench.drawn.pages import page

    for index in range(min(pictures, _DISTINCT)):
        cv2.imwrite(str(folder / f"page{index:06}.jpg"), page(index), [cv2.IMWRITE_JPEG_QUALITY, 90])
    for index in range(_DISTINCT, pictures):
        os.link(folder / f"page{index % _DISTINCT:06}.jpg", folder / f"page{index:06}.jpg")


def decode(paths: Sequence[Path]) -> int:
    """Decode each file as `predict` does and discard it; return the number of files."""
    import cv2

    from edgedigits.pictures import read_picture

    cv2.setNumThreads(1)
    for path in paths:
        read_picture(path)
    return len(paths)


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise EdgeDigitsError(
            "a bulk run failed", received=(done.stderr.strip().splitlines() or ["no reason given"])[-1]
        )
    return time.perf_counter() - began


if __name__ == "__main__":
    parts, everything = int(sys.argv[1]), sorted(Path(sys.argv[2]).iterdir())
    if parts == 1:
        decode(everything)
    else:
        with ProcessPoolExecutor(parts, mp_context=get_context("spawn")) as pool:
            list(pool.map(decode, [everything[start::parts] for start in range(parts)]))
