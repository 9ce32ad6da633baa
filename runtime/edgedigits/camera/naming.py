"""What a source string names; nothing is imported here, so that `doctor` can use it on any machine."""

from __future__ import annotations

from typing import Final

STREAM_SCHEMES: Final = ("tcp://", "udp://", "rtsp://", "rtsps://", "http://", "https://")


def is_live(source: str) -> bool:
    """Whether the string names a camera or a stream, and not a file."""
    return (
        source.isdecimal()
        or source == "picamera2"
        or source.startswith("/dev/")
        or source.lower().startswith(STREAM_SCHEMES)
    )


def source_name(source: str) -> str:
    """The source as messages call it; what may be a password in an address is not repeated.

    Cameras are given theirs before an @ or among the parameters behind a question mark.
    """
    if source.isdecimal():
        return f"camera {source}"
    scheme, separator, rest = source.partition("://")
    if not separator:  # a file, whose name may hold either
        return source
    host, slash, path = rest.partition("/")
    address, asked, parameters = f"{host.rpartition('@')[2]}{slash}{path}".partition("?")
    return f"{scheme}://{address}{asked}{'…' if parameters else ''}"
