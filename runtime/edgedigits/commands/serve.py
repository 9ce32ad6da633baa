"""`edgedigits serve`: the web page and its API."""

from __future__ import annotations

import argparse
import secrets
import sys

from edgedigits.environment import quieten_opencv, share, variable
from edgedigits.errors import UsageError
from edgedigits.inputs import refuse_picture

WEAK_BELOW = 16
"""Characters of a token; a shorter one can be guessed by a patient program."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags of `serve`."""
    parser.add_argument(
        "--host", default=variable("HOST", "127.0.0.1"), help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        type=int,
        default=variable("PORT", "8000"),
        help="port to listen on; 0 takes a free one (default: %(default)s)",
    )
    parser.add_argument(
        "--token",
        default=variable("TOKEN", ""),
        help="secret that every request must carry; required if other computers can connect. "
        "EDGEDIGITS_TOKEN keeps it out of the process list",
    )
    parser.add_argument(
        "--source",
        default=variable("SOURCE", "0"),
        help="what the live view shows: a camera number, a video file, a tcp://, rtsp:// or http:// stream, "
        "picamera2, or none (default: %(default)s). It is open only while somebody watches",
    )
    parser.add_argument(
        "--model",
        default=variable("MODEL"),
        metavar="PATH",
        help="an .onnx file (default: the packaged one)",
    )
    parser.add_argument(
        "--threshold",
        type=share,
        default=variable("THRESHOLD"),
        metavar="SHARE",
        help="0 to 1: the digit score below which a shape is not a digit (default: the model's own)",
    )
    parser.add_argument(
        "--viewers",
        type=int,
        default=variable("VIEWERS", "8"),
        metavar="N",
        help="most viewers of each stream at once (default: %(default)s)",
    )
    parser.add_argument(
        "--fps",
        type=float,
        default=variable("FPS", "10"),
        metavar="RATE",
        help="most frames read per second (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C (130) or SIGTERM (0)."""
    _check(args)
    quieten_opencv()
    # Flask comes first: a missing extra must be reported before a model is loaded for nothing.
    from edgedigits.web.guard import is_loopback
    from edgedigits.web.routes import create_app
    from edgedigits.web.server import address, listen
    from edgedigits.web.server import run as serve

    if not is_loopback(args.host) and not args.token:
        raise UsageError(
            f"a server on {args.host} can be reached by others, so it needs a token",
            expected="--token TOKEN, or the variable EDGEDIGITS_TOKEN",
            received="no token",
            remedy=f"for instance --token {secrets.token_urlsafe(16)}",
        )
    from edgedigits.classifier import Classifier
    from edgedigits.web.feed import Feed
    from edgedigits.web.limits import Limits

    limits = Limits(viewers=args.viewers, fps=args.fps)
    classifier = Classifier.load(args.model, threshold=args.threshold)
    feed = Feed(args.source, classifier, limits)
    server = listen(create_app(classifier, feed, limits, args.token), args.host, args.port, limits)

    def ready() -> None:
        print(f"edgedigits: serving at {address(server)} (Ctrl-C stops it)", file=sys.stderr, flush=True)
        if args.token:
            print("  the page asks for the token once, or takes it as /?token=TOKEN", file=sys.stderr)
        if 0 < len(args.token) < WEAK_BELOW:
            print(f"  a token of {WEAK_BELOW} characters or more is safer", file=sys.stderr)

    return serve(server, feed, ready)


def _check(args: argparse.Namespace) -> None:
    for name, value, low, high in (
        ("port", args.port, 0, 65535),
        ("viewers", args.viewers, 1, 100),
        ("fps", args.fps, 0.1, 60),
    ):
        if not low <= value <= high:
            raise UsageError(f"--{name} is out of range", expected=f"{low} to {high}", received=str(value))
    refuse_picture(args.source)
    # Refuses what a header or a form would change; bytes that are not text are not printable characters
    # either. The secret itself is not repeated.
    if args.token != args.token.strip() or not args.token.isprintable():
        raise UsageError(
            "the token cannot be sent as it is",
            expected="printable characters, without spaces before or after them",
            received="spaces at either end, line breaks, control characters, or bytes that are not text",
            remedy=f"for instance --token {secrets.token_urlsafe(16)}",
        )
