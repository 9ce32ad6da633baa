"""Find, read, verify and split MNIST.

Training on truncated or swapped data raises no error and gives meaningless figures, so every file is
checked down to the checksums of its arrays before it is used.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from edgedigits.errors import DataError, UsageError
from edgedigits_train import idx

Images = npt.NDArray[np.uint8]
"""[N, 28, 28], 0..255, bright ink on black."""
Labels = npt.NDArray[np.uint8]
"""[N], 0..9."""

VARIABLE = "EDGEDIGITS_DATA"
COUNTS = {"x_train": 60_000, "y_train": 60_000, "x_test": 10_000, "y_test": 10_000}
CHECKSUMS = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
"""SHA-256 of the values in each of the four original files, without the IDX headers."""
VALIDATION_SHARE = 0.1
SPLIT_SEED = 0
"""Fixed, so that all runs have the same validation pictures and their figures can be compared."""
_INVERTED_MEAN = 160
"""Mean grey level above which pictures count as inverted: MNIST's is 33; dark ink on white has 222."""
_REMEDY = f"give an intact copy with --data or {VARIABLE}, or neither to let Keras download it"


@dataclass(frozen=True, eq=False)
class Mnist:
    """The whole data set."""

    x_train: Images
    y_train: Labels
    x_test: Images
    y_test: Labels
    sha256: str
    """SHA-256 of the bytes of the four arrays one after another, in the order of the fields."""
    genuine: bool
    """True for MNIST itself; False for another data set of the same form, whose checksum is unknown."""

    @property
    def note(self) -> str:
        """What reports should say about the data besides its hash."""
        return "MNIST" if self.genuine else "checksum unknown"

    def part(self, name: Literal["train", "test"]) -> tuple[Images, Labels]:
        """Return the pictures, uint8 [N, 28, 28], and labels, [N], of one part."""
        return (self.x_train, self.y_train) if name == "train" else (self.x_test, self.y_test)


@dataclass(frozen=True, eq=False)
class Split:
    """The training pictures, split into training and validation; the test set stays in `Mnist`."""

    x_train: Images
    y_train: Labels
    x_val: Images
    y_val: Labels


def load(path: Path | None = None) -> Mnist:
    """Read MNIST from `path`, else from EDGEDIGITS_DATA, else from Keras's cache or downloader.

    `path` is an .npz with x_train, y_train, x_test and y_test, or a folder with the four IDX files,
    plain or .gz. A data set of another size is accepted with `genuine` False; one of MNIST's size must
    be MNIST. Raises `DataError` that names the file, what was expected and what to do.
    """
    if path is None and os.environ.get(VARIABLE):
        path = Path(os.environ[VARIABLE])
    if path is None:
        path = _cached_or_downloaded()
    if path.is_dir():
        return _verified(idx.read_folder(path), path)
    return _verified(_read_npz(path), path)


def require_same(mnist: Mnist, sha256: str) -> None:
    """Raise `UsageError` unless the data has the hash that a run recorded at its start."""
    if mnist.sha256 != sha256:
        raise UsageError(
            "this is not the data that the run was started with",
            expected=f"sha256 {sha256}",
            received=f"sha256 {mnist.sha256}",
        )


def split(mnist: Mnist, seed: int) -> Split:
    """Split off a tenth of each class for validation, drawn with `seed`: 54,000 and 6,000 pictures.

    Both parts keep the original order. Each class contributes a tenth to within one picture, and the
    validation part is exactly a tenth of the whole (rounded down).
    """
    rng = np.random.default_rng(seed)
    # A stable sort groups the shuffled pictures by class. Each then gets its place within its class as a
    # share of the class size; taking the smallest shares overall takes the same share of each class.
    place = np.empty(len(mnist.y_train))
    for label in np.unique(mnist.y_train):
        members = rng.permutation(np.flatnonzero(mnist.y_train == label))
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    chosen = np.zeros(len(place), bool)
    chosen[np.argsort(place, kind="stable")[: int(len(place) * VALIDATION_SHARE)]] = True
    return Split(mnist.x_train[~chosen], mnist.y_train[~chosen], mnist.x_train[chosen], mnist.y_train[chosen])


def keras_cache() -> Path:
    """Return where Keras keeps its copy."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets" / "mnist.npz"


def _cached_or_downloaded() -> Path:
    path = keras_cache()
    with contextlib.suppress(DataError):
        _verified(_read_npz(path), path)
        return path  # importing Keras only to learn the file's name would take ten seconds
    from edgedigits_train.networks import load_keras

    keras = load_keras()
    try:
        # Keras prints its progress to stdout, which is reserved for results. It verifies the file's hash
        # and downloads a damaged copy again.
        with contextlib.redirect_stdout(sys.stderr):
            keras.datasets.mnist.load_data(path.name)
    except Exception as error:  # Keras raises a bare Exception when there is no network
        raise DataError(
            "MNIST is not on this machine and could not be downloaded",
            expected=f"{path}, or a connection to storage.googleapis.com",
            received=(str(error).strip().splitlines() or [type(error).__name__])[0][:300],
            remedy=f"copy mnist.npz there, or name a copy with --data or {VARIABLE}",
        ) from error
    return path


def _read_npz(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    try:
        with path.open("rb") as file:
            # numpy would take a file that is no archive for a pickle, and advise to load it unsafely.
            if not zipfile.is_zipfile(file):
                raise ValueError("not a complete zip archive")
            file.seek(0)
            archive = np.load(file, allow_pickle=False)
            return {name: archive[name] for name in COUNTS}
    except FileNotFoundError as error:
        raise DataError(
            f"there is no data at {path}", expected="an .npz or a folder", remedy=_REMEDY
        ) from error
    except KeyError as error:
        raise DataError(
            f"{path} does not contain MNIST",
            expected=f"the arrays {', '.join(COUNTS)}",
            received=str(error.args[0]),
            remedy=_REMEDY,
        ) from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"{path} is damaged, or is not an .npz file",
            expected=f"a complete .npz with {', '.join(COUNTS)}",
            received=f"{path.stat().st_size} bytes: {str(error) or type(error).__name__}",
            remedy=_REMEDY,
        ) from error


def _verified(
    arrays: dict[str, npt.NDArray[np.uint8]] | dict[str, npt.NDArray[np.generic]], path: Path
) -> Mnist:
    """Check names, dtypes, shapes, counts, ranges and checksums, cheapest first."""

    def refuse(what: str, expected: str, received: str) -> DataError:
        return DataError(f"{path}: {what}", expected=expected, received=received, remedy=_REMEDY)

    images = {}
    labels = {}
    for part in ("train", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if x.dtype != np.uint8 or x.ndim != 3 or x.shape[1:] != (28, 28):
            raise refuse(
                f"x_{part} is not of MNIST's type", "uint8 [N, 28, 28]", f"{x.dtype} {list(x.shape)}"
            )
        if not np.issubdtype(y.dtype, np.integer) or y.ndim != 1:
            raise refuse(f"y_{part} is not of MNIST's type", "integers [N]", f"{y.dtype} {list(y.shape)}")
        if len(x) != len(y) or len(x) == 0:
            raise refuse(f"the {part} set is incomplete", "one label per picture", f"{len(x)} and {len(y)}")
        if not ((y >= 0) & (y <= 9)).all():  # type: ignore[operator]
            raise refuse(f"y_{part} has labels that are not digits", "0..9", f"{y.min()}..{y.max()}")
        images[part] = np.ascontiguousarray(x, np.uint8)
        labels[part] = np.ascontiguousarray(y, np.uint8)
        if images[part].max() < 128:
            raise refuse(f"x_{part} is (almost) black", "values 0..255", f"none above {images[part].max()}")
        if images[part].mean() > _INVERTED_MEAN:
            raise refuse(f"x_{part} is inverted", "bright ink on black", f"mean {images[part].mean():.0f}")
    values = (images["train"], labels["train"], images["test"], labels["test"])
    genuine = all(len(value) == count for value, count in zip(values, COUNTS.values(), strict=True))
    whole = hashlib.sha256()
    for (name, checksum), value in zip(CHECKSUMS.items(), values, strict=True):
        whole.update(value.data)
        if genuine and hashlib.sha256(value.data).hexdigest() != checksum:
            raise refuse(
                f"{name} has MNIST's size but not its content", f"sha256 {checksum}", "a different checksum"
            )
    return Mnist(*values, sha256=whole.hexdigest(), genuine=genuine)
