"""`edgedigits doctor`: check this machine and say what to fix."""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edgedigits.doctor.software import Finding

_COLOURS = {"ok": "32", "warning": "33", "problem": "31"}
_MARKS = {"ok": "ok", "warning": "!", "problem": "PROBLEM"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--json", action="store_true", help="one JSON object with all findings")


def run(args: argparse.Namespace) -> int:
    """Check everything; return 1 if something keeps edgedigits from working."""
    findings = examine()
    healthy = all(finding.status != "problem" for finding in findings)
    if args.json:
        print(json.dumps({"ok": healthy, "findings": [finding.to_dict() for finding in findings]}))
        return 0 if healthy else 1
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        print(_line(finding, width, coloured))
    print(
        "\nno problems found" if healthy else "\nfix the problems above, then run `edgedigits doctor` again"
    )
    return 0 if healthy else 1


def examine() -> list[Finding]:
    """Return all findings of this machine; later checks leave out what cannot be imported."""
    from edgedigits.doctor import devices, software

    findings = [software.architecture(), software.operating_system(), software.python()]
    packages = [software.package("numpy"), software.package("cv2"), software.package("onnxruntime")]
    findings += [*packages, software.opencv_wheels()]
    usable = {finding.name for finding in packages if finding.status == "ok"}
    if len(usable) == len(packages):
        findings.append(software.model())
    if "opencv" in usable:
        findings.append(devices.display())
    findings += devices.camera_nodes()
    findings += devices.pi_camera(devices.board_name())
    return findings + devices.temperature() + devices.throttling()


def _line(finding: Finding, width: int, coloured: bool) -> str:
    mark = f"{_MARKS[finding.status]:<7}"
    if coloured:
        mark = f"\x1b[{_COLOURS[finding.status]}m{mark}\x1b[0m"
    line = f"{mark}  {finding.name:<{width}}  {finding.found}"
    if finding.fix:
        line += "\n" + textwrap.indent(f"-> {finding.fix}", " " * (width + 11))
    return line
