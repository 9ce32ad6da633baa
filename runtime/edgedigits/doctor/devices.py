"""Check what is attached to the machine: display, cameras, and a Raspberry Pi's health."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from edgedigits.camera.diagnosis import cameras, holders
from edgedigits.doctor.software import Finding, package

_HOT: Final = 80.0
"""Degrees Celsius at which a Raspberry Pi starts to slow down."""
_THROTTLED: Final = {0: "under-voltage", 1: "frequency capped", 2: "throttled", 3: "soft temperature limit"}
"""Bits of `vcgencmd get_throttled`; the same bits 16 higher say that it has happened since the start.
https://www.raspberrypi.com/documentation/computers/os.html#get_throttled"""


def display(environment: Mapping[str, str] = os.environ) -> Finding:
    """Check whether `webcam` and `predict --show` can open a window; not a problem, since none is needed."""
    from edgedigits import display as windows

    why = windows.problem(environment)
    if not why:
        return Finding("display", "ok", "windows can be opened")
    if "without window support" in why:
        fix = "for a window: pip uninstall opencv-python-headless; pip install opencv-python"
    else:
        fix = "for a window: start it on the desktop, or with ssh -X; without one all verbs work headless"
    return Finding("display", "warning", why, fix)


def camera_nodes(
    devices: Path = Path("/dev"), sys_class: Path = Path("/sys/class"), processes: Path = Path("/proc")
) -> list[Finding]:
    """Return a finding for each camera that Linux knows, or one that says that there is none."""
    if not sys.platform.startswith("linux"):
        return [Finding("cameras", "ok", "not listed on this system; try `edgedigits webcam --source 0`")]
    found = []
    for node in cameras(devices):
        label = sys_class / "video4linux" / node.name / "name"
        name = label.read_text("utf-8", "replace").strip() if label.is_file() else "unnamed"
        title = f"camera {node.name[5:]}"
        users = holders(node, processes)
        if not os.access(node, os.R_OK | os.W_OK):
            fix = "sudo usermod -aG video $USER, then log in again"
            found.append(Finding(title, "problem", f"{name}: permission denied", fix))
        elif users:
            found.append(
                Finding(title, "warning", f"{name}: in use by {', '.join(users)}", "close that program")
            )
        else:
            found.append(Finding(title, "ok", name))
    if found:
        return found
    fix = (
        "plug one in; for a Raspberry Pi camera use --source picamera2; "
        "in a container pass --device /dev/video0"
    )
    return [Finding("cameras", "warning", "none found", fix)]


def pi_camera(board: str) -> list[Finding]:
    """Check whether picamera2 can be imported, on a Raspberry Pi or where it is installed."""
    if importlib.util.find_spec("picamera2") is None:
        if "Raspberry Pi" not in board:
            return []
        fix = (
            "for the Pi camera: sudo apt install python3-picamera2, and create the environment with "
            "`python3 -m venv --system-site-packages .venv`"
        )
        return [Finding("picamera2", "warning", "not installed in this environment", fix)]
    finding = package("picamera2", [sys.executable, "-c", "import picamera2; print('can be imported')"])
    if finding.status == "problem" and "numpy" in finding.found:
        fix = 'pip install "numpy<2" "opencv-python<4.12" in this environment'
        return [Finding("picamera2", "problem", finding.found, fix)]
    return [finding]


def board_name(root: Path = Path("/")) -> str:
    """Return the board's model, such as "Raspberry Pi 4 Model B Rev 1.4"; "" on a PC."""
    path = root / "proc/device-tree/model"
    return path.read_text("utf-8", "replace").strip("\0 \n") if path.is_file() else ""


def temperature(root: Path = Path("/")) -> list[Finding]:
    """Return the processor's temperature if the system reports one."""
    path = root / "sys/class/thermal/thermal_zone0/temp"
    try:
        degrees = int(path.read_text()) / 1000
    except (OSError, ValueError):
        return []
    found = f"{degrees:.0f} °C"
    if degrees >= _HOT:
        return [Finding("temperature", "warning", found, "it slows down when hot: add a heat sink or a fan")]
    return [Finding("temperature", "ok", found)]


def throttling(answer: str | None = None) -> list[Finding]:
    """Return what a Raspberry Pi reports about its power and heat; nothing elsewhere.

    `answer` is the output of `vcgencmd get_throttled`, such as "throttled=0x50005".
    """
    if answer is None:
        tool = shutil.which("vcgencmd")
        if tool is None:
            return []
        answer = subprocess.run([tool, "get_throttled"], capture_output=True, text=True, check=False).stdout
    try:
        bits = int(answer.strip().partition("=")[2], 16)
    except ValueError:
        return [Finding("throttling", "warning", f"unexpected answer from vcgencmd: {answer.strip()!r}")]
    now = [text for bit, text in _THROTTLED.items() if bits >> bit & 1]
    before = [text for bit, text in _THROTTLED.items() if bits >> (bit + 16) & 1]
    if not now and not before:
        return [Finding("throttling", "ok", "none since boot")]
    found = f"now: {', '.join(now)}" if now else f"since boot: {', '.join(before)}"
    power = "under-voltage" in (*now, *before)
    fix = "use the official power supply and a short cable" if power else "add a heat sink or a fan"
    return [Finding("throttling", "warning", found, fix)]
