"""`edgedigits webcam`: read digits live from a camera, a video or a stream."""

from __future__ import annotations

import argparse
import json
import sys

from edgedigits.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "--source",
        default="0",
        help="camera number, video file, tcp:// rtsp:// http:// address, or picamera2 (default: 0)",
    )
    parser.add_argument("--model", metavar="PATH", help="model file (default: the packaged one)")
    parser.add_argument("--threshold", type=float, help="digit score below which a shape is left out")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout for each change")
    parser.add_argument("--realtime", action="store_true", help="play a video file at its own pace")
    parser.add_argument(
        "--stable", type=float, default=0.3, help="seconds before a digit counts (default: 0.3)"
    )
    parser.add_argument(
        "--forget", type=float, default=0.5, help="seconds before one is let go (default: 0.5)"
    )


def run(args: argparse.Namespace) -> int:
    """Watch until the source ends or the user does."""
    from edgedigits.classifier import Classifier
    from edgedigits.live import Watcher
    from edgedigits.reader import Reader
    from edgedigits.sources import open_source
    from edgedigits.tracking import Tracker

    if min(args.stable, args.forget) < 0:
        raise UsageError("a span cannot be negative", received=f"{min(args.stable, args.forget)}")
    reader = Reader(Classifier.load(args.model, threshold=args.threshold))
    stream = open_source(args.source, realtime=args.realtime, notice=_say)
    try:
        watcher = Watcher(stream, reader.read, Tracker(stable=args.stable, forget=args.forget))
        for moment in watcher.moments():
            if moment is not None and moment.changed:
                line = json.dumps(moment.to_dict(stream.name)) if args.json else moment.steady.text
                print(line, flush=True)
    finally:
        stream.close()
    return 0 if watcher.announced else 1


def _say(message: str) -> None:
    print(f"edgedigits: {message}", file=sys.stderr)
