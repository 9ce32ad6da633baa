"""What the body of a request holds: a picture, or 28x28 frames."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from flask import request

from edgedigits.headers import read_header
from edgedigits.pictures import Picture, decode_picture, to_grey
from edgedigits.web.limits import Limits
from edgedigits.web.problems import Problem

SIDE = 28
FRAME = SIDE * SIDE
_SIGNATURES = (b"\x89PNG", b"\xff\xd8")
_FRAMES: Final = (
    'JSON {"images": [[[0..255 x 28] x 28], ...]}, or N x 784 bytes, or a 28 x 28 PNG; '
    "bright ink on black in MNIST's framing"
)


def uploaded() -> tuple[bytes, str]:
    """Return the bytes of the body, or of the first file of a form, and their name for messages."""
    if request.mimetype == "multipart/form-data":
        for file in request.files.values():
            data, name = file.read(), file.filename or "the upload"
            return _not_empty(data), name[:100]
        raise Problem(
            400, "no_picture", "the form contains no file", expected="a form field with a PNG or JPEG file"
        )
    return _not_empty(request.get_data(cache=False)), "the upload"


def _not_empty(data: bytes) -> bytes:
    if not data:
        raise Problem(400, "no_picture", "the request is empty", expected="a PNG or JPEG file as its body")
    return data


def picture(limits: Limits) -> Picture:
    """Decode the picture of this request; its size in pixels is checked first.

    Raises a `Problem` with 413 for too many pixels, and `PictureError` for what is not a picture.
    """
    if request.mimetype in ("application/json", "text/html"):
        raise Problem(
            415,
            "not_a_picture",
            f"{request.mimetype} is not a picture",
            expected="a PNG or JPEG file as the body, or in a form field",
        )
    data, name = uploaded()
    return decode(data, name, limits)


def decode(data: bytes, name: str, limits: Limits) -> Picture:
    """Decode PNG or JPEG bytes within the server's own limit on pixels."""
    header = read_header(data, name)
    if header.width * header.height > limits.pixels:
        raise Problem(
            413,
            "too_many_pixels",
            f"{name} has too many pixels",
            expected=f"at most {limits.pixels / 1e6:g} megapixels",
            received=f"{header.width} x {header.height}",
            remedy="make the picture smaller; digits need to be only about 25 pixels high",
        )
    return decode_picture(data, name)


def frames(limits: Limits) -> npt.NDArray[np.uint8]:
    """Return the frames of this request, uint8 [N, 28, 28]: from JSON, raw bytes or one 28x28 picture."""
    if request.mimetype == "application/json":
        return _from_json(_parsed(request.get_data(cache=False)), limits)
    data, name = uploaded()
    if data.startswith(_SIGNATURES):
        grey = to_grey(decode(data, name, limits))
        if grey.shape != (SIDE, SIDE):
            raise _wrong_shape(f"{grey.shape[1]} x {grey.shape[0]} pixels")
        return grey[np.newaxis]
    if len(data) % FRAME:
        raise _wrong_shape(f"{len(data)} bytes")
    _check_count(len(data) // FRAME, limits)
    return np.frombuffer(data, np.uint8).reshape(-1, SIDE, SIDE)


def _parsed(data: bytes) -> Any:
    """Return the JSON value of a body; raises a `Problem` with 400 that says where parsing failed."""
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        received = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except UnicodeDecodeError:
        received = "bytes that are not UTF-8"
    except RecursionError:  # Python's parser recurses into every bracket, and gives up at a thousand
        received = "lists or objects that are nested too deeply"
    except ValueError as error:  # a number with thousands of digits
        received = str(error)
    raise Problem(
        400,
        "bad_request",
        "the body is not valid JSON",
        expected=_FRAMES,
        received=received,
        remedy="let a JSON library write it, or send the frames as bytes",
    )


def _from_json(body: Any, limits: Limits) -> npt.NDArray[np.uint8]:
    if not isinstance(body, dict) or not isinstance(body.get("images"), list):
        raise _wrong_shape("another JSON value")
    images = body["images"]
    _check_count(len(images), limits)
    if not images:
        return np.zeros((0, SIDE, SIDE), np.uint8)
    for image in images:
        if not isinstance(image, list) or len(image) != SIDE:
            raise _wrong_shape("an image that does not have 28 rows")
        for row in image:
            if not isinstance(row, list) or len(row) != SIDE:
                raise _wrong_shape("a row that does not have 28 values")
            for value in row:
                # bool is an int in Python, and JSON's true is no grey value
                if type(value) is not int or not 0 <= value <= 255:
                    raise _wrong_shape(_shown(value))
    return np.array(images, np.uint8)


def _shown(value: Any) -> str:
    # Lists are not spelled out: they may be as long and as deep as the sender likes.
    return "a list or an object" if isinstance(value, list | dict) else f"the value {str(value)[:20]}"


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.frames:
        raise Problem(
            413,
            "too_many_frames",
            "too many frames in one request",
            expected=f"at most {limits.frames}",
            received=str(count),
            remedy="send them in several requests",
        )


def _wrong_shape(received: str) -> Problem:
    return Problem(
        422,
        "not_frames",
        "this is not a batch of 28x28 frames",
        expected=_FRAMES,
        received=received,
        remedy="send whole pictures to /api/read, which finds and frames the digits itself",
    )
