"""Just enough of the ONNX file format to refuse weights that lie outside the file.

onnxruntime follows a tensor's `external_data` to other files, which lets a model file read what it
should not (CVE-2025-51480 and its kin), and a model that is one file is easier to copy to a device.
The `onnx` package would tell, but it is not installed there; the format is protobuf, whose framing
takes a dozen lines. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

from collections.abc import Iterator

from edgedigits.errors import ModelError

_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_ATTRIBUTE = 5
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_TENSOR_EXTERNAL_DATA, _TENSOR_DATA_LOCATION = 13, 14
_EXTERNAL = 1


def refuse_external_data(data: bytes, source: str) -> None:
    """Raise `ModelError` if a tensor of the model lies in another file, or `data` is no model."""
    try:
        external = any(
            _is_external(tensor)
            for number, graph in _fields(memoryview(data))
            if number == _MODEL_GRAPH and isinstance(graph, memoryview)
            for tensor in _tensors(graph)
        )
    except (IndexError, ValueError) as error:
        raise ModelError(
            f"{source} is not an ONNX model, or a damaged one",
            expected="an .onnx file written by `edgedigits export`",
            received=f"{len(data)} bytes that do not parse",
            remedy="copy or export the file again",
        ) from error
    if external:
        raise ModelError(
            f"{source} keeps its weights in another file",
            expected="a model that is one self-contained file",
            received="a tensor with external data",
            remedy="save it with its weights inside: `onnx.save(model, path, save_as_external_data=False)`",
        )


def _tensors(graph: memoryview) -> Iterator[memoryview]:
    for number, value in _fields(graph):
        if not isinstance(value, memoryview):
            continue
        if number == _GRAPH_INITIALIZER:
            yield value
        elif number == _GRAPH_NODE:
            for attribute in _children(value, _NODE_ATTRIBUTE):
                yield from _children(attribute, _ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS)
                for subgraph in _children(attribute, _ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
                    yield from _tensors(subgraph)


def _is_external(tensor: memoryview) -> bool:
    return any(
        number == _TENSOR_EXTERNAL_DATA or (number == _TENSOR_DATA_LOCATION and value == _EXTERNAL)
        for number, value in _fields(tensor)
    )


def _children(message: memoryview, *numbers: int) -> Iterator[memoryview]:
    return (v for number, v in _fields(message) if number in numbers and isinstance(v, memoryview))


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Number and value of each field of a protobuf message; raises on anything that is not one."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        if kind == 2:
            length, at = _varint(message, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"wire type {kind}")
        if at + length > len(message):
            raise ValueError("field runs past the end")
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("varint is too long")
