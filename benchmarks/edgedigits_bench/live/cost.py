"""CPU time and memory of the live loop: `edgedigits webcam` on a generated video."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

import cv2

from edgedigits.errors import EdgeDigitsError
from edgedigits_bench.drawn import pages

FPS: Final = 30
_SAMPLE_S: Final = 0.1
"""Seconds between memory samples: a run on one second of video takes little more than a second."""
_LOOP: Final = 10
"""Seconds of video that are drawn; longer videos repeat them."""


def write_video(path: Path, seconds: float) -> None:
    """Write MJPG, 640x480 at 30 frames/s: pages of ten digits, a trembling camera, a new page every 5 s."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (640, 480))
    count = round(seconds * FPS)
    drawn = []
    for index in range(min(count, _LOOP * FPS)):
        page = pages.page(index // (5 * FPS), 10, (660, 500))
        drawn.append(page[(x := index * 7 % 5) : 480 + x, (y := index * 3 % 7) : 640 + y].copy())
    for index in range(count):
        writer.write(drawn[index % len(drawn)])
    writer.release()


def measure(seconds: float, *, realtime: bool, model: str | None = None) -> dict[str, Any]:
    """Run `edgedigits webcam` on the video in its own process.

    Returns `cpu_percent` of one core after start-up (relative to the video's length, so that a run that is
    not in real time says what it would cost in real time), `start_cpu_s`, the peak resident memory, how
    much the median of the last quarter exceeds that of the quarter before, and the printed lines. Memory is
    in MB of 10^6 bytes. Raises `EdgeDigitsError` if the run fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "video.avi"
        write_video(video, seconds)
        short = Path(folder) / "short.avi"
        write_video(short, 0.1)
        start_cpu = _run(short, False, model)["cpu_s"]
        whole = _run(video, realtime, model)
    rss = whole["rss_mb"]
    quarter = max(1, len(rss) // 4)
    growth = median(rss[-quarter:]) - median(rss[-2 * quarter : -quarter] or rss[-1:]) if rss else 0.0
    return {
        "video_s": seconds,
        "realtime": realtime,
        "fps": FPS,
        "wall_s": round(whole["wall_s"], 1),
        "start_cpu_s": round(start_cpu, 2),
        "cpu_percent": round(100 * (whole["cpu_s"] - start_cpu) / seconds, 1),
        "rss_mb_max": max(rss, default=0.0),
        "rss_mb_growth_last_quarter": round(growth, 1),
        "changes": whole["lines"],
    }


def _run(video: Path, realtime: bool, model: str | None) -> dict[str, Any]:
    command = [sys.executable, "-m", "edgedigits", "webcam", "--headless", "--json", "--source", str(video)]
    command += ["--realtime"] if realtime else []
    command += ["--model", model] if model else []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    lines = Path(f"{video}.jsonl")
    rss: list[float] = []
    with lines.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            time.sleep(_SAMPLE_S)
            rss += _resident(process.pid)
    if process.returncode not in (0, 1):  # 1: no digit was found, as in the short one
        raise EdgeDigitsError(
            "the live run failed",
            received=f"exit code {process.returncode}",
            remedy="run it by hand: edgedigits webcam --headless --source VIDEO",
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "cpu_s": cpu,
        "wall_s": time.monotonic() - started,
        "rss_mb": rss,
        "lines": len(lines.read_bytes().splitlines()),
    }


def _resident(pid: int) -> list[float]:
    """Return one sample of resident memory in MB; none if the process has just ended or there is no /proc."""
    try:
        pages_used = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return []
    return [round(pages_used * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)] if pages_used else []
