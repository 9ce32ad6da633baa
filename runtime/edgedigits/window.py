"""A window that shows pictures one by one, where this machine has a display."""

from __future__ import annotations

import os
import sys
from typing import Final

import cv2

from edgedigits.errors import EdgeDigitsError
from edgedigits.pictures import Picture

_LARGEST: Final = 900
"""Pixels of the longer side, so that a photograph fits on a small laptop's screen."""
_QUIT: Final = (ord("q"), 27)


def require() -> None:
    """Raise `EdgeDigitsError` where no window can be opened.

    OpenCV's Qt aborts the process without a display, which cannot be caught, so it is looked for
    before the first call.
    """
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise EdgeDigitsError(
            "no window can be opened",
            expected="a display",
            received="neither DISPLAY nor WAYLAND_DISPLAY is set",
            remedy="use --save DIR instead of --show",
        )
    gui = next((line for line in cv2.getBuildInformation().splitlines() if "GUI:" in line), "")
    if "NONE" in gui:
        raise EdgeDigitsError(
            "no window can be opened",
            expected="opencv-python",
            received=f"OpenCV {cv2.__version__} without windows (opencv-python-headless)",
            remedy="use --save DIR instead of --show",
        )


def show(title: str, picture: Picture) -> bool:
    """Show a picture until a key is pressed; False when the user wants no more (q, Esc, closed)."""
    cv2.namedWindow("edgedigits", cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)
    shrink = min(1.0, _LARGEST / max(picture.shape[:2]))
    cv2.resizeWindow("edgedigits", round(picture.shape[1] * shrink), round(picture.shape[0] * shrink))
    cv2.setWindowTitle("edgedigits", title)
    cv2.imshow("edgedigits", picture)
    while cv2.getWindowProperty("edgedigits", cv2.WND_PROP_VISIBLE) >= 1:
        key = cv2.waitKey(50)
        if key >= 0:
            return key & 0xFF not in _QUIT
    return False
