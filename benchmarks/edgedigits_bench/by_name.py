"""What modules share that are called by name, `python -m edgedigits_bench.NAME`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

from edgedigits.errors import EdgeDigitsError


def run(main: Callable[[], int | None]) -> NoReturn:
    """End the process with what `main` returns, or with status 1 and its `EdgeDigitsError` in words."""
    try:
        sys.exit(main())
    except EdgeDigitsError as problem:
        sys.exit(str(problem))
