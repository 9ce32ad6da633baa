"""Find out why a stream does not open: OpenCV only says that it did not, whatever the reason."""

from __future__ import annotations

import socket
from typing import Final
from urllib.parse import SplitResult, urlsplit

from edgedigits.camera.naming import source_name
from edgedigits.errors import SourceError

_PORTS: Final = {"http": 80, "rtsp": 554}
"""Default ports of the schemes whose servers take any number of connections, so that another one can ask what
is wrong."""
_PATIENCE: Final = 1.0
"""Seconds for each attempt; only the capture thread waits for it."""


def stream_failure(address: str, waited: float) -> SourceError:
    """Return the error for a stream that did not open in `waited` seconds, with the cause if it is found."""
    name = source_name(address)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
    except ValueError as error:  # a port above 65535, or an unclosed bracket
        host, port, reason = "", None, str(error)
    else:
        reason = "no host"
    if not host:
        return SourceError(
            f"{name} is not a valid address: {reason}",
            expected="scheme://host:port/path",
            remedy="correct the address",
        )
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return SourceError(
            f"{name} cannot be found: unknown host {host}",
            received=error.strerror or str(error),
            remedy="check the spelling and the network, or use the IP address instead of the name",
        )
    if parts.scheme in _PORTS and port is not None and (found := _asked(name, parts, host, port)):
        return found
    if waited > _PATIENCE:
        what, received = "sends no picture", f"no picture within {waited:.0f} s"
    else:
        what, received = "does not answer with a video", "no connection, or something that is not a video"
    return SourceError(
        f"{name} {what}",
        expected="a stream that FFmpeg can read",
        received=received,
        remedy=f"check that the sender is running, and its port and path: ffplay {name}",
    )


def _asked(name: str, parts: SplitResult, host: str, port: int) -> SourceError | None:
    """Return what a connection of our own brings to light; None if that is nothing."""
    try:
        with socket.create_connection((host, port), _PATIENCE) as connection:
            status = _status(connection, parts, host)
    except ConnectionRefusedError:
        return SourceError(
            f"{name} refuses the connection: nothing listens on port {port}",
            remedy="start the sender, or correct the port",
        )
    except TimeoutError:
        return SourceError(
            f"{name} does not answer", remedy="check that the sender is switched on and on this network"
        )
    except OSError as error:
        return SourceError(
            f"{name} cannot be reached: {error.strerror or error}", remedy="check the network and the address"
        )
    if status[:3] in ("401", "403"):
        which = "a different" if parts.username else "a"
        return SourceError(
            f"{name} requires {which} user name and password",
            received=status,
            remedy=f"put them into the address: {parts.scheme}://NAME:PASSWORD@{host}...",
        )
    if status[:1] in ("4", "5"):
        return SourceError(
            f"{name} answers {status}", expected="a video", remedy="correct the path after the port"
        )
    return None


def _status(connection: socket.socket, parts: SplitResult, host: str) -> str:
    """Return code and words of the first line of the server's answer, such as "404 Not Found"; "" if none.

    HTTP and RTSP are alike as far as this goes. The name and password are not sent: they could be overheard,
    and a server that wanted them got them from FFmpeg.
    """
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme == "rtsp":
        request = f"DESCRIBE rtsp://{host}:{parts.port or 554}{path} RTSP/1.0\r\nCSeq: 1\r\n\r\n"
    else:
        request = f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n"
    try:
        connection.sendall(request.encode())
        said = connection.recv(200).decode("latin-1")
    except OSError:  # it accepted the connection, but does not speak HTTP or RTSP
        return ""
    version, _, status = said.partition("\r\n")[0].partition(" ")
    return status.strip() if version.startswith(("HTTP/", "RTSP/")) else ""
