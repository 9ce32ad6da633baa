"""What modules share that are called by name, `python -m edgedigits_bench.NAME`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from edgedigits.errors import EdgeDigitsError


def run(main: Callable[[], int | None]) -> NoReturn:
    """End the process with what `main` returns, or with status 1 and its `EdgeDigitsError` in words."""
    try:
        sys.exit(main())
    except EdgeDigitsError as problem:
        sys.exit(str(problem))


def write_record(path: Path, record: Mapping[str, Any], indent: int | None = None) -> None:
    """Figures as JSON, in a folder that is made where it is missing; written anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=indent) + "\n", "utf-8")
