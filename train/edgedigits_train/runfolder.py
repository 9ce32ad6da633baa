"""A training run's folder: what is written there, and how it is opened again.

Files appear under their final names only when they are whole, so a run that is stopped at any moment
leaves a folder that `--resume` can go on from.
"""

from __future__ import annotations

import csv
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError

CONFIG, HISTORY, METRICS = "config.json", "history.csv", "metrics.json"
BEST, CHECKPOINT = "model.keras", "checkpoint.keras"
_PACKAGES = ("edgedigits", "tensorflow", "keras", "numpy", "opencv-python", "onnxruntime")


class RunFolder:
    """One folder, one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the folder; one that already holds a run is refused, never overwritten."""
        if (self.path / CONFIG).exists():
            raise EdgeDigitsError(
                f"{self.path} already holds a run",
                expected="a new folder",
                remedy="choose another --out, or go on with it by --resume",
            )
        self.path.mkdir(parents=True, exist_ok=True)

    def read_config(self) -> dict[str, Any]:
        """The run's `config.json`; `EdgeDigitsError` where there is none."""
        try:
            config: dict[str, Any] = json.loads((self.path / CONFIG).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise EdgeDigitsError(
                f"{self.path} is not the folder of a run",
                expected=f"a folder with {CONFIG}, as `edgedigits train` writes it",
                received=str(error),
            ) from error
        return config

    def write_json(self, name: str, values: dict[str, Any]) -> None:
        """Write a JSON file in one step."""
        self._replace(name, lambda path: path.write_text(json.dumps(values, indent=2) + "\n", "utf-8"))

    def read_history(self) -> list[dict[str, float]]:
        """One row an epoch; empty before the first has ended."""
        path = self.path / HISTORY
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]

    def write_history(self, rows: list[dict[str, float]]) -> None:
        """Write all rows; numbers with six digits, which is more than they mean."""

        def write(path: Path) -> None:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)

        self._replace(HISTORY, write)

    def save_model(self, model: Any, name: str) -> None:
        """Save a Keras model, with its optimizer's state, in one step."""
        self._replace(name, model.save, keep_suffix=True)

    def _replace(self, name: str, write: Any, keep_suffix: bool = False) -> None:
        # Keras insists on the suffix .keras, so the temporary name is a prefix there.
        temporary = self.path / (f"writing-{name}" if keep_suffix else f"{name}.writing")
        write(temporary)
        temporary.replace(self.path / name)


def versions() -> dict[str, str]:
    """What the run was made with, for `config.json`."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
