"""Run the page in waitress: sockets, threads, signals, and an orderly end."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import waitress
from flask import Flask

from edgedigits.errors import EdgeDigitsError
from edgedigits.web.channel import UNFINISHED_S, Channel
from edgedigits.web.feed import Feed
from edgedigits.web.limits import Limits

DEAD_AFTER_MS: Final = 20_000
"""A viewer that acknowledges nothing for this long, such as a phone that was carried away, is dropped."""
SEND_AHEAD: Final = 256 * 1024
"""Bytes buffered for a slow viewer before its stream waits: two or three frames, not sixteen megabytes."""
LOOK_EVERY_S: Final = 3
"""Seconds between two checks for connections without a complete request for `UNFINISHED_S`."""


def listen(app: Flask, host: str, port: int, limits: Limits) -> Any:
    """Open the socket, return the server; raises `EdgeDigitsError` if that fails. Port 0 takes a free one."""
    sockets: dict[int, Any] = {}
    try:
        server = waitress.create_server(
            app,
            map=sockets,
            host=host,
            port=port,
            threads=limits.threads,
            connection_limit=4 * limits.threads,
            channel_timeout=UNFINISHED_S,
            cleanup_interval=LOOK_EVERY_S,
            # Above the page's own limit, so that its answer in JSON is the one that is sent. Bodies above
            # half a megabyte are kept in an unnamed temporary file, not in memory, and those of requests
            # without the token nowhere.
            max_request_body_size=2 * limits.body_bytes,
            outbuf_high_watermark=SEND_AHEAD,
            ident="edgedigits",
            trusted_proxy="127.0.0.1",
            trusted_proxy_headers={"x-forwarded-proto"},
            clear_untrusted_proxy_headers=True,
        )
    except (OSError, ValueError) as error:
        raise EdgeDigitsError(
            f"cannot listen on {host} port {port}",
            expected="a free port on an address of this computer",
            received=getattr(error, "strerror", None) or str(error),
            remedy="choose another with --port, or 0 for any free one",
        ) from error
    for each in sockets.values():  # a name such as localhost may stand for two addresses
        if hasattr(each, "channel_class"):
            each.channel_class = partial(Channel, limits, app.extensions["edgedigits"].knows)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        dead = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER_MS)
        server.adj.socket_options = [*server.adj.socket_options, dead]
    return server


def address(server: Any) -> str:
    """Return the URL at which the server answers."""
    host, port = _listening(server)[0]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _listening(server: Any) -> list[tuple[str, int]]:
    many = getattr(server, "effective_listen", None)
    return many or [(server.effective_host, int(server.effective_port))]


def run(server: Any, feed: Feed, ready: Callable[[], None]) -> int:
    """Serve until a signal; returns 130 for Ctrl-C and 0 for SIGTERM, which systemd sends."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # crowding is answered, not logged
    received = []

    def end(number: int, _frame: object) -> None:
        received.append(number)
        feed.dismiss()  # or waitress would wait for its threads, and these for the next frame
        raise SystemExit

    previous = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        ready()
        server.run()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        feed.close()
        server.close()
    return 130 if signal.SIGINT in received else 0
