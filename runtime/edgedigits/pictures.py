"""Read and write picture files as uint8 arrays; every limit is checked before anything is decoded.

A 48 kB PNG can claim 400 megapixels and take a gigabyte when it is decoded, so the header is read first.
Files are read as bytes because OpenCV cannot open non-ASCII paths on Windows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from edgedigits.errors import PictureError
from edgedigits.headers import Header, ends_evenly, read_header

MAX_BYTES: Final = 50_000_000
MAX_PIXELS: Final = 100_000_000
# OpenCV reads this once, when it is first imported; its own limit backs up ours.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))

import cv2  # noqa: E402

Picture = npt.NDArray[np.uint8]
"""uint8 [H, W] grey, [H, W, 3] BGR or [H, W, 4] BGRA."""


def as_bytes(value: Any) -> Picture:
    """Return the result of an OpenCV call with the type that it is known to have."""
    picture: Picture = value
    return picture


def read_picture(path: Path | str) -> Picture:
    """Read a PNG or JPEG file as uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA, upright by its EXIF.

    Raises `PictureError` if the file is missing, damaged, above 50 MB or 100 megapixels, or in another
    format.
    """
    if path == "":  # pathlib takes it for the current folder
        raise PictureError(
            "the path of a picture is empty",
            expected="the path of a PNG or JPEG file",
            received="''",
            remedy="if it came from a variable, check the variable",
        )
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_many_bytes(str(path), f"{size / 1_000_000:.0f} MB")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # a pipe or a device has no size, and may never end
    except (OSError, ValueError) as error:
        raise PictureError(
            f"{path} cannot be read",
            expected="a PNG or JPEG file",
            received=getattr(error, "strerror", None) or str(error),
            remedy="check the path and its permissions",
        ) from error
    return decode_picture(data, str(path))


def decode_picture(data: bytes, source: str) -> Picture:
    """Decode the bytes of a PNG or JPEG file as `read_picture` does; `source` names them in errors.

    16-bit values are divided by 257 and rounded, which maps 0..65535 exactly to 0..255.
    """
    if len(data) > MAX_BYTES:
        raise _too_many_bytes(source, f"more than {MAX_BYTES // 1_000_000} MB")
    header = read_header(data, source)
    if header.width * header.height > MAX_PIXELS:
        raise PictureError(
            f"{source} has too many pixels",
            expected=f"at most {MAX_PIXELS // 1_000_000} megapixels",
            received=f"{header.width} x {header.height}",
            remedy="make the picture smaller; digits need to be only about 25 pixels high",
        )
    return _upright(_decode(data, source, header), header.orientation)


def write_new(path: Path, picture: Picture) -> Path:
    """Write a picture to a new file and return its path: `name-2.png` and so on if `name.png` exists.

    The file gets its name once the picture is on disk. Raises `OSError` if it cannot be written, and then
    leaves nothing behind.
    """
    good, data = cv2.imencode(path.suffix, picture)
    if not good:
        raise PictureError(f"{path} cannot be encoded", received=f"{list(picture.shape)} pixels")
    part = path.with_name(f".edgedigits-{os.urandom(8).hex()}.part")
    try:
        part.write_bytes(data.tobytes())
        return _named(part, path)
    finally:
        with suppress(OSError):  # it was renamed, or never written
            part.unlink()


def numbered(path: Path, ending: str = "") -> Iterator[Path]:
    """Yield `path`, then `name-2`, `name-3` and so on, with the number before the `ending` of the name."""
    yield path
    name = path.name.removesuffix(ending)
    for number in count(2):
        yield path.with_name(f"{name}-{number}{ending}")


def _named(part: Path, path: Path) -> Path:
    """Rename a file to the first name that is free."""
    for target in numbered(path, path.suffix):
        try:
            target.open("xb").close()  # reserves the name: nobody else gets it
            break
        except FileExistsError:
            continue
    try:
        part.replace(target)
    except OSError:
        target.unlink()
        raise
    return target


def to_grey(picture: npt.NDArray[Any]) -> Picture:
    """Check a picture array and return it as uint8 [H, W], from 0 (black) to 255 (white).

    Takes uint8 [H, W], [H, W, 1], [H, W, 3] BGR or [H, W, 4] BGRA. Transparent parts become white under dark
    drawings and black under bright ones. Raises `PictureError` for anything else, and above 100 megapixels.
    """
    if not isinstance(picture, np.ndarray) or picture.dtype != np.uint8:
        raise PictureError(
            "the picture is not an array of uint8",
            expected="a numpy array of uint8, [H, W], [H, W, 3] BGR or [H, W, 4] BGRA",
            received=_kind_of(picture),
            remedy="cv2.imread gives None where there is no picture: check the path, or use read_picture"
            if picture is None
            else "scale the values to 0..255 and convert with .astype(numpy.uint8), or use read_picture",
        )
    if picture.ndim == 3 and picture.shape[2] == 1:
        picture = picture[:, :, 0]
    if picture.size == 0 or not (picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] in (3, 4))):
        raise PictureError(
            "the picture has a shape that cannot be read",
            expected="[H, W], [H, W, 3] BGR or [H, W, 4] BGRA, at least one pixel",
            received=_kind_of(picture),
        )
    if picture.shape[0] * picture.shape[1] > MAX_PIXELS:
        raise PictureError(
            "the picture has too many pixels",
            expected=f"at most {MAX_PIXELS // 1_000_000} megapixels",
            received=_kind_of(picture),
        )
    if picture.ndim == 2:
        return np.ascontiguousarray(picture)
    if picture.shape[2] == 3:
        return as_bytes(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    return _composite(picture)


def through(picture: Picture, channel: int) -> Picture:
    """Return one channel of a BGR or BGRA picture as uint8 [H, W]: 0 blue, 1 green, 2 red."""
    colour = as_bytes(cv2.extractChannel(picture, channel))
    return colour if picture.shape[2] == 3 else _laid(colour, picture)


def _kind_of(picture: object) -> str:
    if isinstance(picture, np.ndarray):
        return f"{picture.dtype} {list(picture.shape)}"
    return type(picture).__name__


def _composite(picture: Picture) -> Picture:
    """Return a BGRA picture in grey, laid on the backdrop that its visible part stands out from."""
    return _laid(as_bytes(cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY)), picture)


def _laid(grey: Picture, picture: Picture) -> Picture:
    """Lay `grey`, which was made of a BGRA picture, on the backdrop that it stands out from; uint8 [H, W]."""
    alpha = np.ascontiguousarray(picture[:, :, 3])
    if cv2.minMaxLoc(alpha)[0] == 255:
        return grey
    weight = alpha.astype(np.float32) / 255
    visible = float(weight.sum())
    drawing = float((grey * weight).sum()) / visible if visible else 0.0
    backdrop = 255 if drawing < 128 else 0
    return (grey * weight + backdrop * (1 - weight) + 0.5).astype(np.uint8)


def _decode(data: bytes, source: str, header: Header) -> Picture:
    try:
        # UNCHANGED keeps grey, alpha and 16 bits, and leaves the orientation to us, so that all
        # versions of OpenCV answer alike.
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        picture = None
    if picture is None:
        raise PictureError(
            f"{source} cannot be decoded",
            expected=f"a complete {header.kind} file",
            received="damaged data",
            remedy="open it in a picture viewer, and save or copy it again",
        )
    if header.scan_end and (missing := _padding(as_bytes(picture), data, header.scan_end)):
        raise PictureError(
            f"{source} is damaged",
            expected="a complete JPEG file",
            received=f"data that end too early: the lowest {missing} rows seem to be missing",
            remedy="copy or download the file again",
        )
    if picture.dtype == np.uint16:
        # OpenCV rounds in one pass; numpy would need copies several times the picture's size.
        picture = cv2.convertScaleAbs(picture, alpha=1 / 257)
    return np.asarray(picture, dtype=np.uint8)


def _padding(picture: Picture, data: bytes, scan_end: int) -> int:
    """Return how many rows libjpeg filled in after the data ended early, which it only reports on stderr.

    They are of one grey. A complete picture may end in that grey too, but then its data end in the same few
    bits over and over. Less than a row of blocks, or a picture too small to tell, passes as complete.
    """
    if picture[-1].min() != 128 or picture[-1].max() != 128:
        return 0
    written = (picture != 128).reshape(len(picture), -1).any(axis=1)
    rows = int(written[::-1].argmax()) if written.any() else len(picture)
    # 16 x 16 uniform pixels take a byte or more, so this many bytes belong to those rows alone.
    return 0 if ends_evenly(data, scan_end, rows // 16 * (picture.shape[1] // 16)) else rows


def _upright(picture: Picture, orientation: int) -> Picture:
    """Apply an EXIF orientation, 1 to 8 (EXIF 2.32, tag 0x0112)."""
    if orientation >= 5:  # stored with rows and columns exchanged
        picture = np.swapaxes(picture, 0, 1)
    flip_rows, flip_columns = orientation in (3, 4, 7, 8), orientation in (2, 3, 6, 7)
    return np.ascontiguousarray(picture[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1])


def _too_many_bytes(source: str, received: str) -> PictureError:
    return PictureError(
        f"{source} is too large",
        expected=f"at most {MAX_BYTES // 1_000_000} MB",
        received=received,
        remedy="save a smaller copy, for instance as JPEG",
    )
