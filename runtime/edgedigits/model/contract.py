"""The contract that a model file carries in its ONNX `metadata_props`.

Everything that the runtime must know of a model travels inside the file, as flat strings with JSON values:
the input, the output, how a digit is framed, and the thresholds. The loader refuses what it does not
understand, because a model that is fed the wrong polarity or framing does not fail: it answers nonsense.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from math import isfinite
from typing import Any, TypeGuard

from edgedigits.errors import ModelError

SCHEMA_VERSION = 1
PREPROCESSING_VERSION = 1
"""Increased when `canonical` changes what it makes of a picture."""
PREFIX = "edgedigits."
DIGITS = [str(digit) for digit in range(10)]
NONE_LABEL = "none"
"""The eleventh class, "not a digit", of a model that was trained with it."""


@dataclass(frozen=True)
class InputSpec:
    """The model's one input. A file whose values differ from these, those of this version, is refused."""

    name: str = "image"
    dtype: str = "uint8"
    layout: str = "NHW"
    shape: tuple[int, int] = (28, 28)
    range: tuple[int, int] = (0, 255)
    polarity: str = "bright_on_dark"


@dataclass(frozen=True)
class Contract:
    """What was fixed when the model was trained and exported."""

    labels: tuple[str, ...]
    """Meaning of the output's columns: "0".."9", with or without "none" for "not a digit" at the end."""
    rejection_threshold: float
    """A frame whose digit score is below this, 0..1, is labelled -1."""
    doubt: float = 0.0
    """A frame in which no class is as likely as this, 0..1, gets a second look, in other views; 0: none
    does."""
    glance_threshold: float | None = None
    """The rejection threshold of answers without second looks; None: `rejection_threshold`."""
    temperature: float = 1.0
    """What the logits are divided by inside the file; for information only."""
    input: InputSpec = field(default_factory=InputSpec)
    output: str = "probabilities"
    schema_version: int = SCHEMA_VERSION
    preprocessing_version: int = PREPROCESSING_VERSION
    name: str = "edgedigits"
    version: str = "0"
    precision: str = "fp32"
    """"fp32" or "int8"."""
    architecture: str = ""
    training_noise: dict[str, Any] = field(default_factory=dict)
    """The training mix, as in the recipe."""
    training_data_sha256: str = ""
    accuracy: dict[str, float] = field(default_factory=dict)
    """Percent, by the name of the set on which it was measured."""
    seed: int = 0
    licence: str = "MIT"

    @property
    def rejects(self) -> bool:
        """Whether the model has a class for "not a digit"."""
        return NONE_LABEL in self.labels

    def to_metadata(self) -> dict[str, str]:
        """Return flat strings for `metadata_props`: prefixed keys, values in JSON."""
        return {PREFIX + key: json.dumps(value, sort_keys=True) for key, value in asdict(self).items()}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str], source: str) -> Contract:
        """Read and validate; raises `ModelError` naming `source` and the first field that is wrong."""
        if PREFIX + "schema_version" not in metadata:
            raise ModelError(
                f"{source} is an ONNX model, but not an edgedigits model",
                expected=f"metadata with the key {PREFIX}schema_version",
                received=f"keys {sorted(metadata)}" if metadata else "no metadata",
                remedy="write the file with `edgedigits export`",
            )
        values = {}
        for item in fields(cls):
            text = metadata.get(PREFIX + item.name)
            if text is None:
                continue
            try:
                values[item.name] = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise _refusal(source, item.name, "a JSON value", text) from error
        _check(source, "schema_version", values.get("schema_version"), SCHEMA_VERSION)
        _check(source, "preprocessing_version", values.get("preprocessing_version"), PREPROCESSING_VERSION)
        _check(source, "input", values.get("input"), json.loads(json.dumps(asdict(InputSpec()))))
        labels = values.get("labels")
        if labels not in (DIGITS, [*DIGITS, NONE_LABEL]):
            raise _refusal(source, "labels", f"{DIGITS}, with or without {NONE_LABEL!r} at the end", labels)
        shares = {"rejection_threshold": values.get("rejection_threshold"), "doubt": values.get("doubt", 0.0)}
        if values.get("glance_threshold") is not None:
            shares["glance_threshold"] = values["glance_threshold"]
        for name, share in shares.items():
            if not _is_number(share) or not 0 <= share <= 1:
                raise _refusal(source, name, "a number from 0 to 1", share)
        temperature = values.get("temperature", 1.0)
        if not _is_number(temperature) or temperature <= 0:
            raise _refusal(source, "temperature", "a number above 0", temperature)
        for name, kind, words in _KINDS:
            if name in values and not isinstance(values[name], kind):
                raise _refusal(source, name, words, values[name])
        if not all(map(_is_number, values.get("accuracy", {}).values())):
            raise _refusal(source, "accuracy", "percentages by the name of a set", values["accuracy"])
        values.update(labels=tuple(labels), input=InputSpec())
        return cls(**values)


_KINDS: tuple[tuple[str, type, str], ...] = (
    *((name, str, "a string") for name in ("output", "name", "version", "precision", "architecture")),
    *((name, str, "a string") for name in ("training_data_sha256", "licence")),
    *((name, dict, "a JSON object") for name in ("training_noise", "accuracy")),
    ("seed", int, "a whole number"),
)


def _is_number(value: object) -> TypeGuard[float]:
    """Return whether it is a finite number; JSON as Python parses it also has true, NaN and Infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _refusal(source: str, name: str, expected: str, received: object) -> ModelError:
    return ModelError(
        f"{source}: the model's contract has an invalid `{name}`",
        expected=expected,
        received=repr(received)[:300],
        remedy="export the model again with this version of edgedigits, or install the version that wrote it",
    )


def _check(source: str, name: str, received: object, expected: object) -> None:
    if received != expected:
        raise _refusal(source, name, repr(expected), received)
