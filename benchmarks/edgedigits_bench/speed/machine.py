"""What the figures were measured on: hardware, software, and whether the machine was otherwise idle."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

TELLING_FLAGS = (
    "avx2", "avx_vnni", "avx512f", "avx512_vnni", "amx_int8",  # x86: what int8 kernels choose between
    "asimd", "asimddp", "i8mm", "sve", "sve2",  # Arm: asimddp is the dot product of Armv8.2
)  # fmt: skip
PACKAGES = (
    "edgedigits", "numpy", "opencv-python", "opencv-python-headless", "onnxruntime",
    "ai-edge-litert", "tensorflow", "keras", "onnx",
)  # fmt: skip
BUSY = 0.5
"""Load average per core above which another program takes time from the measurement."""
_THROTTLE_BITS = {
    0: "under-voltage now",
    1: "frequency capped now",
    2: "throttled now",
    3: "soft temperature limit now",
    16: "under-voltage has occurred",
    17: "frequency has been capped",
    18: "throttling has occurred",
    19: "soft temperature limit has occurred",
}
"""https://www.raspberrypi.com/documentation/computers/os.html#get_throttled"""


def describe(root: Path = Path("/")) -> dict[str, Any]:
    """Return facts that do not change during a run; /proc and /sys are looked for below `root`."""
    cpuinfo = _text(root / "proc/cpuinfo")
    board = _text(root / "proc/device-tree/model").rstrip("\0")
    return {
        "name": board or _field(cpuinfo, "model name") or platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "cores": os.cpu_count() or 1,
        "cpu_flags": cpu_flags(cpuinfo),
        "virtual": "hypervisor" in _field(cpuinfo, "flags").split(),
        "memory_mb": int((re.findall(r"MemTotal:\s+(\d+)", _text(root / "proc/meminfo")) or ["0"])[0])
        // 1024,
        "os": os_name(_text(root / "etc/os-release")) or platform.platform(),
        "kernel": platform.release(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def versions() -> dict[str, str]:
    """Return the versions of the packages involved, if they are installed."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def state(root: Path = Path("/")) -> dict[str, Any]:
    """Return what may change during a run: clock, temperature, throttling, load. None where unknown."""
    policy = root / "sys/devices/system/cpu/cpu0/cpufreq"
    temperatures = [
        int(text) / 1000
        for zone in sorted((root / "sys/class/thermal").glob("thermal_zone*/temp"))
        if re.fullmatch(r"-?\d+", text := _text(zone))
    ]
    frequency = _text(policy / "scaling_cur_freq")
    load = _text(root / "proc/loadavg").split()
    return {
        "governor": _text(policy / "scaling_governor") or None,
        "frequency_mhz": int(frequency) // 1000 if frequency.isdecimal() else None,
        "temperature_c": max(temperatures, default=None),
        "throttled": throttled(_vcgencmd()),
        "load_average": float(load[0]) if load else None,
    }


def warnings(before: dict[str, Any], after: dict[str, Any], cores: int) -> list[str]:
    """Return sentences on what makes the figures less reliable, most important first."""
    found = []
    new = [item for item in after["throttled"] or [] if item not in (before["throttled"] or [])]
    for item in sorted({*new, *(i for i in before["throttled"] or [] if i.endswith("now"))}):
        found.append(
            f"the processor reports: {item}; these figures are void: improve its cooling or power supply"
        )
    load = before["load_average"]
    if load is not None and load > BUSY * cores:
        found.append(
            f"other programs were running (load average {load:.2f} on {cores} cores before the start)"
        )
    if before["governor"] not in (None, "performance"):
        found.append(f"the frequency governor is '{before['governor']}', so short work runs below full clock")
    first, last = before["frequency_mhz"], after["frequency_mhz"]
    if first and last and last < 0.9 * first:
        found.append(f"the clock fell from {first} to {last} MHz during the run")
    return found


def slug(name: str) -> str:
    """Turn a machine's name into a file name: `Raspberry Pi 5 Rev 1.0` -> `raspberry-pi-5-rev-1-0`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "machine"


def cpu_flags(cpuinfo: str) -> list[str]:
    """Return those of `TELLING_FLAGS` that /proc/cpuinfo lists, in either of its two formats."""
    present = set((_field(cpuinfo, "flags") or _field(cpuinfo, "Features")).split())
    return [flag for flag in TELLING_FLAGS if flag in present]


def os_name(os_release: str) -> str:
    """Return the pretty name in /etc/os-release."""
    found = re.search(r'^PRETTY_NAME="?([^"\n]*)"?$', os_release, re.MULTILINE)
    return found[1] if found else ""


def throttled(answer: str) -> list[str] | None:
    """Return what `vcgencmd get_throttled` (`throttled=0x50005`) means in words; None without an answer."""
    found = re.search(r"throttled=0x([0-9a-fA-F]+)", answer)
    if not found:
        return None
    bits = int(found[1], 16)
    return [words for bit, words in _THROTTLE_BITS.items() if bits >> bit & 1]


def _vcgencmd() -> str:
    try:
        return subprocess.run(
            ["vcgencmd", "get_throttled"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _field(cpuinfo: str, name: str) -> str:
    found = re.search(rf"^{re.escape(name)}\s*:\s*(.*)$", cpuinfo, re.MULTILINE)
    return found[1].strip() if found else ""
