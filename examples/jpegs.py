"""JPEG files, with the orientation that phones write into them."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy.typing as npt

Picture = npt.NDArray[Any]


def jpeg(picture: Picture) -> bytes:
    """Encode a picture as small as a phone's that was sent once."""
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
    return bytes(data.tobytes())


def with_orientation(data: bytes, orientation: int) -> bytes:
    """Insert an EXIF block that holds only tag 0x0112, orientation, after the first marker of a JPEG."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    segment = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]
