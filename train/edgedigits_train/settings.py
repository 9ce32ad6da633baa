"""Types and ranges of settings that come from a file: a TOML recipe, or a run's `config.json`.

Without this check a setting of the wrong type would fail minutes later, with a traceback from wherever it is
used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from edgedigits.errors import EdgeDigitsError

Range = tuple[float, float]

_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
    "float | None": ((int, float, type(None)), "a number"),
    "bool": ((bool,), "true or false"),
    "str": ((str,), "a string in quotes"),
    "tuple[str, ...]": ((list, tuple), "a list of strings"),
    "dict[str, float]": ((Mapping,), "a table of numbers"),
    "Mix": ((Mapping,), "a table"),
    "Warp": ((Mapping,), "a table"),
}
"""Annotation of a dataclass field to the types that TOML and JSON may give for it, and their name."""


def known(kind: type, values: object, where: str) -> dict[str, Any]:
    """Return `values` as a dictionary after checking names and types against the dataclass `kind`.

    `where` names the file and the table in it. Raises `EdgeDigitsError` for the first that does not match.
    """
    if not isinstance(values, Mapping):
        raise EdgeDigitsError(f"{where} is not a table of settings", received=repr(values)[:80])
    kinds = {item.name: str(item.type) for item in fields(kind)}
    if unknown := sorted(map(str, set(values) - set(kinds))):
        raise EdgeDigitsError(
            f"{where} has unknown settings",
            expected=", ".join(sorted(kinds)),
            received=", ".join(unknown),
        )
    for name, value in values.items():
        if not _is(value, kinds[name]):
            raise EdgeDigitsError(
                f"{where}: `{name}` has the wrong type",
                expected=_KINDS[kinds[name]][1],
                received=repr(value)[:80],
            )
    return dict(values)


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):  # which Python counts as an int
        return kind == "bool"
    if not isinstance(value, _KINDS[kind][0]):
        return False
    if kind == "tuple[str, ...]" and isinstance(value, list | tuple):
        return all(isinstance(item, str) for item in value)
    if kind == "dict[str, float]" and isinstance(value, Mapping):
        return all(_is(item, "float") for item in value.values())
    return True


def within(settings: object, ranges: Mapping[str, Range], what: str = "the recipe's") -> None:
    """Raise `EdgeDigitsError` for the first attribute of `settings` outside its range; None passes."""
    for name, (low, high) in ranges.items():
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            raise EdgeDigitsError(
                f"{what} `{name}` is out of range", expected=f"{low} to {high}", received=str(value)
            )
