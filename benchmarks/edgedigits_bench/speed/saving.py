"""Where the samples of a run and their plots are saved; files are replaced only on request."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from edgedigits.errors import UsageError
from edgedigits.extras import pip_line

if TYPE_CHECKING:
    from edgedigits_bench.speed.record import Record

Say = Callable[[str], None]


def require_free(path: Path, *, force: bool) -> None:
    """Check, before minutes of measuring, that `path` and the plots beside it can be written.

    Raises `UsageError` for a folder, for an existing file unless `force` replaces it, and for a place where
    no file can be created.
    """
    example = path / "bench.json" if path.is_dir() else path.with_suffix(".json")
    if path.is_dir() or path.suffix == ".png":
        raise UsageError(
            f"the samples cannot be written to {path}",
            expected="the name of a JSON file",
            received="a folder" if path.is_dir() else "the name of a plot",
            remedy=f"for instance --out {example}",
        )
    taken = [one for one in (path, *_pictures(path)) if os.path.lexists(one) and not _is_empty(one)]
    if taken and not force:
        raise UsageError(
            f"{taken[0]} exists",
            expected="an unused name, also for the plots next to it",
            received=", ".join(map(str, taken)),
            remedy="choose another --out, or replace the files with --force",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        refused = "" if os.access(path.parent, os.W_OK) else "a folder that is not writable"
    except OSError as error:
        refused = error.strerror or str(error)
    if refused:
        raise UsageError(f"{path} cannot be written", expected="a folder for it", received=refused)


def _is_empty(path: Path) -> bool:
    """Whether there is nothing to lose, as in a file made by `mktemp`."""
    return path.is_file() and path.stat().st_size == 0


def _pictures(path: Path) -> tuple[Path, Path]:
    """Return the paths of the plots beside the samples: times, and accuracy against time."""
    return path.with_suffix(".png"), path.with_name(f"{path.stem}-frontier.png")


def target(args: argparse.Namespace, record: Record, root: Path, say: Say) -> Path | None:
    """Return the path asked for, or one in the results of the checkout `root` if worthwhile, or None."""
    from edgedigits_bench.speed.machine import slug

    if args.out is not None or args.quick or not (root / "pyproject.toml").is_file():
        return args.out  # type: ignore[no-any-return]
    path = root / "benchmarks" / "results" / f"{slug(record.machine['name'])}.json"
    if path.exists() and not args.force:
        say(f"{path} exists and is kept; --force replaces it")
        return None
    return path


def keep(record: Record, path: Path | None, say: Say) -> None:
    """Save samples and plots."""
    from edgedigits_bench.speed import frontier, histogram

    if path is None:
        say("nothing saved; --out FILE.json saves the samples")
        return
    record.save(path)
    say(f"samples: {path}")
    picture, other = _pictures(path)
    try:
        histogram.draw(record, picture)
        say(f"distribution: {picture}")
        entries = frontier.of_record(record)
        if len(entries) > 1:
            title = f"MNIST test against time in batches of ten, {record.machine['name']}"
            frontier.draw(entries, other, title)
            say(f"accuracy against time: {other}")
    except ModuleNotFoundError as error:
        say(f"no plot, because {error.name} is not installed: {pip_line('bench')}")
