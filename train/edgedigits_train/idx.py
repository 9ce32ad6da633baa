"""Read the IDX files in which MNIST is published, plain or gzipped.

Format (https://github.com/cvdfoundation/mnist): two zero bytes, the type (8 is uint8), the number of
dimensions, each dimension as a big-endian 32-bit integer, then the values in C order.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from edgedigits.errors import DataError

_UINT8 = 8
REMEDY = "download it again (https://storage.googleapis.com/cvdf-datasets/mnist/ has the four files)"

FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
"""Array name to file name. Some archives write `.idx` instead of `-idx`; any file may end in .gz."""


def read_folder(folder: Path) -> dict[str, npt.NDArray[np.uint8]]:
    """Read MNIST's four arrays by name; raises `DataError` that names missing or bad files."""
    found = {key: _find(folder, name) for key, name in FILES.items()}
    missing = [name for key, name in FILES.items() if found[key] is None]
    if missing:
        raise DataError(
            f"{folder} does not contain MNIST",
            expected="the four IDX files, plain or .gz",
            received=f"a folder without {', '.join(missing)}",
            remedy="give the folder of the four files, or an .npz with x_train, y_train, x_test, y_test",
        )
    return {key: read_idx(path, 3 if key[0] == "x" else 1) for key, path in found.items() if path}


def read_idx(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    """Read one IDX file of uint8 values with the given number of dimensions; raises `DataError`."""
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read",
            expected="a complete IDX file",
            received=str(error) or type(error).__name__,
            remedy=REMEDY,
        ) from error
    header = 4 + 4 * dimensions
    if len(data) < header or data[:4] != bytes([0, 0, _UINT8, dimensions]):
        raise DataError(
            f"{path} is not the IDX file that its name promises",
            expected=f"the magic bytes 0 0 {_UINT8} {dimensions}",
            received=f"{len(data)} bytes that begin with {' '.join(map(str, data[:4]))}",
            remedy=REMEDY,
        )
    shape = struct.unpack(f">{dimensions}I", data[4:header])
    expected = math.prod(shape)
    if len(data) - header != expected:
        raise DataError(
            f"{path} is {'truncated' if len(data) - header < expected else 'too long'}",
            expected=f"{expected} bytes of values for the shape {list(shape)} in its header",
            received=f"{len(data) - header} bytes",
            remedy=REMEDY,
        )
    return np.frombuffer(data, np.uint8, offset=header).reshape(shape)


def _find(folder: Path, name: str) -> Path | None:
    names = (name, name.replace("-idx", ".idx"))
    candidates = (folder / f"{each}{ending}" for ending in ("", ".gz") for each in names)
    return next((path for path in candidates if path.is_file()), None)
