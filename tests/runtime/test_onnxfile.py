"""Weights outside the file are refused wherever the format can hide them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgedigits.errors import ModelError
from edgedigits.model.onnxfile import refuse_external_data


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def message(number: int, content: bytes) -> bytes:
    """Encode a protobuf field that holds bytes or another message."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


# onnx.proto3: TensorProto.external_data = 13 (key 1, value 2), data_location = 14
ENTRY = message(13, message(1, b"location") + message(2, b"/etc/passwd"))
OUTSIDE = message(8, b"weight") + ENTRY + number(14, 1)
INSIDE = message(8, b"weight") + message(9, bytes(4))


def attribute(*fields: bytes) -> bytes:
    return message(1, message(5, b"".join(fields)))  # GraphProto.node, NodeProto.attribute


def model(graph: bytes) -> bytes:
    return number(1, 8) + message(7, graph)


HIDING_PLACES = {
    "an initializer": model(message(5, OUTSIDE)),
    "the second of two": model(message(5, INSIDE) + message(5, OUTSIDE)),
    "only the location flag": model(message(5, number(14, 1))),
    "a location flag beyond 32 bits": model(message(5, number(14, 1 << 32 | 1))),
    "only the entry, flag left out": model(message(5, ENTRY)),
    "a Constant's tensor": model(attribute(message(5, OUTSIDE))),
    "an attribute's list of tensors": model(attribute(message(10, INSIDE), message(10, OUTSIDE))),
    "a branch of an If": model(attribute(message(6, message(5, OUTSIDE)))),
    "a branch within a branch": model(attribute(message(6, attribute(message(6, message(5, OUTSIDE)))))),
    "a list of graphs": model(attribute(message(11, message(5, OUTSIDE)))),
    "a sparse initializer's values": model(message(15, message(1, OUTSIDE))),
    "a sparse initializer's indices": model(message(15, message(2, OUTSIDE))),
    "a sparse attribute": model(attribute(message(22, message(1, OUTSIDE)))),
    "a model-local function": model(b"") + message(25, message(7, message(5, message(5, OUTSIDE)))),
    "a graph after the graph": model(message(5, INSIDE)) + message(7, message(5, OUTSIDE)),
    "behind a number of eight bytes": varint(1 << 3 | 1) + b"\xff" * 8 + model(message(5, OUTSIDE)),
    "behind one of four": varint(1 << 3 | 5) + b"\xff" * 4 + model(message(5, OUTSIDE)),
    # The protobuf library keeps 32 bits of a field's key.
    "a key beyond 32 bits": varint(1 << 32 | 7 << 3 | 2)
    + varint(len(message(5, OUTSIDE)))
    + message(5, OUTSIDE),
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_external_data_is_found(place: str) -> None:
    with pytest.raises(ModelError, match="another file"):
        refuse_external_data(HIDING_PLACES[place], "m.onnx")


def test_a_model_without_any_passes(tiny: Path) -> None:
    refuse_external_data(tiny.read_bytes(), "tiny.onnx")
    refuse_external_data(model(message(5, INSIDE + number(14, 0))), "m.onnx")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (message(7, b"")[:-1] + b"\x05", "a length beyond the end"),
        (b"\xff" * 11, "a number that never ends"),
        (b"\x80", "a number that is cut off"),
        (varint(7 << 3 | 3), "a group, which ONNX does not use"),
        (varint(1 << 3 | 5) + b"\0", "four bytes announced, one there"),
    ],
)
def test_what_does_not_parse_is_no_model(data: bytes, why: str) -> None:
    with pytest.raises(ModelError, match="not an ONNX model"):
        refuse_external_data(data, "m.onnx")


def test_graphs_nested_without_end_are_refused_and_do_not_crash() -> None:
    graph = b""
    for _ in range(3000):
        graph = attribute(message(6, graph))
    with pytest.raises(ModelError, match="not an ONNX model"):
        refuse_external_data(model(graph), "m.onnx")


def test_the_onnx_package_agrees(tmp_path: Path) -> None:
    """Compare a model that `onnx` itself saved with external weights, and the same one saved whole."""
    onnx = pytest.importorskip("onnx", reason="the package onnx comes with the extra `train`")
    numpy_helper = pytest.importorskip("onnx.numpy_helper")
    import numpy as np

    weight = numpy_helper.from_array(np.ones(2000, np.float32), "weight")
    value = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [2000])
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["weight"], ["y"])], "g", [], [value], [weight]
    )
    whole, split = tmp_path / "whole.onnx", tmp_path / "split.onnx"
    onnx.save(onnx.helper.make_model(graph), whole)
    onnx.save(onnx.helper.make_model(graph), split, save_as_external_data=True, size_threshold=0)
    refuse_external_data(whole.read_bytes(), str(whole))
    with pytest.raises(ModelError, match="another file"):
        refuse_external_data(split.read_bytes(), str(split))
