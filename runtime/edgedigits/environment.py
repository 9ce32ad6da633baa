"""What goes between the process and us: defaults from `EDGEDIGITS_*` variables, a quiet OpenCV, Ctrl-C.

A flag goes over a variable, a variable over the default.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from types import FrameType


class _Set(str):
    """The value of a variable, which says where it comes from if it is refused."""

    __slots__ = ("said",)
    said: str


def variable(name: str, default: str | None = None) -> str | None:
    """The value of `EDGEDIGITS_<name>`, or `default` where it is unset or empty.

    A string default is converted by argparse like a flag, and so is refused like one.
    """
    value = _Set(os.environ.get(f"EDGEDIGITS_{name}", ""))
    value.said = f"EDGEDIGITS_{name}={value}"
    return value or default


def share(text: str) -> float:
    """Convert a flag for argparse: a number from 0 to 1."""
    value = number(text)
    if not 0 <= value <= 1:  # nan is not either
        raise argparse.ArgumentTypeError(f"{_said(text)} is not a number from 0 to 1, like 0.5")
    return value


def count(text: str) -> int:
    """Convert a flag for argparse: a whole number of 1 or more."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{_said(text)} is not a whole number of 1 or more, like 4")
    return value


def number(text: str) -> float:
    """The number that a flag says, for what converts one: nan where it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _said(text: str) -> str:
    return text.said if isinstance(text, _Set) else text


def quieten_opencv() -> None:
    """Keep the libraries' own chatter from between our lines; must come before `import cv2`."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "8")  # AV_LOG_FATAL
    # Windows' MSMF backend takes up to 20 s to open with it (opencv#17687).
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")


@contextmanager
def ctrl_c_ends_imports() -> Iterator[None]:
    """End the process with 130 where Ctrl-C comes while something is imported; else it is as always.

    The extensions of the large libraries turn a KeyboardInterrupt into an ImportError that blames the
    installation, with all its traceback, and the import system's own callbacks swallow it.
    """
    before = signal.getsignal(signal.SIGINT)
    # Ignored, as in a shell's background jobs, it stays; so does what somebody else has set.
    if before is not signal.default_int_handler:
        yield
        return
    try:
        signal.signal(signal.SIGINT, _interrupted)
    except ValueError:  # only the main thread may change it
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupted(number: int, frame: FrameType | None) -> None:
    at = frame
    while at is not None:
        if at.f_code.co_filename == "<frozen importlib._bootstrap>":
            with suppress(Exception):  # what was said so far; there may be no stdout
                sys.stdout.flush()
            os._exit(130)
        at = at.f_back
    signal.default_int_handler(number, frame)


@contextmanager
def ctrl_c_waits() -> Iterator[None]:
    """Hold Ctrl-C back for a moment; processes that are started meanwhile never get it.

    Windows cannot hold it back: there it is as always.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent(busy: Lock) -> None:
    """End this process, started by multiprocessing, when its parent does, but not while it is `busy`.

    A parent that is killed ends nobody: its workers would wait for work for good, and hold its pipes open.
    """
    from multiprocessing import parent_process

    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            busy.acquire()  # a file that is being written gets its name first
            os._exit(1)

    Thread(target=watch, daemon=True).start()
