"""Find out whether a window can be opened, before OpenCV is asked for one.

Without a display, the Qt inside opencv-python aborts the process, which no `except` can catch. So everything
that would make it abort is checked first, including a connection to the display.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path


def problem(environment: Mapping[str, str] = os.environ) -> str:
    """Return why no window can be opened, in words; "" if one can."""
    import cv2

    toolkit = gui(cv2.getBuildInformation())
    if toolkit == "NONE":
        return f"this OpenCV ({cv2.__version__}) is built without window support, like opencv-python-headless"
    if not sys.platform.startswith("linux"):
        return ""
    x11, wayland = environment.get("DISPLAY"), environment.get("WAYLAND_DISPLAY")
    if not x11 and not wayland:
        return "neither DISPLAY nor WAYLAND_DISPLAY is set"
    plugins = Path(cv2.__file__).parent / "qt" / "plugins" / "platforms"
    wanted = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if plugins.is_dir():
        there = sorted(path.name[4:].split(".")[0] for path in plugins.glob("libq*.so"))
        if wanted and wanted not in there:
            return f"QT_QPA_PLATFORM is {wanted}, but this OpenCV supports only {', '.join(there)}"
        if not x11 and not any(name.startswith("wayland") for name in there):
            return "this OpenCV needs an X display (XWayland), but DISPLAY is not set"
    if x11 and not _answers(x11):
        return f"the display {x11} does not answer or refuses this user"
    return ""


def gui(build_information: str) -> str:
    """Return the GUI toolkit in OpenCV's build information, like QT5, GTK3 or NONE; "" if it names none."""
    lines = (line.partition(":") for line in build_information.splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == "GUI"), "")


def _answers(display: str) -> bool:
    """Return whether the display accepts a connection by libxcb, which reports a failure where Qt aborts."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False  # the Qt plugin needs it too
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed
