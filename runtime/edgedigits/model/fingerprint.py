"""The SHA-256 of a file's bytes, without OpenSSL in memory.

`hashlib` loads libcrypto, whose 3.5 MB stay in memory: more than the model and all buffers of a page.
Python's own implementation is in every build in which `random` works without hashlib; the standard library
imports it there in the same way.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return str(_implementation().sha256(data).hexdigest())


def _implementation() -> Any:
    """Return CPython's own module, under its name since 3.12 or before; hashlib if both are missing."""
    for name in ("_sha2", "_sha256"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return import_module("hashlib")
