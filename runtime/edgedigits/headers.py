"""Parse the header of a PNG or JPEG file: its format, size and EXIF orientation."""

from __future__ import annotations

import re
import struct
from typing import Final, NamedTuple

from edgedigits.errors import PictureError

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_OTHERS: Final = (
    (b"GIF8", "a GIF file"),
    (b"BM", "a BMP file"),
    (b"RIFF", "a WebP or AVI file"),
    (b"II*\0", "a TIFF file"),
    (b"MM\0*", "a TIFF file"),
    (b"%PDF", "a PDF file"),
    (b"<", "text, perhaps SVG or HTML"),
)
_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH: Final = frozenset([0x01, *range(0xD0, 0xD8)])
_ORIENTATION: Final = 0x0112
_SEQUENTIAL: Final = frozenset([0xC0, 0xC1])
_LONGEST_CODE: Final = 64
"""Upper limit, in bits, of the code of 1 to 10 empty blocks coded together, which takes 6 to 36 in
practice."""
_LEAST_TOLD, _MOST_TOLD = 24, 64
"""Fewest and most bytes that are looked at: three of the longest codes, and as many as it takes."""


class Header(NamedTuple):
    """Format name, size in pixels as stored, and EXIF orientation from 1 to 8 (1 if there is none).

    `scan_end` is the offset at which the pixels of a sequential JPEG end; 0 for other files.
    """

    kind: str
    width: int
    height: int
    orientation: int
    scan_end: int = 0


def read_header(data: bytes, source: str) -> Header:
    """Parse the header without decoding; raises `PictureError` for another format or a truncated file."""
    if not data:
        raise PictureError(
            f"{source} is empty",
            expected="a PNG or JPEG file",
            received="0 bytes",
            remedy="find out why it was not written: a failed copy or download, or a full disk",
        )
    if data.startswith(_PNG):
        header = _png(data)
    elif data.startswith(_JPEG):
        header = _jpeg(data)
    else:
        raise PictureError(
            f"{source} is not a picture that can be read",
            expected="a PNG or JPEG file",
            received=_describe(data),
            remedy="convert it to PNG or JPEG",
        )
    if header is None or header.width < 1 or header.height < 1:
        raise PictureError(
            f"{source} is damaged",
            expected="a complete PNG or JPEG file",
            received=f"{len(data)} bytes that end too early or are inconsistent",
            remedy="copy or download the file again",
        )
    return header


def _describe(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        return "an MP4, HEIC or AVIF file"
    for start, name in _OTHERS:
        if data.startswith(start):
            return name
    return f"{len(data)} bytes that start with {data[:8]!r}"


def _png(data: bytes) -> Header | None:
    """Parse a PNG: IHDR is always the first chunk; the orientation may be in a later eXIf chunk."""
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    position, orientation = 8, 1
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"IEND":
            return Header("PNG", width, height, orientation)
        if kind == b"eXIf":
            orientation = _tiff_orientation(data[position + 8 : position + 8 + length])
        position += 12 + length
    return None


def _jpeg(data: bytes) -> Header | None:
    """Parse a JPEG: walk its segments up to the pixels; an end marker must follow somewhere after them."""
    position, orientation = 2, 1
    size: tuple[int, int] | None = None
    sequential = False
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            position += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack_from(">H", data, position + 2)[0]
        body = data[position + 4 : position + 2 + length]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = _tiff_orientation(body[6:])
        elif marker in _START_OF_FRAME and len(body) >= 5:
            height, width = struct.unpack_from(">HH", body, 1)
            size = (width, height)
            sequential = marker in _SEQUENTIAL
        elif marker == 0xDA:
            end = data.find(b"\xff\xd9", position)
            return Header("JPEG", *size, orientation, end * sequential) if size and end >= 0 else None
        position += 2 + length
    return None


def ends_evenly(data: bytes, end: int, size: int) -> bool:
    """Return whether the `size` bytes before `end`, in a sequential JPEG, repeat the same few bits.

    The code of many identical blocks does. Also True where that cannot be told: with few bytes, or among
    restart markers.
    """
    size = min(size, _MOST_TOLD)
    tail = data[max(0, end - 2 * size) : end - 1]  # the last byte is padded with ones
    if size < _LEAST_TOLD or re.search(rb"\xff[\xd0-\xd7]", tail):
        return True
    code = tail.replace(b"\xff\0", b"\xff")[-size:]
    bits = f"{int.from_bytes(code, 'big'):0{8 * len(code)}b}"
    return any(bits[period:] == bits[:-period] for period in range(1, _LONGEST_CODE + 1))


def _tiff_orientation(data: bytes) -> int:
    """Return tag 0x0112 of the first directory; 1 if it is missing or the directory makes no sense."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return 1
    start = struct.unpack_from(order + "I", data, 4)[0]
    if start + 2 > len(data):
        return 1
    for index in range(struct.unpack_from(order + "H", data, start)[0]):
        entry = start + 2 + 12 * index
        if entry + 12 > len(data):
            return 1
        if struct.unpack_from(order + "H", data, entry)[0] == _ORIENTATION:
            value = int(struct.unpack_from(order + "H", data, entry + 8)[0])
            return value if 1 <= value <= 8 else 1
    return 1
