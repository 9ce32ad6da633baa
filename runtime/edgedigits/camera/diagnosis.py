"""Find out why a camera does not open: OpenCV only says that it did not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from edgedigits.camera.naming import source_name
from edgedigits.errors import SourceError


def cameras(devices: Path = Path("/dev")) -> list[Path]:
    """Return the video nodes of this machine in the order of their numbers; empty if it has no /dev."""
    nodes = [node for node in devices.glob("video*") if node.name[5:].isdecimal()]
    return sorted(nodes, key=lambda node: int(node.name[5:]))


def holders(node: Path, processes: Path = Path("/proc")) -> list[str]:
    """Return the other programs that have the node open, as "name (process 123)", if we may look at them."""
    found = []
    for folder in processes.glob("[0-9]*"):
        try:
            open_files = [str(entry.readlink()) for entry in (folder / "fd").iterdir()]
            name = (folder / "comm").read_text("utf-8", "replace").strip()
        except OSError:  # another user's process, or one that has just ended
            continue
        if str(node) in open_files and folder.name != str(os.getpid()):
            found.append(f"{name} (process {folder.name})")
    return found


def camera_failure(
    source: str, backend: str, devices: Path = Path("/dev"), processes: Path = Path("/proc")
) -> SourceError:
    """Return the error for a camera that did not open, with the cause as far as it can be found."""
    name = source_name(source)
    if sys.platform == "darwin":
        return SourceError(
            f"{name} does not open",
            remedy="allow the terminal to use the camera in System Settings, Privacy & Security, Camera; "
            "then start the terminal again",
        )
    if sys.platform != "linux":
        return SourceError(
            f"{name} does not open with the backend {backend}",
            remedy="close other programs that show the camera, allow camera access in the privacy "
            "settings, or try --backend msmf",
        )
    node = devices / f"video{source}" if source.isdecimal() else Path(source)
    found = cameras(devices)
    if not node.exists():
        others = ", ".join(str(other) for other in found)
        return SourceError(
            f"there is no {name}",
            expected=f"the device {node}",
            received=f"only {others}" if others else "no camera at all",
            remedy=f"try --source {found[0].name[5:]}"
            if found
            else "plug one in; for a Raspberry Pi camera use --source picamera2; "
            "in a container pass --device",
        )
    if not os.access(node, os.R_OK | os.W_OK):
        return SourceError(
            f"{name} may not be opened by this user",
            expected=f"read and write access to {node}",
            received="permission denied",
            remedy="sudo usermod -aG video $USER, then log in again; in a container add --group-add video",
        )
    users = holders(node, processes)
    if users:
        return SourceError(
            f"{name} is busy", received=f"open in {', '.join(users)}", remedy="close that program"
        )
    return SourceError(
        f"{name} exists but does not open",
        expected="a device that captures video",
        received=f"{node}, which may be a camera's second node (metadata) or held by another user's program",
        remedy=f"try another one: {', '.join(str(other) for other in found)}",
    )


def read_failure(source: str) -> SourceError:
    """Return the error for a camera that opens but gives no picture, as a Pi camera does (opencv#25072)."""
    return SourceError(
        f"{source_name(source)} opens but gives no picture",
        expected="a picture",
        received="none",
        remedy="a Raspberry Pi camera module needs --source picamera2; with a USB camera try --fourcc MJPG "
        "or another USB port, or check it with another program",
    )
