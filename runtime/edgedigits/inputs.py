"""Turn what the user names into a flat list of items: files, folders, patterns, videos and stdin."""

from __future__ import annotations

import glob
import os
import shlex
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from edgedigits.camera.naming import is_live, source_name
from edgedigits.errors import EdgeDigitsError, PictureError, SourceError, UsageError

PICTURES: Final = (".jpeg", ".jpg", ".png")
VIDEOS: Final = (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".webm", ".wmv")
STDIN: Final = "-"


@dataclass(frozen=True)
class Item:
    """One thing to read."""

    source: str
    """As the user wrote it, or as it was found: a path, or "-"."""
    kind: Literal["picture", "video", "stdin"]
    name: str
    """File name without suffix for what is written for this item; unique among the items of a list."""


def expand(sources: Iterable[str]) -> Iterator[Item | EdgeDigitsError]:
    """Yield the items of each source in order, or an error in place of those that were not found.

    A folder gives its PNG and JPEG files sorted by name, without hidden files and subfolders. A pattern (`*`,
    `?`, `[...]`, `**`) gives all files that it matches, sorted; a file of exactly that name takes precedence.
    A file with the suffix of a video is a video; any other is taken for a picture.
    """
    taken: set[str] = set()
    for source in sources:
        for found in _found(source):
            if isinstance(found, EdgeDigitsError):
                yield found
            elif found == STDIN:
                yield Item(STDIN, "stdin", _unique("stdin", taken))
            else:
                path = Path(found)
                kind: Literal["picture", "video"] = "video" if path.suffix.lower() in VIDEOS else "picture"
                yield Item(found, kind, _unique(path.stem, taken))


def is_one_picture(sources: Iterable[str]) -> bool:
    """Return whether the user named exactly one picture, whose text needs no file name before it."""
    named = list(sources)
    if len(named) != 1:
        return False
    path = Path(named[0])
    return named[0] == STDIN or (_is_file(named[0]) and path.suffix.lower() not in VIDEOS)


def _found(source: str) -> Iterator[str | EdgeDigitsError]:
    if source == STDIN or os.path.isfile(source):  # noqa: PTH113 - a null byte makes Path raise
        yield source
    elif os.path.isdir(source):  # noqa: PTH112
        yield from _in_folder(source)
    elif is_live(source) and not os.path.exists(source):  # noqa: PTH110
        yield _no_file(source)
    elif glob.has_magic(source):
        files = [match for match in sorted(_matches(source)) if _is_file(match)]
        yield from files
        if not files:
            yield _nothing(source, "files that match the pattern", "no such file")
    elif source.lower().endswith(VIDEOS) and os.path.exists(source):  # noqa: PTH110
        yield SourceError(
            f"{source} cannot be read as a video",
            expected="a regular file, which can be read at any position",
            received="a pipe or a device",
            remedy="write it to a file first; `edgedigits webcam --source` takes streams and cameras",
        )
    else:
        # This may be a pipe or a device; a missing file is reported when it is opened.
        yield source


def _is_file(path: str) -> bool:
    """Return whether it is a file, or may be one in a folder that is closed to us: opening it tells which."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - a null byte makes Path raise
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def _matches(pattern: str) -> set[str]:
    """Return the paths that a pattern matches.

    `**` enters each folder once, whichever links lead to it; `glob` goes round in circles where a link leads
    back to a folder above it.
    """
    parts = pattern.replace(os.sep, "/").split("/")
    if "**" not in parts:
        return set(glob.glob(pattern))  # noqa: PTH207 - the pattern may be absolute
    at = parts.index("**")
    rest = "/".join(parts[at + 1 :]) or "*"
    found: set[str] = set()
    seen: set[str] = set()
    # The empty part at the end makes glob match folders only, and turns a lone "" into the root.
    for base in glob.glob("/".join([*parts[:at], ""])) if at else [""]:  # noqa: PTH207
        for path, inside, _ in os.walk(base or os.curdir, followlinks=True):
            real = os.path.realpath(path)
            if real in seen:
                inside.clear()
                continue
            seen.add(real)
            inside[:] = sorted(name for name in inside if not name.startswith("."))
            folder = path if base else path[2:]  # os.walk puts "./" before "pages"
            found |= _matches(os.path.join(glob.escape(folder), rest))  # noqa: PTH118
    return found


def _in_folder(folder: str) -> Iterator[str | EdgeDigitsError]:
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208
    except OSError as error:
        yield _nothing(folder, "a folder that can be listed", error.strerror or str(error))
        return
    pictures = [name for name in names if name.lower().endswith(PICTURES)]
    if pictures:
        yield from (str(Path(folder, name)) for name in pictures)
    else:
        folders = sum(os.path.isdir(os.path.join(folder, name)) for name in names)  # noqa: PTH112, PTH118
        received = _counted(len(names) - folders, "other file")
        if folders:
            received += f" and {_counted(folders, 'folder')}"
        below = shlex.quote(os.path.join(glob.escape(folder), "**", "*.jpg"))  # noqa: PTH118
        remedy = f"to read the subfolders: edgedigits predict {below}" if folders else ""
        yield _nothing(folder, "PNG or JPEG files in the folder", received, remedy)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _no_file(source: str) -> SourceError:
    """Return the error for what only `webcam` takes: a camera, or an address, which may hold a password."""
    address = "://" in source
    watch = f"edgedigits webcam --source {'ADDRESS' if address else source}"
    if source.lower().startswith("http"):
        remedy = f"for a picture: curl -s ADDRESS | edgedigits predict -; for a stream: {watch}"
    else:
        remedy = f"to read from a camera or a stream: {watch}"
    return SourceError(
        f"{source_name(source) if address else source} is not a file",
        expected="a picture, a folder, a quoted pattern, a video, or - for stdin",
        remedy=remedy,
    )


def _nothing(source: str, expected: str, received: str, remedy: str = "") -> PictureError:
    return PictureError(
        f"there is nothing to read in {source}",
        expected=expected,
        received=received,
        remedy=remedy or "check the path; put patterns in quotes",
    )


def _unique(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate.casefold())
    return candidate


def refuse_picture(source: str) -> None:
    """Raise `UsageError` if a live view's source is a picture: as a video it would end with one frame."""
    if is_live(source) or not source.lower().endswith(PICTURES) or not os.path.isfile(source):  # noqa: PTH113
        return
    raise UsageError(
        f"{source} is a picture",
        expected="a camera number, a video file, a tcp://, rtsp:// or http:// address, or picamera2",
        received="a PNG or JPEG file",
        remedy=f"edgedigits predict {shlex.quote(source)}",
    )
