"""Elementary operations on an ONNX graph, from which the rewrites are built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper


def initializer(graph: onnx.GraphProto, name: str) -> npt.NDArray[np.generic] | None:
    """Return the constant with this name, or None."""
    found = next((item for item in graph.initializer if item.name == name), None)
    return None if found is None else np.asarray(numpy_helper.to_array(found))


def constant(graph: onnx.GraphProto, name: str, value: npt.NDArray[np.generic]) -> str:
    """Add an initializer and return its name."""
    graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
    return name


def readers(graph: onnx.GraphProto, name: str) -> list[onnx.NodeProto]:
    """Return the nodes that take the tensor with this name."""
    return [node for node in graph.node if name in node.input]


def replace_input(graph: onnx.GraphProto, old: str, new: str) -> None:
    """Make every node that takes `old` take `new` instead."""
    for node in graph.node:
        for position, name in enumerate(node.input):
            if name == old:
                node.input[position] = new


def prune(graph: onnx.GraphProto) -> None:
    """Remove nodes whose results are unused, and unused constants."""
    wanted = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    constants = [item for item in graph.initializer if item.name in wanted]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(constants)


def producer(graph: onnx.GraphProto, name: str) -> onnx.NodeProto | None:
    """Return the node that produces the tensor with this name, or None for inputs and constants."""
    return next((node for node in graph.node if name in node.output), None)


def insert(graph: onnx.GraphProto, at: int, nodes: Iterable[onnx.NodeProto]) -> None:
    """Insert nodes into a graph, the first one at index `at`."""
    for place, node in enumerate(nodes, at):
        graph.node.insert(place, node)


def attribute(node: onnx.NodeProto, name: str, default: list[int]) -> list[int]:
    """Return the integers of an attribute, or `default` if the node does not have it."""
    return next((list(item.ints) for item in node.attribute if item.name == name), default)


def share_constants(graph: onnx.GraphProto) -> None:
    """Merge equal constants: a quantized model repeats its zero points for each layer."""
    first: dict[tuple[int, tuple[int, ...], bytes], str] = {}
    for item in graph.initializer:
        content = numpy_helper.to_array(item)
        kept = first.setdefault((item.data_type, tuple(item.dims), content.tobytes()), item.name)
        if kept != item.name:
            replace_input(graph, item.name, kept)
    prune(graph)


_SHORT = {"QuantizeLinear": "q", "DequantizeLinear": "dq", "GlobalAveragePool": "pool"}


def name_graph(graph: onnx.GraphProto) -> None:
    """Give nodes and tensors short names that say where they belong: `conv2`, and `conv2.1` for its weights.

    The names that exporters make up took a tenth of the file, and profiles show names.
    """
    outer = {value.name for value in (*graph.input, *graph.output)}
    counts: Counter[str] = Counter()
    names: dict[str, str] = {name: name for name in outer}
    for node in graph.node:
        kind = _SHORT.get(node.op_type, node.op_type.lower())
        counts[kind] += 1
        node.name = f"{kind}{counts[kind]}"
        for position, name in enumerate(node.input):
            if name and name not in names:
                names[name] = f"{node.name}.{position}"
        for position, name in enumerate(node.output):
            names.setdefault(name, node.name if position == 0 else f"{node.name}:{position}")
    for node in graph.node:
        for position, name in enumerate(node.input):
            node.input[position] = names.get(name, name)
        for position, name in enumerate(node.output):
            node.output[position] = names[name]
    for item in graph.initializer:
        item.name = names[item.name]
    del graph.value_info[:]
