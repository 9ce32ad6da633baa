"""Reading, verifying and splitting MNIST, from files made here; the real set only if available."""

from __future__ import annotations

import gzip
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.errors import DataError
from edgedigits_train import data, idx

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mnist.npz"
Arrays = dict[str, npt.NDArray[np.uint8]]


@pytest.fixture
def arrays() -> Arrays:
    rng = np.random.default_rng(0)
    made: Arrays = {}
    for part, count in (("train", 1000), ("test", 50)):
        images = np.zeros((count, 28, 28), np.uint8)
        images[:, 8:20, 10:18] = rng.integers(100, 256, (count, 12, 8), np.uint8)
        made[f"x_{part}"] = images
        made[f"y_{part}"] = rng.integers(0, 10, count, np.uint8)
    return made


def as_npz(folder: Path, arrays: Arrays) -> Path:
    np.savez_compressed(folder / "set.npz", **arrays)  # type: ignore[arg-type]
    return folder / "set.npz"


def as_idx(folder: Path, arrays: Arrays) -> Path:
    return write_idx(folder, arrays, lambda name: name)


def as_gz(folder: Path, arrays: Arrays) -> Path:
    return write_idx(folder, arrays, lambda name: name.replace("-idx", ".idx") + ".gz")


def write_idx(folder: Path, arrays: Arrays, rename: Callable[[str], str]) -> Path:
    for key, name in idx.FILES.items():
        values = arrays[key]
        header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
        content = header + values.tobytes()
        path = folder / rename(name)
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return folder


@pytest.mark.parametrize("write", [as_npz, as_idx, as_gz])
def test_every_form_gives_the_same_set(
    tmp_path: Path, arrays: Arrays, write: Callable[[Path, Arrays], Path]
) -> None:
    mnist = data.load(write(tmp_path, arrays))
    for name, values in arrays.items():
        assert np.array_equal(getattr(mnist, name), values)
        assert getattr(mnist, name).dtype == np.uint8
    assert (mnist.genuine, mnist.note) == (False, "checksum unknown")
    names = ("x_train", "y_train", "x_test", "y_test")
    assert mnist.sha256 == hashlib.sha256(b"".join(arrays[name].tobytes() for name in names)).hexdigest()
    assert np.array_equal(mnist.part("train")[0], arrays["x_train"])
    assert np.array_equal(mnist.part("test")[1], arrays["y_test"])


def test_wide_labels_are_the_same_set(tmp_path: Path, arrays: Arrays) -> None:
    expected = data.load(as_npz(tmp_path, arrays)).sha256
    wide: dict[str, npt.NDArray[np.generic]] = {**arrays, "y_train": arrays["y_train"].astype(np.int64)}
    np.savez(tmp_path / "wide.npz", **wide)  # type: ignore[arg-type]
    assert data.load(tmp_path / "wide.npz").sha256 == expected


def test_the_variable_names_the_data(tmp_path: Path, arrays: Arrays, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(data.VARIABLE, str(as_npz(tmp_path, arrays)))
    assert len(data.load().x_train) == 1000
    other = {**arrays, "x_test": arrays["x_test"][:20], "y_test": arrays["y_test"][:20]}
    (tmp_path / "given").mkdir()
    given = as_npz(tmp_path / "given", other)
    assert len(data.load(given).x_test) == 20, "a path that is given goes over it"


def test_the_cache_of_keras_is_used_without_importing_keras(
    tmp_path: Path, arrays: Arrays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(data.VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setitem(__import__("sys").modules, "keras", None)  # importing it now fails
    (tmp_path / "datasets").mkdir()
    as_npz(tmp_path, arrays).rename(tmp_path / "datasets" / "mnist.npz")
    assert len(data.load().x_test) == 50


BAD_ARRAYS = {
    # name: (what to change, words that the message must contain)
    "floats": (lambda a: {"x_train": a["x_train"] / 255}, "float64"),
    "flat": (lambda a: {"x_test": a["x_test"].reshape(-1, 784)}, "[50, 784]"),
    "one-hot labels": (lambda a: {"y_train": np.eye(10, dtype=np.uint8)[a["y_train"]]}, "[1000, 10]"),
    "float labels": (lambda a: {"y_train": a["y_train"] / 1.0}, "float64"),
    "a half-copied array": (lambda a: {"x_train": a["x_train"][:700]}, "700 and 1000"),
    "pickled objects": (lambda a: {"y_test": a["y_test"].astype(object)}, "Object arrays cannot be loaded"),
    "letters": (lambda a: {"y_test": a["y_test"] + 10}, "not digits"),
    "minus one for what is no digit": (lambda a: {"y_test": a["y_test"].astype(np.int8) - 1}, "-1..8"),
    "no pictures": (lambda a: {"x_test": a["x_test"][:0], "y_test": a["y_test"][:0]}, "incomplete"),
    "scaled to 0..1 and cast": (lambda a: {"x_train": a["x_train"] // 255}, "black"),
    "dark ink on white": (lambda a: {"x_train": 255 - a["x_train"]}, "inverted"),
    "another set of MNIST's size": (
        lambda a: {
            "x_train": np.resize(a["x_train"], (60_000, 28, 28)),
            "y_train": np.resize(a["y_train"], 60_000),
            "x_test": np.resize(a["x_test"], (10_000, 28, 28)),
            "y_test": np.resize(a["y_test"], 10_000),
        },
        "x_train has MNIST's size but not its content",
    ),
}


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_bad_arrays_are_refused_by_name(tmp_path: Path, arrays: Arrays, name: str) -> None:
    change, words = BAD_ARRAYS[name]
    path = tmp_path / "bad.npz"
    np.savez(path, **{**arrays, **change(arrays)})
    with pytest.raises(DataError) as caught:
        data.load(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.remedy


BAD_FILES: dict[str, Callable[[bytes], bytes]] = {
    "half-downloaded": lambda b: b[: len(b) // 2],
    "empty": lambda b: b"",
    "an error page": lambda b: b"<html>404 not found</html>",
    "damaged near its beginning": lambda b: b[:60] + bytes(20) + b[80:],
    "one flipped byte": lambda b: b[:5000] + bytes([b[5000] ^ 255]) + b[5001:],
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_damaged_npz(tmp_path: Path, arrays: Arrays, name: str) -> None:
    path = as_npz(tmp_path, arrays)
    path.write_bytes(BAD_FILES[name](path.read_bytes()))
    with pytest.raises(DataError, match=r"set\.npz is damaged") as caught:
        data.load(path)
    # numpy takes a file that is no archive for a pickle, and advises to load it unsafely.
    assert "pickle" not in str(caught.value)


@pytest.mark.parametrize("name", BAD_FILES)
def test_damaged_gz(tmp_path: Path, arrays: Arrays, name: str) -> None:
    path = as_gz(tmp_path, arrays) / "train-images.idx3-ubyte.gz"
    path.write_bytes(BAD_FILES[name](path.read_bytes()))
    with pytest.raises(DataError, match=r"train-images\.idx3-ubyte\.gz"):
        data.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("truncated", lambda b: b[:-1], "truncated"),
        ("cut within its header", lambda b: b[:10], "10 bytes that begin with 0 0 8 3"),
        ("with a tail", lambda b: b + b"\0", "too long"),
        ("labels under the name of pictures", lambda b: bytes([0, 0, 8, 1]) + b[4:], "magic bytes 0 0 8 3"),
        ("16-bit values", lambda b: bytes([0, 0, 11, 3]) + b[4:], "begin with 0 0 11 3"),
    ],
)
def test_damaged_idx(
    tmp_path: Path, arrays: Arrays, name: str, change: Callable[[bytes], bytes], words: str
) -> None:
    path = as_idx(tmp_path, arrays) / "t10k-images-idx3-ubyte"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(DataError) as caught:
        data.load(tmp_path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


def test_what_is_missing_is_named(tmp_path: Path, arrays: Arrays) -> None:
    as_idx(tmp_path, arrays)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="without t10k-labels-idx1-ubyte"):
        data.load(tmp_path)
    with pytest.raises(DataError, match=r"there is no data at .*nowhere\.npz"):
        data.load(tmp_path / "nowhere.npz")
    np.savez(tmp_path / "other.npz", images=arrays["x_test"])
    with pytest.raises(DataError, match="x_train is not a file in the archive"):
        data.load(tmp_path / "other.npz")
    np.save(tmp_path / "one.npy", arrays["x_test"])
    with pytest.raises(DataError, match=r"one\.npy is damaged, or is not an \.npz"):
        data.load(tmp_path / "one.npy")


def test_split_is_stratified_seeded_and_complete(tmp_path: Path, arrays: Arrays) -> None:
    mnist = data.load(as_npz(tmp_path, arrays))
    parts = data.split(mnist, seed=3)
    assert (len(parts.x_train), len(parts.x_val)) == (900, 100)
    share = np.bincount(parts.y_val, minlength=10) - np.bincount(mnist.y_train, minlength=10) / 10
    assert np.abs(share).max() < 1
    # Every picture is in exactly one part and keeps its label.
    whole = {(x.tobytes(), y) for x, y in zip(mnist.x_train, mnist.y_train, strict=True)}
    train = {(x.tobytes(), y) for x, y in zip(parts.x_train, parts.y_train, strict=True)}
    held = {(x.tobytes(), y) for x, y in zip(parts.x_val, parts.y_val, strict=True)}
    assert train | held == whole
    assert not train & held
    assert np.array_equal(parts.x_val, data.split(mnist, seed=3).x_val)
    # The published validation split must not change: another draw would have trained on most of it.
    order = [x.tobytes() for x in mnist.x_train]
    kept = data.split(mnist, data.SPLIT_SEED).x_val[:5]
    assert [order.index(x.tobytes()) for x in kept] == [7, 8, 25, 26, 27]
    assert not np.array_equal(parts.x_val, data.split(mnist, seed=4).x_val)


def test_a_digit_with_a_single_picture_is_trained_on(tmp_path: Path, arrays: Arrays) -> None:
    """Its one picture is no tenth of a class; in validation, nothing would be known of that digit."""
    rare = {
        "x_train": arrays["x_train"][:109],
        "y_train": np.maximum(np.arange(109) - 99, 0).astype(np.uint8),
    }
    parts = data.split(data.load(as_npz(tmp_path, {**arrays, **rare})), seed=3)
    assert set(parts.y_train) == set(range(10))
    assert parts.y_val.tolist() == [0] * 10


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/mnist.npz is not here")
def test_the_real_set() -> None:
    mnist = data.load(SHARED)
    assert mnist.genuine
    parts = data.split(mnist, data.SPLIT_SEED)
    held = "3943bdef2fe21bcb65c8ad5fdfb85ba5166f5e1f58709c4536064849f871b2a4"
    assert hashlib.sha256(parts.x_val.tobytes()).hexdigest() == held
    assert (len(parts.x_train), len(parts.x_val), len(mnist.x_test)) == (54_000, 6_000, 10_000)
