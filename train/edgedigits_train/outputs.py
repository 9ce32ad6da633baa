"""Where a command writes: checked before the work begins; existing files are replaced only on request."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from edgedigits.errors import UsageError
from edgedigits.pictures import numbered


def check_folder(path: Path) -> None:
    """Check that the folder `path` can be written to or created, without creating it.

    Raises `UsageError` for --out if not: finding out at the end would waste all of the work.
    """
    place = path
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    if not place.is_dir():
        reason = f"{place}, which is not a folder"
    elif not os.access(place, os.W_OK | os.X_OK):
        reason = f"{place}, which is not writable"
    else:
        return
    raise UsageError(
        f"nothing can be written to --out {path}",
        expected="a folder, or the name of a new one",
        received=reason,
        remedy="choose another --out",
    )


def require_free(paths: Iterable[Path], *, force: bool) -> None:
    """Raise `UsageError` for --out if one of the paths exists, unless `force` allows replacing it."""
    taken = [path for path in paths if os.path.lexists(path)]
    if taken and not force:
        raise UsageError(
            f"{taken[0]} exists",
            expected="a folder that does not contain the files to be written",
            received=", ".join(path.name for path in taken),
            remedy="choose another --out, or replace the files with --force",
        )


def free_name(path: Path) -> Path:
    """Return `path` if nothing has that name, else `name-2.png` and so on."""
    return next(one for one in numbered(path, path.suffix) if not os.path.lexists(one))
