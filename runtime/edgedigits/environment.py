"""What the process gets from outside: defaults from `EDGEDIGITS_*` variables, a quiet OpenCV, Ctrl-C.

A flag overrides a variable, and a variable overrides the default.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from types import FrameType


class _Set(str):
    """The value of a variable; `said` shows where it comes from, for the message if it is refused."""

    __slots__ = ("said",)
    said: str


def variable(name: str, default: str | None = None) -> str | None:
    """Return the value of `EDGEDIGITS_<name>`, or `default` if it is unset or empty.

    argparse converts a string default as it converts a flag, and so refuses it in the same way.
    """
    value = _Set(os.environ.get(f"EDGEDIGITS_{name}", ""))
    value.said = f"EDGEDIGITS_{name}={value}"
    return value or default


def share(text: str) -> float:
    """Convert a flag for argparse: a number from 0 to 1."""
    value = number(text)
    if not 0 <= value <= 1:  # NaN is refused too
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


def one_of(*known: str) -> Callable[[str], str]:
    """Return a converter for argparse, which checks no default against the choices, as of a variable."""

    def convert(text: str) -> str:
        if text not in known:
            raise argparse.ArgumentTypeError(f"{_said(text)} is not one of {', '.join(known)}")
        return text

    return convert


def number(text: str) -> float:
    """Return the number that a flag holds, for converters of flags; NaN if it is not a number."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _said(text: str) -> str:
    return text.said if isinstance(text, _Set) else text


def quieten_opencv() -> None:
    """Silence the log messages of the libraries; must be called before `import cv2`."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "8")  # AV_LOG_FATAL
    # Windows' MSMF backend takes up to 20 s to open with it (opencv#17687).
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")


@contextmanager
def ctrl_c_ends_imports() -> Iterator[None]:
    """End the process with 130 if Ctrl-C comes during an import; otherwise Ctrl-C acts as usual.

    The extension modules of the large libraries turn a KeyboardInterrupt into an ImportError that blames the
    installation, with a full traceback, and callbacks of the import system swallow it.
    """
    before = signal.getsignal(signal.SIGINT)
    # If SIGINT is ignored, as in a shell's background jobs, or somebody else handles it, that stays so.
    if before is not signal.default_int_handler:
        yield
        return
    try:
        signal.signal(signal.SIGINT, _interrupted)
    except ValueError:  # only the main thread may set a handler
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
            with suppress(Exception):  # the output so far; there may be no stdout
                sys.stdout.flush()
            os._exit(130)
        at = at.f_back
    signal.default_int_handler(number, frame)


@contextmanager
def ctrl_c_waits() -> Iterator[None]:
    """Hold Ctrl-C back until the `with` block ends; processes that are started in it never receive it.

    Does nothing on Windows, which cannot hold it back.
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
    """End this multiprocessing worker when its parent ends, but not while the worker holds `busy`.

    Otherwise the workers of a parent that was killed would wait for work forever and keep its pipes open.
    """
    from multiprocessing import parent_process

    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            busy.acquire()  # a file that is being written is finished first
            os._exit(1)

    Thread(target=watch, daemon=True).start()
