"""What goes between the process and us: defaults from `EDGEDIGITS_*` variables, a quiet OpenCV, Ctrl-C.

A flag goes over a variable, a variable over the default.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def variable(name: str, default: str | None = None) -> str | None:
    """The value of `EDGEDIGITS_<name>`, or `default` where it is unset or empty.

    A string default is converted by argparse like a flag, and so is refused like one.
    """
    return os.environ.get(f"EDGEDIGITS_{name}") or default


def share(text: str) -> float:
    """Convert a flag for argparse: a number from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def count(text: str) -> int:
    """Convert a flag for argparse: a whole number of 1 or more."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def quieten_opencv() -> None:
    """Keep the libraries' own chatter from between our lines; must come before `import cv2`."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "8")  # AV_LOG_FATAL
    # Windows' MSMF backend takes up to 20 s to open with it (opencv#17687).
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")


@contextmanager
def ctrl_c_ends_imports() -> Iterator[None]:
    """End the process with 130 where Ctrl-C comes while the large libraries are imported.

    Their extensions turn a KeyboardInterrupt into an ImportError that blames the installation, with all
    its traceback. Nothing is open yet that would have to be closed.
    """
    before = signal.getsignal(signal.SIGINT)
    # Ignored, as in a shell's background jobs, it stays; another thread may not change it.
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
