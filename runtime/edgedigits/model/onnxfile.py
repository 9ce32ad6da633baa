"""Read model files, up to a size limit, and refuse those that keep their weights in other files.

onnxruntime follows a tensor's `external_data` to other files, which lets a model file read what it should not
(CVE-2025-51480 and its kin); and a model in one file is easier to copy to a device. The `onnx` package could
tell, but is not installed there. The format is protobuf; this module parses only its framing, which takes a
dozen lines. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edgedigits.errors import ModelError

MAX_BYTES: Final = 64 * 1024 * 1024
"""A digit classifier is hundreds of times smaller; this keeps a wrong path from filling the memory."""

_MODEL_GRAPH, _MODEL_FUNCTION = 7, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE_INITIALIZER = 1, 5, 15
_FUNCTION_NODE = 7
_NODE_ATTRIBUTE = 5
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_ATTRIBUTE_SPARSE_TENSOR, _ATTRIBUTE_SPARSE_TENSORS = 22, 23
_SPARSE_VALUES, _SPARSE_INDICES = 1, 2
_TENSOR_EXTERNAL_DATA, _TENSOR_DATA_LOCATION = 13, 14


def read_model(path: Path) -> bytes:
    """Return the bytes of a model file; raises `ModelError` if it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size <= MAX_BYTES:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)  # a device has no size, and may never end
            if len(data) <= MAX_BYTES:
                return data
        raise ModelError(
            f"{path} is too large for a digit model",
            expected=f"at most {MAX_BYTES >> 20} MiB",
            received=f"{size >> 20} MiB" if size > MAX_BYTES else "more than that",
        )
    except OSError as error:
        raise ModelError(
            f"the model {path} cannot be read",
            expected="an .onnx file written by `edgedigits export`",
            received=error.strerror or str(error),
            remedy="check the path and its permissions",
        ) from error


def refuse_external_data(data: bytes, source: str) -> None:
    """Raise `ModelError` if a tensor of the model is in another file, or if `data` is not a model."""
    try:
        external = any(map(_is_external, _model_tensors(memoryview(data))))
    except (IndexError, ValueError, RecursionError) as error:
        raise ModelError(
            f"{source} is not an ONNX model, or is damaged",
            expected="an .onnx file written by `edgedigits export`",
            received=f"{len(data)} bytes that cannot be parsed",
            remedy="copy or export the file again",
        ) from error
    if external:
        raise ModelError(
            f"{source} keeps its weights in another file",
            expected="a model that is one self-contained file",
            received="a tensor with external data",
            remedy="save it with its weights inside: `onnx.save(model, path, save_as_external_data=False)`",
        )


def _model_tensors(model: memoryview) -> Iterator[memoryview]:
    for graph in _children(model, _MODEL_GRAPH):
        yield from _graph_tensors(graph)
    for function in _children(model, _MODEL_FUNCTION):
        for node in _children(function, _FUNCTION_NODE):
            yield from _node_tensors(node)


def _graph_tensors(graph: memoryview) -> Iterator[memoryview]:
    yield from _children(graph, _GRAPH_INITIALIZER)
    for sparse in _children(graph, _GRAPH_SPARSE_INITIALIZER):
        yield from _children(sparse, _SPARSE_VALUES, _SPARSE_INDICES)
    for node in _children(graph, _GRAPH_NODE):
        yield from _node_tensors(node)


def _node_tensors(node: memoryview) -> Iterator[memoryview]:
    for attribute in _children(node, _NODE_ATTRIBUTE):
        yield from _children(attribute, _ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS)
        for sparse in _children(attribute, _ATTRIBUTE_SPARSE_TENSOR, _ATTRIBUTE_SPARSE_TENSORS):
            yield from _children(sparse, _SPARSE_VALUES, _SPARSE_INDICES)
        for subgraph in _children(attribute, _ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
            yield from _graph_tensors(subgraph)


def _is_external(tensor: memoryview) -> bool:
    """Return whether the tensor is in another file; only location 0, "in this one", is accepted."""
    return any(
        number == _TENSOR_EXTERNAL_DATA or (number == _TENSOR_DATA_LOCATION and value != 0)
        for number, value in _fields(tensor)
    )


def _children(message: memoryview, *numbers: int) -> Iterator[memoryview]:
    return (v for number, v in _fields(message) if number in numbers and isinstance(v, memoryview))


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Yield number and value of each field of a protobuf message; raises on anything else."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        key &= 0xFFFFFFFF  # as the protobuf library does: a longer key must not hide a field from us
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
