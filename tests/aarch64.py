"""Run the packaged model on a Raspberry Pi's userland under emulation, and compare its answers.

    make test-aarch64       (or: python tests/aarch64.py [--onnxruntime 1.27.0])

Fetches Debian Bookworm's arm64 Python and the aarch64 wheels into build/aarch64 (about 400 MB, once) and runs
them with `qemu-aarch64-static` as a Cortex-A72, the core of a Pi 4. There and on this machine it reads every
example page, and classifies the frames that were found on this machine (and 2,000 MNIST test digits, if MNIST
lies beside the checkout). Exits with 1 if a page's text differs, or more than one label in a thousand. Needs
an amd64 Debian or Ubuntu with qemu-user-static, apt-get and dpkg; without them it says so and exits with 0.

It proves that the wheels install, import and give the same answers, but says nothing about speed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits import Classifier, Predictions, Reader
from edgedigits.classifier import packaged_model
from edgedigits.pictures import read_picture

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "aarch64"
PACKAGES = [
    "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "libc6", "libstdc++6",
    "libgcc-s1", "zlib1g", "libexpat1", "libffi8", "libssl3", "libbz2-1.0", "liblzma5", "libuuid1",
    "libsqlite3-0", "libgl1", "libglvnd0", "libglx0", "libx11-6", "libxcb1", "libxau6", "libxdmcp6",
    "libbsd0", "libmd0", "libglib2.0-0", "libpcre2-8-0",
]  # fmt: skip
"""Python, and the libraries that opencv-python's window code links to."""
PLATFORMS = (
    "manylinux_2_28_aarch64",
    "manylinux_2_27_aarch64",
    "manylinux2014_aarch64",
    "manylinux_2_17_aarch64",
)
NEWEST = "1.27.0"
"""The newest onnxruntime that runs under Debian's qemu 7.2: there, 1.28.0 and all later ones up to 1.32.0
crash on import with a segmentation fault, with each of its CPU models."""
TOOLS = ("qemu-aarch64-static", "apt-get", "dpkg")
TOLERATED = 0.001
"""Share of labels that may differ: rounding differs, and now and then a frame is a borderline case."""

CLASSIFY = """
import sys, numpy as np
from edgedigits import Classifier
answer = Classifier.load().predict(np.load(sys.argv[1]))
np.savez(sys.argv[2], labels=answer.labels, probabilities=answer.probabilities)
"""
VERSIONS = """
import platform, numpy, cv2, onnxruntime
print(platform.machine(), "numpy", numpy.__version__, "OpenCV", cv2.__version__)
print("onnxruntime", onnxruntime.__version__)
"""


def run(*words: str | Path, **options: Any) -> str:
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def userland() -> Path:
    """Return the root folder with the arm64 Python."""
    root = BUILD / "root"
    if (root / "usr" / "bin" / "python3.11").exists():
        return root
    apt, archive = BUILD / "apt", BUILD / "deb"
    for folder in (apt / "lists" / "partial", archive, root):
        folder.mkdir(parents=True, exist_ok=True)
    flags = [
        "-oAPT::Architecture=arm64",
        "-oAPT::Architectures=arm64",
        f"-oDir::State::Lists={apt / 'lists'}",
    ]
    flags += [f"-oDir::Cache={apt}", "-oAPT::Sandbox::User=root", "-qq"]
    run("apt-get", *flags, "update")
    run("apt-get", *flags, "download", *PACKAGES, cwd=archive)
    for package in sorted(archive.glob("*.deb")):
        run("dpkg", "-x", package, root)
    return root


def wheels(onnxruntime: str) -> Path:
    """Return the folder with the aarch64 wheels and this checkout's runtime."""
    site = BUILD / f"site-{onnxruntime}"
    if not site.exists():
        platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
        wanted = ["numpy", "opencv-python", f"onnxruntime=={onnxruntime}"]
        partial = site.with_name(site.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        run(*pip, "--target", partial, *platforms, "--python-version", "3.11", "--only-binary=:all:", *wanted)
        partial.rename(site)
    return site


class Machine:
    """One of the two Pythons, with the path to its packages."""

    def __init__(self, python: Sequence[str | Path], path: str) -> None:
        self._python = python
        self._environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}

    def run(self, *words: str | Path) -> str:
        return run(*self._python, *words, env=self._environment)

    def read(self) -> dict[str, str]:
        """Return the text of every example page."""
        lines = self.run("-m", "edgedigits", "predict", ROOT / "examples", "--json").splitlines()
        return {Path(page["source"]).name: page["text"] for page in map(json.loads, lines)}

    def classify(self, frames: Path, name: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return labels [N] and probabilities [N, 10]."""
        answers = BUILD / f"{name}.npz"
        self.run("-c", CLASSIFY, frames, answers)
        with np.load(answers) as held:
            return held["labels"], held["probabilities"]


class Recorder(Classifier):
    """Records the frames that a reader asks about."""

    frames: list[npt.NDArray[np.uint8]]

    def glance(self, images: npt.NDArray[np.uint8]) -> Predictions:
        self.frames.append(images)
        return super().glance(images)


def collect_frames() -> Path:
    """Return a file with all frames that are classified on the examples, and MNIST's if available."""
    recorder = Recorder(packaged_model())
    recorder.frames = []
    for picture in sorted((ROOT / "examples").glob("*.jpg")):
        Reader(recorder).read(read_picture(picture))
    mnist = ROOT.parent / "shared" / "data" / "mnist.npz"
    if mnist.exists():
        with np.load(mnist) as held:
            recorder.frames.append(held["x_test"][:2000])
    path = BUILD / "frames.npy"
    np.save(path, np.concatenate(recorder.frames))
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description="compare answers with an emulated aarch64")
    parser.add_argument("--onnxruntime", default=NEWEST, help="version to run there (default: %(default)s)")
    parser.add_argument("--cpu", default="cortex-a72", help="qemu's -cpu (default: %(default)s)")
    args = parser.parse_args()
    absent = [tool for tool in TOOLS if shutil.which(tool) is None]
    if absent:
        print(f"skipped: {', '.join(absent)} not found (apt install qemu-user-static)")
        return 0
    root, site = userland(), wheels(args.onnxruntime)
    runtime = str(ROOT / "runtime")
    python = ["qemu-aarch64-static", "-cpu", args.cpu, "-L", root, root / "usr" / "bin" / "python3.11"]
    here, there = Machine([sys.executable], runtime), Machine(python, os.pathsep.join([runtime, str(site)]))
    for machine in (here, there):
        print(" ".join(machine.run("-c", VERSIONS).split()))
    pages, emulated = here.read(), there.read()
    wrong = [name for name in pages if pages[name] != emulated[name]]
    for name in wrong:
        print(f"{name}: {pages[name]!r} here, {emulated[name]!r} there")
    print(f"{len(pages) - len(wrong)} of {len(pages)} pages read alike")
    frames = collect_frames()
    labels, shares = here.classify(frames, "here")
    labels_there, shares_there = there.classify(frames, "there")
    differ = int((labels != labels_there).sum())
    apart = float(np.abs(shares - shares_there).max())
    print(f"{differ} of {len(labels)} labels differ; probabilities by {apart:.2g} at most")
    return 1 if wrong or differ > TOLERATED * len(labels) else 0


if __name__ == "__main__":
    sys.exit(main())
