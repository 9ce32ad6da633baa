"""Load test of the web page: viewers of the stream and uploads at a fixed rate, from a second process.

    python -m edgedigits_bench.speed.web_load --seconds 300

Uploads follow a fixed schedule, and their latency counts from the moment they were due, so that a stall is
charged to all uploads that it delayed (coordinated omission). An announced 503 counts as an answer; anything
else but 200 is an error.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2

from edgedigits.ending import ended
from edgedigits_bench.drawn import pages
from edgedigits_bench.live.cost import write_video
from edgedigits_bench.speed import machine
from edgedigits_bench.speed.stats import median, summarize

WORKERS: Final = 32
"""Maximum number of concurrent uploads; even if all of them wait, the schedule is kept."""
SAMPLE_S: Final = 2.0


@dataclass
class Tally:
    """Counts and latencies of the answers."""

    answers: Counter[str] = field(default_factory=Counter)
    latency_ns: list[int] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    rss_mb: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, answer: str, latency_ns: int | None = None) -> None:
        """Count one answer, by its status or the name of the error."""
        with self.lock:
            self.answers[answer] += 1
            if latency_ns is not None:
                self.latency_ns.append(latency_ns)


def main(argv: list[str] | None = None) -> int:
    """Measure and print a JSON summary; return 1 if an answer was neither 200 nor 503."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.speed.web_load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--viewers", type=int, default=8)
    parser.add_argument("--rate", type=float, default=20, help="uploads per second (default: %(default)s)")
    parser.add_argument("--picture", type=Path, help="file to upload (default: a drawn 640x480 page)")
    parser.add_argument("--out", type=Path, help="also write the summary to this file")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "page.avi"
        write_video(video, 10)
        body = args.picture.read_bytes() if args.picture else _drawn()
        found = measure(args.seconds, args.viewers, args.rate, body, video)
    text = json.dumps(found, indent=1)
    print(text)
    if args.out:
        args.out.write_text(text + "\n", "utf-8")
    return 1 if found["errors"] else 0


def measure(seconds: float, viewers: int, rate: float, body: bytes, video: Path) -> dict[str, Any]:
    """Start a server on the video and put it under load for `seconds` seconds."""
    before = machine.state()
    command = [sys.executable, "-m", "edgedigits", "serve", "--port", "0", "--source", str(video)]
    server = subprocess.Popen([*command, "--viewers", str(viewers)], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    said = server.stderr.readline()
    found = re.search(r"http://([\d.]+:\d+)", said)
    try:
        if found is None:
            raise RuntimeError(said + server.stderr.read())
        tally = Tally()
        _warm_up(found[1], body)
        cpu_before, began = _cpu_seconds(server.pid), time.monotonic()
        _load(found[1], tally, server.pid, seconds, viewers, rate, body)
        took = time.monotonic() - began
        cpu = _cpu_seconds(server.pid) - cpu_before
    finally:
        server.terminate()
        server.wait(20)
        server.stderr.close()
    tenth = max(1, len(tally.rss_mb) // 10)
    return {
        "machine": machine.describe(),
        "warnings": machine.warnings(before, machine.state(), os.cpu_count() or 1),
        "seconds": round(took, 1),
        "uploads": dict(tally.answers),
        "errors": sum(count for answer, count in tally.answers.items() if answer not in ("200", "503")),
        "latency_us_from_due": asdict(summarize([value / 1000 for value in tally.latency_ns])),
        "upload_bytes": len(body),
        "uploads_per_s_offered": rate,
        "viewer_frames_per_s": [round(frames / seconds, 2) for frames in tally.frames],
        "server_cpu_percent_of_one_core": round(100 * cpu / took, 1),
        # From the second tenth on: during the first, caches and threads grow to their working size.
        "server_rss_mb": {
            "second_tenth": median(tally.rss_mb[tenth : 2 * tenth] or tally.rss_mb),
            "last_tenth": median(tally.rss_mb[-tenth:]),
            "peak": max(tally.rss_mb),
        },
    }


def _load(
    address: str, tally: Tally, pid: int, seconds: float, viewers: int, rate: float, body: bytes
) -> None:
    end = time.monotonic() + seconds
    tally.frames = [0] * viewers
    watching = [
        threading.Thread(target=_watch, args=(address, tally, place, end)) for place in range(viewers)
    ]
    sampling = threading.Thread(target=_sample, args=(pid, tally, end))
    for thread in (*watching, sampling):
        thread.start()
    started = time.monotonic_ns()
    local = threading.local()
    with ThreadPoolExecutor(WORKERS) as pool:
        for index in range(round(seconds * rate)):
            due = started + round(index * 1e9 / rate)
            time.sleep(max(0, (due - time.monotonic_ns()) / 1e9))
            pool.submit(_upload, address, tally, body, due, local)
    for thread in (*watching, sampling):
        thread.join()


def _upload(address: str, tally: Tally, body: bytes, due: int, local: threading.local) -> None:
    try:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection(address, timeout=30)
        local.connection.request("POST", "/api/read", body, {"Content-Type": "image/jpeg"})
        answer = local.connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        local.__dict__.pop("connection", None)
        tally.count(type(error).__name__)
        return
    tally.count(str(answer.status), time.monotonic_ns() - due if answer.status == 200 else None)


def _watch(address: str, tally: Tally, place: int, end: float) -> None:
    """Count the pictures of one stream, which must not end early."""
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request("GET", "/api/stream")
        answer = connection.getresponse()
        while time.monotonic() < end:
            line = answer.readline()
            if not line:
                tally.count("stream ended")
                return
            if line.lower().startswith(b"content-length:"):
                answer.readline()
                answer.read(int(line.partition(b":")[2]))
                tally.frames[place] += 1
    except (OSError, http.client.HTTPException) as error:
        tally.count(f"stream: {type(error).__name__}")
    finally:
        connection.close()


def _sample(pid: int, tally: Tally, end: float) -> None:
    while time.monotonic() < end:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
        tally.rss_mb.append(round(int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024, 1))
        time.sleep(SAMPLE_S)


def _warm_up(address: str, body: bytes) -> None:
    for _ in range(10):
        _upload(address, Tally(), body, time.monotonic_ns(), threading.local())


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _drawn() -> bytes:
    return bytes(cv2.imencode(".jpg", pages.page(1, 10, (640, 480)))[1])


if __name__ == "__main__":
    sys.exit(ended(main))
