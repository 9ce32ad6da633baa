"""The contract in a model's metadata: it survives a round trip, and what is not understood is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgedigits.errors import ModelError
from edgedigits.model.contract import DIGITS, NONE_LABEL, PREFIX, Contract

WHOLE = Contract(
    labels=(*DIGITS, NONE_LABEL),
    rejection_threshold=0.42,
    doubt=0.9,
    glance_threshold=0.44,
    temperature=1.25,
    version="1.0",
    precision="int8",
    architecture="edge",
    training_noise={"gaussian": [0.0, 0.5], "blur": {"sigma": 1.5}},
    training_data_sha256="ab" * 32,
    accuracy={"clean": 99.65},
    seed=7,
)


def test_goes_round_unchanged() -> None:
    metadata = WHOLE.to_metadata()
    assert all(isinstance(value, str) for value in metadata.values())
    assert Contract.from_metadata(metadata, "m.onnx") == WHOLE


def test_keys_of_others_are_left_alone() -> None:
    assert Contract.from_metadata(WHOLE.to_metadata() | {"author": "somebody"}, "m.onnx") == WHOLE


def test_digits_alone_reject_nothing() -> None:
    plain = Contract(labels=tuple(DIGITS), rejection_threshold=0)
    assert not plain.rejects
    assert WHOLE.rejects


@pytest.mark.parametrize("metadata", [{}, {"author": "somebody"}])
def test_a_stranger_is_told_to_export(metadata: dict[str, str]) -> None:
    with pytest.raises(ModelError, match="not an edgedigits model") as caught:
        Contract.from_metadata(metadata, "mnist-12.onnx")
    assert "mnist-12.onnx" in caught.value.what
    assert "edgedigits export" in caught.value.remedy


INPUT = json.loads(WHOLE.to_metadata()[PREFIX + "input"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schema_version", 2),  # written by a later version
        ("schema_version", "1"),
        ("preprocessing_version", 0),  # another framing
        ("preprocessing_version", None),
        ("input", INPUT | {"polarity": "dark_on_bright"}),
        ("input", INPUT | {"range": [0, 1]}),
        ("input", INPUT | {"layout": "NCHW"}),
        ("input", INPUT | {"shape": [32, 32]}),
        ("input", INPUT | {"dtype": "float32"}),
        ("input", INPUT | {"mean": 0.1307}),  # a further preprocessing step, which would not be done
        ("input", None),
        ("labels", [*DIGITS[::-1]]),  # another order
        ("labels", DIGITS[:9]),
        ("labels", list(range(10))),  # numbers instead of strings
        ("labels", [*DIGITS, "A"]),
        ("labels", {"0": 0}),
        ("rejection_threshold", 1.5),
        ("rejection_threshold", "0.5"),
        ("rejection_threshold", True),
        ("rejection_threshold", float("nan")),
        ("rejection_threshold", None),
        ("glance_threshold", 1.5),
        ("doubt", -0.1),
        ("doubt", 95),
        ("doubt", "0.95"),
        ("temperature", 0),
        ("temperature", float("inf")),
        ("output", 3),
        ("version", 1.0),
        ("training_noise", ["gaussian"]),
        ("accuracy", {"clean": "good"}),
        ("accuracy", {"clean": 99.65, "noisy": "good"}),  # one that is none beside one that is
        ("accuracy", [99.65]),
        ("seed", "7"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(name: str, value: Any) -> None:
    metadata = WHOLE.to_metadata() | {PREFIX + name: json.dumps(value)}
    with pytest.raises(ModelError, match=f"invalid `{name}`"):
        Contract.from_metadata(metadata, "m.onnx")


@pytest.mark.parametrize(
    "text",
    [
        "int8",  # a string without quotes
        "",
        "[" * 100_000,  # deeper than the parser goes
        "9" * 5000,  # longer than Python converts to a number
    ],
)
def test_values_that_are_no_json_are_refused(text: str) -> None:
    with pytest.raises(ModelError, match="invalid `architecture`"):
        Contract.from_metadata(WHOLE.to_metadata() | {PREFIX + "architecture": text}, "m.onnx")


@pytest.mark.parametrize(
    "name", ["schema_version", "preprocessing_version", "input", "labels", "rejection_threshold"]
)
def test_what_is_needed_must_be_there(name: str) -> None:
    metadata = WHOLE.to_metadata()
    del metadata[PREFIX + name]
    with pytest.raises(ModelError, match=name):
        Contract.from_metadata(metadata, "m.onnx")


def test_all_else_may_be_left_out() -> None:
    """A file written before there was a field has its default, and is no reason for a KeyError."""
    needed = ("schema_version", "preprocessing_version", "input", "labels", "rejection_threshold")
    metadata = {PREFIX + name: WHOLE.to_metadata()[PREFIX + name] for name in needed}
    plain = Contract(labels=WHOLE.labels, rejection_threshold=WHOLE.rejection_threshold)
    assert Contract.from_metadata(metadata, "m.onnx") == plain
