"""JSON files of figures, from which the tables in the documents are printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from edgedigits.errors import DataError


def read_record(path: Path, *needed: str) -> dict[str, Any]:
    """Read the figures in a file; raises `DataError` if it has none, or lacks one of `needed`."""
    try:
        record = json.loads(path.read_text("utf-8"))
        if not isinstance(record, dict):
            raise ValueError(f"a {type(record).__name__} instead of an object")
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read", expected="a JSON file of figures", received=str(error)
        ) from error
    if missing := [key for key in needed if key not in record]:
        raise DataError(
            f"{path} does not contain the expected figures",
            expected=", ".join(f'"{key}"' for key in needed),
            received=f"nothing under {', '.join(missing)}",
        )
    return record


def write_record(path: Path, record: object, indent: int | None = None) -> None:
    """Write figures as JSON, replacing the file and creating its folder if needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=indent) + "\n", "utf-8")
