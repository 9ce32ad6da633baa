"""The pip command that adds an extra to this installation, wherever that came from."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname


def pip_line(extra: str) -> str:
    """Return the pip command that adds `extra`, for the shell.

    A checkout is named by its path, because a package that was installed from one is on no package index.
    """
    try:
        origin = importlib.metadata.distribution("edgedigits").read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that was never installed
        origin = None
    return f"{_pip()} install {requirement(extra, json.loads(origin) if origin else {})}"


def requirement(extra: str, origin: dict[str, Any]) -> str:
    """Return what to install, as arguments of pip.

    `origin` is pip's record of where the package came from (PEP 610). It is empty for a package from an
    index; a file or folder that no longer exists is ignored.
    """
    url = str(origin.get("url", ""))
    path = Path(url2pathname(urlparse(url).path))
    if url.startswith("file:") and path.exists():
        if origin.get("dir_info", {}).get("editable"):
            return f"--editable {_quoted(f'{path}[{extra}]')}"
        return _quoted(f"edgedigits[{extra}] @ {url}")
    if kind := origin.get("vcs_info", {}).get("vcs"):
        return _quoted(f"edgedigits[{extra}] @ {kind}+{url}")
    return _quoted(f"edgedigits[{extra}]")


def _pip() -> str:
    """Return `pip`, or `PYTHON -m pip` if the shell's pip belongs to another environment."""
    found, own = shutil.which("pip"), Path(sys.executable)
    if found and Path(found).parent == own.parent:
        return "pip"
    return f"{_quoted(str(own)) if ' ' in str(own) else own} -m pip"


def _quoted(text: str) -> str:
    """Put the text in double quotes, which every shell understands."""
    return f'"{text}"'
