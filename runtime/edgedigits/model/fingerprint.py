"""The SHA-256 of a file's bytes, without OpenSSL in memory.

`hashlib` loads libcrypto, 3.5 MB that stay: more than the model and all of a page's buffers together.
Python's own implementation is in every build that has `random` without hashlib; the standard library
takes the same way there.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def sha256(data: bytes) -> str:
    """The SHA-256 of `data`, in hexadecimal."""
    return str(_implementation().sha256(data).hexdigest())


def _implementation() -> Any:
    """CPython's module for it, by its name since 3.12 or its name before; hashlib where both are left out."""
    for name in ("_sha2", "_sha256"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return import_module("hashlib")
