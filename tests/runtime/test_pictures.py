"""Every kind of file and array that users pass in is read correctly, or refused with the reason."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits.errors import PictureError
from edgedigits.pictures import MAX_BYTES, decode_picture, read_picture, to_grey, write_new


def encoded(picture: np.ndarray, kind: str = ".png") -> bytes:
    return cv2.imencode(kind, picture)[1].tobytes()


def corner(shape: tuple[int, ...] = (6, 10), dtype: type = np.uint8) -> np.ndarray:
    """Black with a white top left corner: any rotation or flip shows."""
    picture = np.zeros(shape, dtype)
    picture[:3, :3] = np.iinfo(dtype).max
    return picture


def tiff(orientation: int, order: str = "<") -> bytes:
    mark = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + bytes(4)


def jpeg_with_exif(picture: np.ndarray, exif: bytes) -> bytes:
    data = encoded(picture, ".jpg")
    body = b"Exif\0\0" + exif
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"\0")) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(
    ("picture", "shape"),
    [
        (corner(), (6, 10)),  # grey stays grey
        (corner((6, 10, 3)), (6, 10, 3)),  # BGR
        (corner((6, 10, 4)), (6, 10, 4)),  # alpha is kept
        (corner(dtype=np.uint16), (6, 10)),  # 16 bits come as 8
        (np.full((1, 1), 200, np.uint8), (1, 1)),  # one pixel
    ],
)
def test_png_kinds(picture: np.ndarray, shape: tuple[int, ...]) -> None:
    decoded = decode_picture(encoded(picture), "x")
    assert decoded.dtype == np.uint8
    assert decoded.shape == shape
    assert decoded.flat[0] == (200 if shape == (1, 1) else 255)
    assert decoded.min() == (200 if shape == (1, 1) else 0)


def test_sixteen_bits_keep_their_middle() -> None:
    # Dividing by 256 instead of 257 would be off by one in the upper half.
    values = np.array([[0, 257 * 100, 257 * 200, 65535]], np.uint16)
    assert decode_picture(encoded(values), "x").tolist() == [[0, 100, 200, 255]]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_value_of_sixteen_bits_is_rounded(channels: int) -> None:
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    rounded = (values.astype(np.uint32) + 128) // 257
    picture = values if channels == 1 else np.dstack([values] * channels)
    decoded = decode_picture(encoded(picture), "x")
    assert np.array_equal(decoded if channels == 1 else decoded[:, :, 0], rounded)
    assert channels == 1 or (decoded == decoded[:, :, :1]).all()


def test_sixteen_bits_take_no_more_memory_than_the_two_pictures() -> None:
    """Regression: the conversion to 8 bits took five times the decoded picture, 1.1 GB for 40 megapixels."""
    data = encoded(np.full((1000, 1000, 3), 65535, np.uint16))
    tracemalloc.start()  # sees OpenCV's pictures too, which are numpy's
    try:
        decoded = decode_picture(data, "x")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * decoded.nbytes, "16 bits are two such pictures, 8 bits the third"


@pytest.mark.parametrize(
    ("orientation", "place"),
    [
        (1, "top left"),
        (2, "top right"),
        (3, "bottom right"),
        (4, "bottom left"),
        (5, "top left"),  # transposed: the corner stays
        (6, "top right"),  # a phone held upright
        (7, "bottom right"),
        (8, "bottom left"),
        (9, "top left"),  # no such orientation: ignored
    ],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_orientation(orientation: int, place: str, order: str) -> None:
    picture = decode_picture(
        jpeg_with_exif(np.kron(corner(), np.ones((8, 8), np.uint8)), tiff(orientation, order)), "x"
    )
    assert picture.shape == ((80, 48) if 5 <= orientation <= 8 else (48, 80))
    down, across = place.split()
    assert picture[-1 if down == "bottom" else 0, -1 if across == "right" else 0] > 200
    assert np.mean(picture > 128) == pytest.approx(9 / 60, abs=0.02)


def test_exif_in_png() -> None:
    data = encoded(corner())
    turned = data[:33] + png_chunk(b"eXIf", tiff(6)) + data[33:]
    assert decode_picture(turned, "x").shape == (10, 6)


@pytest.mark.parametrize(
    ("between", "why"),
    [
        (b"\xff\xff", "any number of bytes may fill up before a marker"),
        (b"\xff\x01", "a marker that has no length"),
    ],
)
def test_what_may_stand_between_the_segments_of_a_jpeg(between: bytes, why: str) -> None:
    data = jpeg_with_exif(corner((48, 80)), tiff(6))
    assert decode_picture(data[:2] + between + data[2:], "x").shape == (80, 48), why


@pytest.mark.parametrize("exif", [b"", b"II", tiff(6)[:15], b"II*\0\xff\xff\xff\xff", b"XX" + tiff(6)[2:]])
def test_broken_exif_is_ignored(exif: bytes) -> None:
    assert decode_picture(jpeg_with_exif(corner((48, 80)), exif), "x").shape == (48, 80)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),  # converting it would not help
        (b"GIF89a" + bytes(50), "GIF"),
        (b"RIFF" + bytes(50), "WebP"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "HEIC"),
        (b"%PDF-1.7", "PDF"),
        (b"hello world", "hello"),
        (encoded(corner())[:40], "too early"),  # a PNG cut in its data
        (encoded(corner((64, 64)), ".jpg")[:-20], "too early"),  # a half-copied JPEG must not come out grey
        (encoded(corner(), ".jpg")[: encoded(corner(), ".jpg").index(b"\xff\xc0") + 6], "too early"),
        (b"\x89PNG\r\n\x1a\n", "too early"),
        (b"\xff\xd8\xff", "too early"),
        (png_claiming(0, 5), "inconsistent"),
        (png_claiming(20_000, 20_000), "20000 x 20000"),  # 48 kB that would take a gigabyte
        (png_claiming(4, 4), "damaged"),  # complete chunks around data that ends too early
    ],
)
def test_refuses_with_the_reason(data: bytes, word: str) -> None:
    with pytest.raises(PictureError, match=word) as caught:
        decode_picture(data, "letter.bin")
    assert "letter.bin" in str(caught.value)


def noise(height: int, width: int, grey_below: int) -> np.ndarray:
    """Incompressible noise down to a row, and below it the grey with which libjpeg fills what is missing."""
    picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    picture[grey_below:] = 128
    return picture


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (0.5, 1.0, "the lower half is gone"),
        (0.1, 1.0, "next to all is gone"),
        (0.3, 0.6, "the middle is gone, so that all that follows is garbled and there is too little of it"),
    ],
)
def test_a_jpeg_that_lost_a_part_is_damaged(start: float, end: float, why: str) -> None:
    """Regression: with an end marker it was read like a complete one, silently losing half of the page."""
    data = encoded(noise(300, 400, 300), ".jpg")
    lost = data[: int(len(data) * start)] + data[int(len(data) * end) :].removesuffix(b"\xff\xd9")
    with pytest.raises(PictureError, match=r"page\.jpg is damaged"):
        decode_picture(lost + b"\xff\xd9", "page.jpg")


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ([], "standard codes, colours halved in both directions"),
        ([cv2.IMWRITE_JPEG_OPTIMIZE, 1], "codes made for this picture, which are shorter"),
        ([cv2.IMWRITE_JPEG_PROGRESSIVE, 1], "several passes, the last of which says little"),
        ([cv2.IMWRITE_JPEG_RST_INTERVAL, 5], "markers among the data"),
        ([cv2.IMWRITE_JPEG_QUALITY, 100], "small steps"),
        ([cv2.IMWRITE_JPEG_QUALITY, 5], "coarse steps"),
    ],
)
@pytest.mark.parametrize("grey_below", [0, 100, 284])
def test_a_complete_jpeg_may_end_in_that_grey(flags: list[int], why: str, grey_below: int) -> None:
    picture = noise(300, 400, grey_below)
    data = cv2.imencode(".jpg", picture, flags)[1].tobytes()
    assert decode_picture(data, "x").shape == picture.shape
    data = cv2.imencode(".jpg", picture[:, :, 0], flags)[1].tobytes()
    assert decode_picture(data, "x").shape == picture.shape[:2]


def test_a_copy_appears_when_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that waits for the name must never find half a picture under it."""
    seen = []
    write = Path.write_bytes

    def watched(self: Path, data: bytes) -> int:
        seen.append(sorted(path.name for path in tmp_path.iterdir()))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", watched)
    (tmp_path / "a.png").touch()
    assert write_new(tmp_path / "a.png", corner()) == tmp_path / "a-2.png"
    assert seen == [["a.png"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-2.png", "a.png"]
    assert read_picture(tmp_path / "a-2.png").tolist() == corner().tolist()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
def test_a_device_without_end_is_not_read_to_it() -> None:
    """Regression: it was read until memory was full."""
    with pytest.raises(PictureError, match="more than 50 MB"):
        read_picture("/dev/zero")


def test_an_empty_name_is_not_the_current_folder() -> None:
    with pytest.raises(PictureError, match="path of a picture is empty"):
        read_picture("")


def test_too_many_bytes_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PictureError, match="at most 50 MB"):
        read_picture(path)
    with pytest.raises(PictureError, match="at most 50 MB"):
        decode_picture(bytes(MAX_BYTES + 1), "x")


def test_paths(tmp_path: Path) -> None:
    path = tmp_path / "páge ☃.png"
    path.write_bytes(encoded(corner()))
    assert read_picture(str(path)).shape == (6, 10)
    for wrong in (tmp_path / "none.png", tmp_path):
        with pytest.raises(PictureError, match="cannot be read"):
            read_picture(wrong)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 5), np.uint8),
        np.zeros((5, 5), np.float32),
        np.zeros((5, 5), np.uint16),
        np.zeros((5, 5), bool),
        np.zeros((5, 5, 2), np.uint8),
        np.zeros((5, 5, 5), np.uint8),
        np.zeros((2, 5, 5, 3), np.uint8),
        np.zeros(5, np.uint8),
        np.broadcast_to(np.uint8(0), (20_000, 20_000)),
    ],
)
def test_arrays_that_are_no_pictures(picture: np.ndarray) -> None:
    with pytest.raises(PictureError, match="expected"):
        to_grey(picture)


def test_no_array_at_all() -> None:
    with pytest.raises(PictureError, match="NoneType"):
        to_grey(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ink", "backdrop"),
    [
        ((0, 0, 0), 255),  # black drawing on nothing: as on white paper
        ((255, 255, 255), 0),  # white drawing on nothing: as on a blackboard
    ],
)
def test_transparent_becomes_what_the_drawing_stands_out_from(ink: tuple[int, ...], backdrop: int) -> None:
    picture = np.zeros((6, 10, 4), np.uint8)
    picture[2:4, 2:8] = (*ink, 255)
    grey = to_grey(picture)
    assert grey[0, 0] == backdrop
    assert grey[3, 3] == ink[0]


def test_grey_of_opaque_and_odd_arrays() -> None:
    bgr = np.full((4, 4, 3), (255, 0, 0), np.uint8)
    opaque = np.dstack([bgr, np.full((4, 4), 255, np.uint8)])
    assert to_grey(bgr)[0, 0] == to_grey(opaque)[0, 0] == 29
    assert to_grey(np.zeros((4, 4, 1), np.uint8)).shape == (4, 4)
    assert to_grey(corner()[:, ::-1]).flags.c_contiguous
    assert np.ptp(to_grey(np.zeros((4, 4, 4), np.uint8))) == 0  # nothing visible at all
