"""What a source string names; imports nothing, so that `doctor` can use it on any machine."""

from __future__ import annotations

from typing import Final

STREAM_SCHEMES: Final = ("tcp://", "udp://", "rtsp://", "rtsps://", "http://", "https://")


def is_live(source: str) -> bool:
    """Return whether the string names a camera or a stream, not a file."""
    return (
        source.isdecimal()
        or source == "picamera2"
        or source.startswith("/dev/")
        or source.lower().startswith(STREAM_SCHEMES)
    )


def source_name(source: str) -> str:
    """Return the name of the source for messages, without what may be a password in an address.

    Cameras take passwords before an @ or among the parameters after a question mark.
    """
    if source.isdecimal():
        return f"camera {source}"
    scheme, separator, rest = source.partition("://")
    if not separator:  # a file name may contain either
        return source
    host, slash, path = rest.partition("/")
    address, asked, parameters = f"{host.rpartition('@')[2]}{slash}{path}".partition("?")
    return f"{scheme}://{address}{asked}{'…' if parameters else ''}"
