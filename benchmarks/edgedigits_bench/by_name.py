"""What modules share that are called by name, `python -m edgedigits_bench.NAME`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from edgedigits.errors import EdgeDigitsError


def run(main: Callable[[], int | None]) -> NoReturn:
    """End the process with what `main` returns, or with status 1 and its `EdgeDigitsError` in words.

    Ctrl-C is 130, and a reader of the output that goes away, as `| head` does, no error.
    """
    try:
        code = main()
        sys.stdout.flush()
    except EdgeDigitsError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains
        sys.exit(0)
    sys.exit(code)


def write_record(path: Path, record: Mapping[str, Any], indent: int | None = None) -> None:
    """Figures as JSON, in a folder that is made where it is missing; written anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=indent) + "\n", "utf-8")
