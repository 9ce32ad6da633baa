"""JPEG files, with the orientation that a phone writes into them."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy.typing as npt

Picture = npt.NDArray[Any]


def jpeg(picture: Picture) -> bytes:
    """As small as a phone's picture that was sent once."""
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
    return bytes(data.tobytes())


def with_orientation(data: bytes, orientation: int) -> bytes:
    """Put an EXIF block with nothing but tag 0x0112, orientation, behind a JPEG's first marker."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    segment = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]
