"""The folder of a training run: what is written into it, and how it is opened again.

Files get their final names only when they are complete, so a run that is stopped at any moment leaves a
folder from which `--resume` can go on.
"""

from __future__ import annotations

import csv
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError, UsageError
from edgedigits_train.outputs import check_folder

CONFIG, HISTORY, METRICS = "config.json", "history.csv", "metrics.json"
BEST, CHECKPOINT = "model.keras", "checkpoint.keras"
_PICTURES = ("loss_accuracy.png", "confusion_matrix.png", "sample_predictions.png", "noise_curve.png")
_PACKAGES = ("edgedigits", "tensorflow", "keras", "numpy", "opencv-python", "onnxruntime")


class RunFolder:
    """The folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def check_new(self) -> None:
        """Raise `UsageError` unless the folder can be created and nothing in it would be overwritten."""
        if (self.path / CONFIG).exists():
            raise UsageError(
                f"{self.path} already contains a run",
                expected="a new folder",
                remedy="choose another --out, or continue it with --resume",
            )
        check_folder(self.path)
        for name in (HISTORY, METRICS, BEST, CHECKPOINT, *_PICTURES):
            if (self.path / name).exists():
                raise UsageError(
                    f"{self.path} contains a {name}, which the run would overwrite",
                    expected="a new folder, or one without such a file",
                    remedy="choose another --out",
                )

    def create(self, config: dict[str, Any]) -> None:
        """Create the folder with its `config.json`; one that `check_new` refuses is not touched."""
        self.check_new()
        self.path.mkdir(parents=True, exist_ok=True)
        self.write_json(CONFIG, config)

    def read_config(self) -> dict[str, Any]:
        """Read `config.json`; raises `EdgeDigitsError` if there is none, or it is no JSON object."""
        try:
            config = json.loads((self.path / CONFIG).read_text("utf-8"))
            if not isinstance(config, dict):
                raise ValueError(f"{CONFIG} contains no JSON object")
        except (OSError, ValueError, RecursionError) as error:
            raise EdgeDigitsError(
                f"{self.path} is not the folder of a run",
                expected=f"a folder with {CONFIG}, as `edgedigits train` writes it",
                received=str(error),
            ) from error
        return config

    def write_json(self, name: str, values: dict[str, Any]) -> None:
        """Write a JSON file atomically."""
        self._replace(name, lambda path: path.write_text(json.dumps(values, indent=2) + "\n", "utf-8"))

    def read_history(self) -> list[dict[str, float]]:
        """Read one row per epoch, none before the first has ended; `EdgeDigitsError` for a damaged file."""
        path = self.path / HISTORY
        if not path.exists():
            return []
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
            if not all("val_score" in row for row in rows):
                raise ValueError("no column val_score")
        except (OSError, TypeError, ValueError, csv.Error) as error:
            raise EdgeDigitsError(
                f"{path} is damaged",
                expected="a row of numbers for each epoch, as `edgedigits train` writes it",
                received=str(error),
                remedy="restore it from a copy, or train again with another --out",
            ) from error
        return rows

    def write_history(self, rows: list[dict[str, float]]) -> None:
        """Write all rows with numbers in full precision: after `--resume` scores are compared with them."""

        def write(path: Path) -> None:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

        self._replace(HISTORY, write)

    def save_model(self, model: Any, name: str) -> None:
        """Save a Keras model, with its optimizer's state, atomically."""
        self._replace(name, model.save, keep_suffix=True)

    def _replace(self, name: str, write: Any, keep_suffix: bool = False) -> None:
        # Keras insists on the suffix .keras, so the temporary name gets a prefix instead.
        temporary = self.path / (f"writing-{name}" if keep_suffix else f"{name}.writing")
        write(temporary)
        temporary.replace(self.path / name)


def versions() -> dict[str, str]:
    """Return the package versions that the run was made with, for `config.json`."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
