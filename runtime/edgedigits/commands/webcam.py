"""`edgedigits webcam`: read digits live from a camera, a video or a stream."""

from __future__ import annotations

import argparse
import json
import math
import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from edgedigits.environment import number, one_of, quieten_opencv, share, variable
from edgedigits.errors import SourceError, UsageError
from edgedigits.inputs import refuse_picture

if TYPE_CHECKING:
    from edgedigits.live import Moment, Watcher
    from edgedigits.webcam.session import Session

TURNS = ("0", "90", "180", "270")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    add = parser.add_argument
    add(
        "--source",
        default=variable("SOURCE", "0"),
        help="camera number, video file, tcp:// rtsp:// http:// address, or picamera2 (default: %(default)s)",
    )
    add("--json", action="store_true", help="one JSON object on stdout for each change")
    add("--headless", action="store_true", help="do not open a window, even if there is a display")
    add("--realtime", action="store_true", help="play a video file at its own pace, as a window always does")
    add(
        "--model", metavar="PATH", default=variable("MODEL"), help="an .onnx file (default: the packaged one)"
    )
    add(
        "--threshold",
        type=share,
        metavar="SHARE",
        default=variable("THRESHOLD"),
        help="0 to 1: the digit score below which a shape is not a digit (default: the model's own)",
    )
    add(
        "--rotate",
        type=one_of(*TURNS),
        choices=TURNS,
        default=variable("ROTATE", "0"),
        help="rotate the picture clockwise by this many degrees before it is read (default: %(default)s)",
    )
    add("--roi", type=_box, metavar="X,Y,W,H", help="read only this part of the picture")
    steady = parser.add_argument_group("smoothing")
    steady.add_argument(
        "--stable",
        type=_span,
        default=0.3,
        metavar="SECONDS",
        help="how long a digit must be seen before it is announced (default: %(default)s)",
    )
    steady.add_argument(
        "--forget",
        type=_span,
        default=0.5,
        metavar="SECONDS",
        help="how long a digit must be missing before it is removed (default: %(default)s)",
    )
    steady.add_argument(
        "--raw", action="store_true", help="no smoothing: announce what is read in each frame"
    )
    camera = parser.add_argument_group("camera")
    camera.add_argument("--size", type=_size, default=(0, 0), metavar="WxH", help="picture size to ask for")
    camera.add_argument("--fps", type=_rate, default=0, metavar="RATE", help="frame rate to ask for")
    camera.add_argument("--fourcc", default="", help="pixel format to ask for; MJPG is often the fastest")
    camera.add_argument(
        "--backend", default="", help="OpenCV backend, such as v4l2, dshow, msmf, avfoundation"
    )
    camera.add_argument(
        "--patience",
        type=_span,
        default=10,
        metavar="SECONDS",
        help="how long to wait for a camera's first picture (default: %(default)s; inf for a service)",
    )
    keep = parser.add_argument_group("saving")
    keep.add_argument(
        "--snapshots",
        type=Path,
        default=Path("snapshots"),
        metavar="DIR",
        help="where the key s saves picture, crops and JSON (default: %(default)s)",
    )
    keep.add_argument(
        "--collect",
        type=Path,
        metavar="DIR",
        help="save 28x28 frames to DIR, labelled by keys, for `edgedigits train --extra DIR`",
    )
    keep.add_argument(
        "--label",
        choices=(*map(str, range(10)), "none"),
        help="with --collect: save everything that is read under this label; needs no window",
    )


def run(args: argparse.Namespace) -> int:
    """Watch until the source or the user ends it; return 1 if it ended early or no digit was announced."""
    if args.label and not args.collect:
        raise UsageError("--label needs --collect", remedy="add --collect DIR")
    quieten_opencv()
    refuse_picture(args.source)
    from edgedigits import display
    from edgedigits.webcam.session import Session

    if args.source == "picamera2":
        _need_picamera2()
    no_window = "asked for" if args.headless else display.problem()
    if no_window and args.collect and not args.label:
        raise UsageError(
            "--collect takes labels from keys, which needs a window",
            received=no_window,
            remedy="show one kind of digit only, and say which: --label 4",
        )
    if no_window and not args.headless:
        _say(f"no window: {no_window}; continuing without one")
    session = Session(args, windowed=not no_window, say=_say)
    code = 130
    try:
        for moment in session.moments():
            if moment is not None and moment.changed:
                print(_line(moment, session, args.json), flush=True)
            elif _consumer_gone():
                raise BrokenPipeError
        code = _end(session.watcher, session)
    except KeyboardInterrupt:
        pass
    finally:
        released = session.close()
    if not released:  # a driver that hangs would keep the interpreter from ending
        sys.stdout.flush()
        os._exit(code)
    return code


def _need_picamera2() -> None:
    """Raise `SourceError` at once if picamera2 is missing or does not fit: waiting does not install it."""
    from edgedigits.camera.picamera import load

    try:
        load()
    except SourceError:
        raise
    except Exception:  # the stream reports whatever else breaks its import
        return


def _end(watcher: Watcher, session: Session) -> int:
    counts = (
        f"{watcher.frames} {'frame' if watcher.frames == 1 else 'frames'} read, {watcher.overtaken} dropped"
    )
    _say(f"{counts}, {session.saved}" if session.saved else counts)
    if not watcher.announced and not session.saved:
        _say("no digit was found")
        return 1
    return 1 if watcher.stream.ended and watcher.stream.trouble else 0


def _line(moment: Moment, session: Session, as_json: bool) -> str:
    if as_json:
        return json.dumps(moment.to_dict(session.watcher.stream.name))
    return f"{moment.frame.time:8.2f} s  {moment.steady.text.replace(chr(10), ' / ') or '-'}"


def _consumer_gone() -> bool:
    """Return whether nobody reads our output any more, without writing to it."""
    if not hasattr(select, "poll"):  # Windows
        return False
    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):  # stdout was replaced by something without a file descriptor
        return False
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _say(message: str) -> None:
    print(f"edgedigits: {message}", file=sys.stderr, flush=True)


def _span(text: str) -> float:
    value = number(text)
    if not value >= 0:  # nan is not either
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds, like 0.5")
    return value


def _rate(text: str) -> float:
    value = number(text)
    if not 0 < value < math.inf:  # nan is neither
        raise argparse.ArgumentTypeError(f"{text} is not a number of frames per second above 0, like 30")
    return value


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not width.isdecimal() or not height.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a size like 640x480")
    if not int(width) or not int(height):
        raise argparse.ArgumentTypeError(f"{text} has no area; expected a size like 640x480")
    return int(width), int(height)


def _box(text: str) -> tuple[int, int, int, int]:
    values = text.split(",")
    if len(values) != 4 or not all(value.strip().isdecimal() for value in values):
        raise argparse.ArgumentTypeError(f"{text} is not a region like 100,50,200,200")
    x, y, width, height = map(int, values)
    if not width or not height:
        raise argparse.ArgumentTypeError(f"{text} has no area")
    return x, y, width, height
