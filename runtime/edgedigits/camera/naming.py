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
    """The source as messages call it; what may be a password in an address is not repeated."""
    if source.isdecimal():
        return f"camera {source}"
    scheme, separator, rest = source.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"
