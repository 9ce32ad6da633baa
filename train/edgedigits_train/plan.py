"""What defines a run besides MNIST: given by flags, kept in `config.json`, read from there by --resume."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError, UsageError
from edgedigits_train.recipe import NEEDED, Recipe, from_dict, load, override
from edgedigits_train.runfolder import BEST

PACKAGED = "packaged"
_OF_THE_RECIPE = ("architecture", "epochs", "batch", "learning_rate", "seed")
_FIXED = ("out", "recipe", "start", "limit", "random_weights", *_OF_THE_RECIPE)
_NONE = type(None)


@dataclass(frozen=True)
class Plan:
    """Everything that decides the training. Paths are absolute, so that a run resumes from any folder."""

    recipe: Recipe
    limit: int | None = None
    """Number of training digits to use; None for all."""
    extra: Path | None = None
    """Folder of the user's own frames."""
    start: str | None = None
    """Where the initial weights come from: `packaged`, a run folder or a .keras file."""
    teachers: tuple[Path, ...] = ()
    random_weights: bool = False

    def to_config(self) -> dict[str, Any]:
        """Return plain values for `config.json`."""
        return {
            "recipe": self.recipe.to_dict(),
            "architecture": self.recipe.architecture,
            "classes": self.recipe.classes,
            "seed": self.recipe.seed,
            "limit": self.limit,
            "extra": str(self.extra) if self.extra else None,
            "start": self.start,
            "teacher": [str(path) for path in self.teachers],
            "random_weights": self.random_weights,
        }


def from_flags(args: argparse.Namespace) -> Plan:
    """Return the plan of a new run; raises `UsageError` for flags, `EdgeDigitsError` for a bad recipe."""
    if args.limit is not None and args.limit < 1:
        raise UsageError(
            "--limit is the number of digits to train on", expected="1 or more", received=str(args.limit)
        )
    recipe = override(load(args.recipe or "edge"), **{name: getattr(args, name) for name in _OF_THE_RECIPE})
    needs = dict.fromkeys(recipe.needs + (("start",) if recipe.blend < 1 else ()))
    if missing := [f"--{name}" for name in needs if not getattr(args, name)]:
        raise UsageError(
            f"the recipe {args.recipe} needs {' and '.join(missing)}",
            expected=" ".join(f"--{name} {NEEDED[name]}" for name in needs),
            received=f"no {' and no '.join(missing)}",
            remedy="add it, or choose a recipe that starts from scratch: edge, quick, teacher",
        )
    start = args.start
    if start is not None:
        start_file(start)
        start = start if start == PACKAGED else str(Path(start).resolve())
    extra = args.extra.resolve() if args.extra else None
    teachers = tuple(path.resolve() for path in args.teacher or ())
    return Plan(recipe, args.limit, extra, start, teachers, args.random_weights)


def from_config(config: dict[str, Any], args: argparse.Namespace, folder: Path) -> Plan:
    """Return the plan with which the run in `folder` was started.

    Of the flags only --extra and --teacher may be given again, for files that have moved. Raises
    `UsageError` for others, `EdgeDigitsError` for an incomplete `config.json`.
    """
    values = {name: getattr(args, name) for name in _FIXED}
    given = [
        f"--{name.replace('_', '-')}"
        for name, value in values.items()
        if value is not None and value is not False  # not `in`, which takes 0 for False
    ]
    for name in ("extra", "teacher"):
        if getattr(args, name) and not config.get(name):
            given.append(f"--{name}, which it was started without")
    if given:
        raise UsageError(
            "--resume continues the run with its own settings",
            expected="no --out, --recipe, --start, --limit or setting of the recipe with it",
            received=", ".join(given),
        )

    def told(name: str, *kinds: type) -> Any:
        value = config.get(name)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise EdgeDigitsError(
                f"{folder} cannot be resumed: its config.json does not state `{name}`",
                expected="what `edgedigits train` wrote there",
                received=repr(value)[:80] if name in config else "nothing",
                remedy="restore it from a copy, or start a new run",
            )
        return value

    told("data_sha256", str)
    teachers = told("teacher", list, str, _NONE) or []
    teachers = [teachers] if isinstance(teachers, str) else [str(path) for path in teachers]
    extra = args.extra or told("extra", str, _NONE)
    return Plan(
        from_dict(told("recipe", dict), str(folder)),
        told("limit", int, _NONE) or None,
        Path(extra).resolve() if extra else None,
        told("start", str, _NONE),
        tuple(Path(path).resolve() for path in args.teacher or teachers),
        bool(told("random_weights", bool, _NONE)),
    )


def start_file(start: str) -> Path:
    """Return the .keras file that --start means: the packaged one, a run folder's, or the file itself.

    Raises `UsageError` if there is none.
    """
    path = Path(str(files("edgedigits_train"))) / "assets" / "edgedigits.keras"
    if start != PACKAGED:
        path = Path(start)
        if path.suffix != ".keras" or path.is_dir():
            path /= BEST
    if not path.is_file():
        raise UsageError(
            f"there is no trained network at {path}",
            expected="--start packaged, or the folder of a run",
            received=f"--start {start}",
        )
    return path


def start_again(start: str, folder: Path) -> Path:
    """Return `start_file` again for the run in `folder`, which has kept no epoch yet.

    Raises `EdgeDigitsError` if the network is gone: starting from random weights would be another run.
    """
    try:
        return start_file(start)
    except UsageError as error:
        raise EdgeDigitsError(
            f"{folder} was started from a network that is gone, and none of its epochs has been saved yet",
            expected=f"--start {start}, as its config.json says",
            received=error.what,
            remedy="put it back there, or start a new run with another --start and --out",
        ) from error
