"""Check the software for `edgedigits doctor`: each check returns a finding with its fix.

What may kill the process is tried in a process of its own: a wheel for another processor, for instance, ends
it with an illegal instruction. Facts come in as arguments so that the tests can make up machines.
"""

from __future__ import annotations

import platform
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

Status = Literal["ok", "warning", "problem"]
OPENCV_WHEELS: Final = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
_OLDEST_GLIBC: Final = (2, 28)
"""onnxruntime's wheels for aarch64 are manylinux_2_28."""


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    name: str
    status: Status
    found: str
    fix: str = ""
    """What to do; "" if nothing needs doing."""

    def to_dict(self) -> dict[str, str]:
        """Return the JSON object of the finding."""
        return asdict(self)


def architecture(machine: str | None = None, bits: int | None = None) -> Finding:
    """Check whether there are onnxruntime wheels for this processor and this Python's word size."""
    machine = platform.machine() if machine is None else machine
    bits = 8 * struct.calcsize("P") if bits is None else bits
    found = f"{machine}, {bits}-bit Python"
    if bits != 64 or machine.lower() not in ("x86_64", "amd64", "aarch64", "arm64"):
        return Finding(
            "architecture", "problem", found, "onnxruntime needs a 64-bit system: install a 64-bit OS"
        )
    if machine == "x86_64" and sys.platform == "darwin":
        return Finding(
            "architecture",
            "warning",
            found,
            'the newest onnxruntime for Intel Macs: pip install "onnxruntime<1.24"',
        )
    return Finding("architecture", "ok", found)


def operating_system(release: Path = Path("/etc/os-release"), libc: tuple[str, str] | None = None) -> Finding:
    """Report the system, and check its C library, which decides which wheels can be installed."""
    name = platform.platform(terse=True)
    if release.is_file():
        lines = (line.partition("=") for line in release.read_text("utf-8", "replace").splitlines())
        name = next((value.strip('"') for key, _, value in lines if key == "PRETTY_NAME"), name)
    if not sys.platform.startswith("linux"):
        return Finding("system", "ok", name)
    kind, version = platform.libc_ver() if libc is None else libc
    if kind != "glibc":
        fix = (
            "onnxruntime has no wheel for musl: use Debian, Ubuntu or Raspberry Pi OS, "
            "for instance in a container"
        )
        return Finding("system", "problem", f"{name}, C library {kind or 'not glibc'}", fix)
    found = f"{name}, glibc {version}"
    if tuple(int(part) for part in version.split(".")[:2] if part.isdecimal()) < _OLDEST_GLIBC:
        return Finding(
            "system", "problem", found, "glibc 2.28 or newer is needed: Debian 10, Ubuntu 18.10 or later"
        )
    return Finding("system", "ok", found)


def python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Check whether this Python is one that the project is tested with."""
    found = ".".join(map(str, version))
    if version < (3, 11):
        return Finding("python", "problem", found, "install Python 3.11, 3.12 or 3.13")
    if version > (3, 13):
        return Finding(
            "python", "warning", found, "tested with 3.11 to 3.13; a package may have no wheel yet"
        )
    return Finding("python", "ok", found)


def package(module: str, command: Sequence[str] | None = None) -> Finding:
    """Import a module in a process of its own, and report how that process ended."""
    name = {"cv2": "opencv"}.get(module, module)
    code = f"import {module}; print({module}.__version__)"
    try:
        done = subprocess.run(
            command or [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(
            name, "problem", "importing it takes more than 2 minutes", "check for a full or failing disk"
        )
    if done.returncode == 0:
        return Finding(name, "ok", done.stdout.strip() + _harmless(done.stderr))
    if done.returncode == -signal.SIGILL:
        found = "it was built for another processor: illegal instruction at import"
        fix = (
            f'install another version: pip install "{name}!=1.21.0,>=1.22"; '
            "1.21.0 crashes on a Raspberry Pi 4"
        )
        return Finding(name, "problem", found, fix)
    if done.returncode < 0:
        found = f"importing it crashes with {signal.Signals(-done.returncode).name}"
        return Finding(name, "problem", found, f"pip install --force-reinstall {_pip_name(module)}")
    reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
    return Finding(name, "problem", reason, import_fix(module, reason))


def _harmless(stderr: str) -> str:
    """Explain what users take for a broken package: onnxruntime looks for graphics cards that a Pi lacks."""
    return "; its message about /sys/class/drm is harmless" if "/sys/class/drm" in stderr else ""


def _pip_name(module: str) -> str:
    return {"cv2": "opencv-python"}.get(module, module)


def import_fix(module: str, reason: str) -> str:
    """Return what to do if importing a package failed; `reason` is the last line of what it printed."""
    if "libGL" in reason:
        return "sudo apt install libgl1 libglib2.0-0, or use opencv-python-headless if no window is needed"
    if "libglib" in reason or "libgthread" in reason:
        return "sudo apt install libglib2.0-0"
    if "numpy" in reason.lower():
        return (
            "it is incompatible with this numpy: pip install --upgrade numpy opencv-python, "
            'or install both with "numpy<2"'
        )
    again = "" if "No module named" in reason else "--force-reinstall "
    return f"pip install {again}{_pip_name(module)}"


def opencv_wheels(installed: Sequence[str] | None = None) -> Finding:
    """Check for several OpenCV wheels: they overwrite each other's files and mix cv2 (opencv-python#370)."""
    if installed is None:
        names = {(dist.metadata["Name"] or "").lower() for dist in metadata.distributions()}
        installed = [wheel for wheel in OPENCV_WHEELS if wheel in names]
    if len(installed) > 1:
        fix = f"pip uninstall -y {' '.join(installed)}; then pip install opencv-python"
        several = f"{', '.join(installed[:-1])} and {installed[-1]}"
        found = f"{several} are {'both' if len(installed) == 2 else 'all'} installed"
        return Finding("opencv wheels", "problem", found, fix)
    return Finding("opencv wheels", "ok", installed[0] if installed else "from the system's packages")


def model() -> Finding:
    """Check that the packaged model is intact and reads digits that cannot be misread."""
    import cv2
    import numpy as np

    from edgedigits.classifier import Classifier
    from edgedigits.errors import EdgeDigitsError

    frames = np.zeros((3, 28, 28), np.uint8)
    cv2.ellipse(frames[0], (14, 14), (6, 9), 0, 0, 360, 255, 2, cv2.LINE_AA)
    cv2.line(frames[1], (14, 4), (14, 23), 255, 2, cv2.LINE_AA)
    cv2.polylines(frames[2], [np.array([(7, 6), (20, 6), (13, 23)], np.int32)], False, 255, 2, cv2.LINE_AA)
    expected = [0, 1, 7]
    try:
        classifier = Classifier.load()
        started = time.perf_counter()
        labels = classifier.predict(frames).probabilities.argmax(axis=1).tolist()
        spent = 1000 * (time.perf_counter() - started)
    except EdgeDigitsError as error:
        return Finding("model", "problem", error.what, error.remedy or "reinstall edgedigits")
    if labels != expected:
        fix = (
            "this processor runs the model incorrectly: "
            "try another version of onnxruntime, and please report it"
        )
        return Finding("model", "problem", f"reads {labels} instead of {expected}", fix)
    contract = classifier.contract
    found = f"{contract.name} {contract.version}, {contract.precision}, {classifier.bytes} bytes, "
    return Finding("model", "ok", found + f"self-test passed in {spent:.1f} ms")
