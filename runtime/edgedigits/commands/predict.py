"""`edgedigits predict`: read the digits in pictures, folders, videos, or a picture on stdin."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from edgedigits.environment import count, one_of, quieten_opencv, share, variable
from edgedigits.errors import UsageError

if TYPE_CHECKING:
    from edgedigits.batch import Outcome
    from edgedigits.pictures import Picture
    from edgedigits.results import Reading


TURNS = ("0", "90", "180", "270", "auto")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="a picture (PNG, JPEG), a folder of pictures, a quoted pattern, a video, or - for stdin",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per picture, one per line")
    parser.add_argument(
        "--all",
        action="store_true",
        help="also report (--json) and draw (--save, --show) shapes that were judged not to be digits",
    )
    parser.add_argument(
        "--save", type=Path, metavar="DIR", help="write annotated copies to DIR; nothing is overwritten"
    )
    parser.add_argument(
        "--show", action="store_true", help="show each picture in a window; any key shows the next one"
    )
    parser.add_argument("--single", action="store_true", help="each picture shows one digit")
    parser.add_argument(
        "--rotate",
        type=one_of(*TURNS),
        choices=TURNS,
        default=variable("ROTATE", "0"),
        help="rotate pictures clockwise by this many degrees first; auto tries all four "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--model", metavar="PATH", default=variable("MODEL"), help="an .onnx file (default: the packaged one)"
    )
    parser.add_argument(
        "--threshold",
        type=share,
        metavar="SHARE",
        default=variable("THRESHOLD"),
        help="0 to 1: the digit score below which a shape is not a digit (default: the model's own)",
    )
    parser.add_argument(
        "--jobs",
        type=count,
        metavar="N",
        default=variable("JOBS", "1"),
        help="how many processes share the pictures (default: %(default)s)",
    )
    parser.add_argument("--debug", type=Path, metavar="DIR", help="write debug pictures of each step to DIR")


def run(args: argparse.Namespace) -> int:
    """Read everything; return 0 if all could be read and written and a digit was found, else 1."""
    quieten_opencv()
    from edgedigits import batch, inputs

    _check(args)
    settings = batch.Settings(
        args.model, args.threshold, args.rotate, args.single, args.debug, args.save, args.all
    )
    items = list(inputs.expand(args.sources))
    named = not inputs.is_one_picture(args.sources)
    outcomes = batch.run(items, settings, jobs=args.jobs, keep_drawn=args.show)
    progress = _Progress(len(items))
    failed = lost = read = digits = saved = 0
    for outcome in outcomes:
        progress.step()
        reading = outcome.reading
        for problem in (outcome.error, *outcome.losses):
            if problem is not None:
                progress.clear()
                print(f"edgedigits: {problem}", file=sys.stderr)
        failed += outcome.error is not None
        lost += len(outcome.losses)
        if reading is None:
            continue
        read += 1
        digits += len(reading.digits)
        saved += outcome.saved is not None
        if args.json:
            print(json.dumps(_as_object(outcome, reading, args.all)))
        else:
            _print_text(outcome.source if named else "", reading)
        if outcome.drawn is not None and not _show(outcome.source, outcome.drawn):
            break
    progress.clear()
    if saved:
        print(f"{saved} annotated {'copy' if saved == 1 else 'copies'} in {args.save}", file=sys.stderr)
    if failed and failed + read > 1:
        print(f"edgedigits: {failed} of {failed + read} inputs could not be read", file=sys.stderr)
    if read and not digits:
        print("edgedigits: no digit was found", file=sys.stderr)
    return 1 if failed or lost or not digits else 0


def _check(args: argparse.Namespace) -> None:
    """Refuse what cannot work, before anything is read."""
    if args.show and args.jobs > 1:
        raise UsageError("--show and --jobs cannot be combined", remedy="leave one of them out")
    if args.show:
        from edgedigits import window

        window.require()
    if args.all and not (args.json or args.save or args.show):
        raise UsageError("--all does nothing by itself", remedy="add --json, --save or --show")
    from tempfile import TemporaryFile

    for flag, folder in (("--save", args.save), ("--debug", args.debug)):
        if folder is None:
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Only trying tells: permissions do not know of disks that are read-only or full.
            with TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise UsageError(
                f"{flag} {folder} cannot be used",
                expected="a folder that can be written to, or a path where one can be created",
                received=error.strerror or str(error),
                remedy=f"choose another folder with {flag}",
            ) from error


def _show(title: str, drawn: Picture) -> bool:
    from edgedigits import window

    return window.show(title, drawn)


def _as_object(outcome: Outcome, reading: Reading, rejected: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"source": outcome.source, **reading.to_dict()}
    if outcome.frame is not None:
        result |= {"frame": outcome.frame, "time": round(outcome.time or 0, 3)}
    if rejected:
        result["rejected"] = [
            {"box": list(shape.box), "digit_score": round(shape.digit_score, 4)} for shape in reading.rejected
        ]
    return result


def _print_text(source: str, reading: Reading) -> None:
    """Print the lines as they are on the page, after the picture's name if there are several pictures."""
    if source:
        for line in reading.text.splitlines() or [""]:
            print(f"{source}: {line}".rstrip())
    elif reading.text:
        print(reading.text)


def _is_terminal(stream: TextIO | None) -> bool:
    """Return whether the stream is a terminal; it is None if the shell closed it."""
    return stream is not None and stream.isatty()


class _Progress:
    """A counter on the terminal, if the results go elsewhere and there is enough to wait for."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = total > 20 and _is_terminal(sys.stderr) and not _is_terminal(sys.stdout)

    def step(self) -> None:
        self._done += 1
        if self._shown:
            print(f"\r{self._done}/{self._total}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
