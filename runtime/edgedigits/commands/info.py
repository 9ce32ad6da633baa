"""`edgedigits info`: show what a model file contains."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from edgedigits.environment import variable

if TYPE_CHECKING:
    from edgedigits.classifier import Classifier


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "model", nargs="?", metavar="MODEL", default=variable("MODEL"), help="default: the packaged model"
    )
    parser.add_argument("--json", action="store_true", help="everything, as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print the contract of the model; raises `ModelError` if the model does not load."""
    from edgedigits.classifier import Classifier

    classifier = Classifier.load(args.model)
    if args.json:
        json.dump(as_object(classifier), sys.stdout, indent=2)
        print()
        return 0
    rows = _rows(classifier)
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        first, *others = text.splitlines() or [""]
        print(f"{name:<{width}}  {first}")
        for line in others:
            print(" " * (width + 2) + line)
    return 0


def as_object(classifier: Classifier) -> dict[str, Any]:
    """Return the file's path, size and hash, and all fields of its contract."""
    return {
        "path": str(classifier.path),
        "bytes": classifier.bytes,
        "sha256": classifier.sha256,
        **asdict(classifier.contract),
    }


def _rows(classifier: Classifier) -> list[tuple[str, str]]:
    contract = classifier.contract
    taken = contract.input
    low, high = taken.range
    height, width = taken.shape
    return [
        ("file", str(classifier.path)),
        ("size", f"{classifier.bytes:,} bytes"),
        ("sha256", classifier.sha256),
        ("model", f"{contract.name} {contract.version}, {contract.precision}, {contract.architecture}"),
        ("labels", " ".join(contract.labels)),
        (
            "input",
            f"{taken.name}: {taken.dtype} [N, {height}, {width}], {low} to {high}, "
            f"{taken.polarity.replace('_', ' ')}, framing version {contract.preprocessing_version}",
        ),
        ("output", f"{contract.output}: float32 [N, {len(contract.labels)}]"),
        ("trained on", f"{_noise(contract.training_noise)}\nseed {contract.seed}"),
        ("data", f"sha256 {contract.training_data_sha256 or 'not stated'}"),
        ("accuracy", "\n".join(f"{v:6.2f} %  {k}" for k, v in contract.accuracy.items()) or "not stated"),
        ("calibration", f"temperature {contract.temperature:g}, applied inside the model"),
        ("threshold", f"{contract.rejection_threshold:g}: a frame with a lower digit score is not a digit"),
        (
            "doubt",
            f"{contract.doubt:g}: a frame in which no class is as likely gets a second look, in other views"
            if contract.doubt
            else "no second looks",
        ),
        ("licence", contract.licence),
    ]


def _noise(mix: dict[str, Any]) -> str:
    """Return the training mix, one ingredient per line."""
    if not mix:
        return "noise not stated"
    return "\n".join(f"{name}: {_value(value)}" for name, value in mix.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(item)}" for name, item in value.items())
    if isinstance(value, list):
        return " to ".join(map(_value, value)) if len(value) == 2 else " ".join(map(_value, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
