"""A window that shows pictures one by one, if this machine has a display."""

from __future__ import annotations

from typing import Final

import cv2

from edgedigits.display import problem
from edgedigits.errors import EdgeDigitsError
from edgedigits.pictures import Picture

_LARGEST: Final = 900
"""Longer side of the window in pixels, so that a photograph fits on a small laptop's screen."""
_QUIT: Final = (ord("q"), 27)


def require() -> None:
    """Raise `EdgeDigitsError` if no window can be opened."""
    reason = problem()
    if reason:
        raise EdgeDigitsError(
            "no window can be opened",
            expected="a display",
            received=reason,
            remedy="use --save DIR instead of --show",
        )


def show(title: str, picture: Picture) -> bool:
    """Show a picture until a key is pressed; False if the user wants no more (q, Esc or window closed)."""
    cv2.namedWindow("edgedigits", cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
    shrink = min(1.0, _LARGEST / max(picture.shape[:2]))
    cv2.resizeWindow("edgedigits", round(picture.shape[1] * shrink), round(picture.shape[0] * shrink))
    # A file name may hold bytes that are not UTF-8, on which OpenCV crashes.
    cv2.setWindowTitle("edgedigits", title.encode(errors="replace").decode())
    cv2.imshow("edgedigits", picture)
    while cv2.getWindowProperty("edgedigits", cv2.WND_PROP_VISIBLE) >= 1:
        key = cv2.waitKey(50)
        if key >= 0:
            return key & 0xFF not in _QUIT
    return False
