"""Network cameras on loopback, over real sockets: MJPEG over HTTP, bare TCP, and RTSP.

Each sends pages drawn here and can be made to fail like real ones: `freeze` keeps the connection but sends
nothing more, `mute` accepts but never answers, `die` closes everything at once.
"""

from __future__ import annotations

import functools
import itertools
import re
import socket
import struct
import threading
import time

import cv2
import numpy as np

_PIECE = 1400
"""Bytes of picture in one RTP packet, to fit an Ethernet frame."""


def page(text: str, seed: int) -> np.ndarray:
    """Return grainy white paper with ones and zeros, drawn with a pen: uint8 BGR [240, 320, 3]."""
    rng = np.random.default_rng(seed)
    paper = np.full((240, 320), 210, np.uint8)
    for place, character in enumerate(text):
        x = 60 + 60 * place
        if character == "1":
            cv2.line(paper, (x, 90), (x, 150), 40, 6, cv2.LINE_AA)
        else:
            cv2.ellipse(paper, (x, 120), (18, 30), 0, 0, 360, 40, 6, cv2.LINE_AA)
    noisy = paper + rng.normal(0, 3, paper.shape)
    return np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


@functools.cache
def _jpeg(text: str, seed: int) -> bytes:
    return cv2.imencode(".jpg", page(text, seed))[1].tobytes()


class Sender:
    """A server that sends bare JPEGs one after another, like `rpicam-vid --codec mjpeg --listen`."""

    scheme = "tcp"

    def __init__(self, port: int = 0, *, text: str = "10", mute: bool = False) -> None:
        self.fps = 15.0
        self.text = text
        """The text on the page that is sent; may be changed at any time."""
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]
        self.address = f"{self.scheme}://127.0.0.1:{self.port}/"
        self.connected = threading.Semaphore(0)
        """Released for each connection that was accepted."""
        self._mute, self._frozen, self._dead = mute, threading.Event(), threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        """Stop sending but keep the connections; new ones are accepted and get nothing either."""
        self._frozen.set()

    def thaw(self) -> None:
        """Continue."""
        self._frozen.clear()

    def die(self) -> None:
        """Close the connections and the port, as when the sender's process ends."""
        self._dead.set()
        for connection in (self._server, *self._open):
            # Otherwise a thread that waits in accept or recv keeps the socket from closing.
            _shut(connection)
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._server.accept()[0]
            except OSError:
                return
            self._open.append(connection)
            self.connected.release()
            if not self._mute:
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            self._wait_while_frozen()
            self.greet(connection)
            for number in itertools.count():
                self._wait_while_frozen()
                # Consecutive pictures differ: a repeated picture counts as frozen.
                self.send(connection, _jpeg(self.text, number % 4), number)
                time.sleep(1 / self.fps)
        except OSError:  # the other side has gone, or this server has been closed
            return

    def _wait_while_frozen(self) -> None:
        while self._frozen.is_set() and not self._dead.is_set():
            time.sleep(0.01)

    def greet(self, connection: socket.socket) -> None:
        """Send what comes before the first picture."""

    def send(self, connection: socket.socket, jpeg: bytes, number: int) -> None:
        """Send one picture."""
        connection.sendall(jpeg)


class Http(Sender):
    """Motion JPEG as sent by IP cameras and mjpg-streamer."""

    scheme = "http"

    def greet(self, connection: socket.socket) -> None:
        _request(connection)
        kind = b"Content-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
        connection.sendall(b"HTTP/1.0 200 OK\r\n" + kind)

    def send(self, connection: socket.socket, jpeg: bytes, number: int) -> None:
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        connection.sendall(head.encode() + jpeg + b"\r\n")


class Rtsp(Sender):
    """RTP/JPEG (RFC 2435) between the requests of RTSP (RFC 2326), all over one TCP connection."""

    scheme = "rtsp"
    _SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=pages\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:0\r\n"

    def greet(self, connection: socket.socket) -> None:
        method = ""
        while method != "PLAY":
            request = _request(connection)
            method = request.partition(" ")[0]
            number = re.findall(r"CSeq: *(\d+)", request, re.IGNORECASE)[0]
            lines = ["RTSP/1.0 200 OK", f"CSeq: {number}", "Session: 1"]
            body = ""
            if method == "OPTIONS":
                lines.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")
            elif method == "DESCRIBE":
                body = self._SDP
                lines += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
            elif method == "SETUP":
                lines.append("Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def send(self, connection: socket.socket, jpeg: bytes, number: int) -> None:
        tables, scan = _taken_apart(jpeg)
        stamp = round(number * 90_000 / self.fps)
        for offset in range(0, len(scan), _PIECE):
            piece = scan[offset : offset + _PIECE]
            last = offset + _PIECE >= len(scan)
            # Type 1 is 4:2:0; quality 255 says that the tables are included; sizes are in units of eight.
            head = struct.pack(">IBBBB", offset, 1, 255, 320 // 8, 240 // 8)
            if offset == 0:
                head += struct.pack(">HH", 0, len(tables)) + tables
            rtp = struct.pack(">BBHII", 0x80, 26 | last << 7, self._sequence(), stamp, 1)
            packet = rtp + head + piece
            connection.sendall(struct.pack(">BBH", ord("$"), 0, len(packet)) + packet)

    def _sequence(self) -> int:
        self._packets = (getattr(self, "_packets", -1) + 1) & 0xFFFF
        return self._packets


SENDERS = (Http, Sender, Rtsp)


def _request(connection: socket.socket) -> str:
    """Read one request with its headers; raises `OSError` if the other side has gone."""
    said = b""
    while b"\r\n\r\n" not in said:
        received = connection.recv(4096)
        if not received:
            raise ConnectionError("gone")
        said += received
    return said.decode()


def _taken_apart(jpeg: bytes) -> tuple[bytes, bytes]:
    """Return the two quantization tables and the entropy-coded data of a baseline JPEG."""
    tables, place = b"", 2
    while True:
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4])
        content = jpeg[place + 4 : place + 2 + length]
        place += 2 + length
        if marker == 0xDB:  # one or more tables, each after a byte with its number
            tables += b"".join(content[at + 1 : at + 65] for at in range(0, len(content), 65))
        elif marker == 0xDA:
            return tables, jpeg[place:-2]


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # it was never connected, or is closed already
        return
