"""Lossless rewrites of the float graph that let onnxruntime's int8 kernels follow one another directly.

tf2onnx translates node by node. What it leaves (bytes scaled in two float operators, a reshape after a
reshape, a matrix product apart from its bias) takes more time in a network of 70,000 weights than a
convolution does, and it separates the quantized operators. `docs/performance.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
import onnx
from onnx import helper, shape_inference

from edgedigits_export.graph import (
    attribute,
    constant,
    initializer,
    name_graph,
    prune,
    readers,
    replace_input,
)

_VIEWS = ("Reshape", "Squeeze", "Unsqueeze", "Flatten")
"""Operators that leave the bytes where they are."""
_MOVES = (*_VIEWS, "Transpose")
"""Operators that only move values, and so do the same on bytes as on floats."""


def tidy(model: onnx.ModelProto, traced_batch: int) -> None:
    """Rewrite a graph that was traced with a fixed batch into one for any batch, in place.

    `traced_batch` must be a number that occurs in the graph only as the batch.
    """
    _scale_late(model.graph)
    _merge_views(model)
    _dense_as_gemm(model.graph)
    _free_batch(model.graph, traced_batch)
    prune(model.graph)
    name_graph(model.graph)


def _scale_late(graph: onnx.GraphProto) -> None:
    """Replace `Cast, Mul 1/255, then views` by `views, then DequantizeLinear(1/255)`.

    The views then move bytes, a quarter of the memory of floats; one node scales instead of two; and the
    quantized graph needs a DequantizeLinear in front of the convolution anyway.
    """
    image = graph.input[0].name
    (cast,) = readers(graph, image)
    (scale,) = readers(graph, cast.output[0])
    if cast.op_type != "Cast" or scale.op_type != "Mul":
        raise ValueError(f"the graph begins with {cast.op_type}, {scale.op_type}; expected Cast, Mul")
    last = scale.output[0]
    while len(following := readers(graph, last)) == 1 and following[0].op_type in _MOVES:
        last = following[0].output[0]
    replace_input(graph, last, "pixels")
    replace_input(graph, scale.output[0], image)
    bytes_in = image if last == scale.output[0] else last
    scaled = helper.make_node(
        "DequantizeLinear",
        [
            bytes_in,
            constant(graph, "pixel_scale", np.array(1 / 255, np.float32)),
            constant(graph, "pixel_zero", np.array(0, np.uint8)),
        ],
        ["pixels"],
    )
    graph.node.remove(cast)
    graph.node.remove(scale)
    at = next((i for i, node in enumerate(graph.node) if bytes_in in node.output), -1)
    graph.node.insert(at + 1, scaled)


def _merge_views(model: onnx.ModelProto) -> None:
    """Merge consecutive views, and a Transpose that only moves axes of length 1, into one Reshape."""
    graph = model.graph
    shapes = _shapes(model)
    for node in list(graph.node):
        if node.op_type == "Transpose" and _is_view(node, shapes[node.input[0]]):
            _become_reshape(graph, node, shapes[node.output[0]])
    for node in list(graph.node):
        if node.op_type not in _VIEWS:
            continue
        following = readers(graph, node.output[0])
        if following and all(reader.op_type in _VIEWS for reader in following):
            for reader in following:
                reader.input[0] = node.input[0]
                _become_reshape(graph, reader, shapes[reader.output[0]])


def _is_view(node: onnx.NodeProto, shape: Sequence[int]) -> bool:
    order = attribute(node, "perm", [])
    moving = [axis for axis in order if shape[axis] != 1]
    return moving == sorted(moving)


def _become_reshape(graph: onnx.GraphProto, node: onnx.NodeProto, shape: Sequence[int]) -> None:
    target = constant(graph, f"{node.output[0]}_shape", np.asarray(shape, np.int64))
    node.op_type = "Reshape"
    del node.attribute[:], node.input[1:]
    node.input.append(target)


def _dense_as_gemm(graph: onnx.GraphProto) -> None:
    """Merge `MatMul, Add` of a dense layer into one Gemm, for which onnxruntime has one int8 kernel."""
    for node in list(graph.node):
        weights = initializer(graph, node.input[1]) if node.op_type == "MatMul" else None
        if weights is None or weights.ndim != 2:
            continue
        bias, inputs, output = None, list(node.input), node.output[0]
        following = readers(graph, output)
        if len(following) == 1 and following[0].op_type == "Add":
            (other,) = (name for name in following[0].input if name != output)
            bias = initializer(graph, other)
            if bias is not None and bias.size == weights.shape[1]:
                inputs.append(constant(graph, f"{other}_row", bias.reshape(-1)))
                output = following[0].output[0]
                graph.node.remove(following[0])
        at = list(graph.node).index(node)
        graph.node.remove(node)
        graph.node.insert(at, helper.make_node("Gemm", inputs, [output], name=node.name))


def _free_batch(graph: onnx.GraphProto, batch: int) -> None:
    """Replace the traced batch by `N` in the inputs, outputs and reshape targets."""
    for node in graph.node:
        if node.op_type != "Reshape":
            continue
        target = initializer(graph, node.input[1])
        if target is not None and target.size and target.flat[0] == batch:
            free = np.array([-1, *target.tolist()[1:]], np.int64)
            if (free[1:] < 0).any():
                free[0] = 0
            node.input[1] = constant(graph, f"{node.output[0]}_free", free)
    for value in (*graph.input, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    del graph.value_info[:]


def _shapes(model: onnx.ModelProto) -> dict[str, tuple[int, ...]]:
    inferred = shape_inference.infer_shapes(model, strict_mode=True).graph
    return dict(_static(inferred))


def _static(graph: onnx.GraphProto) -> Iterator[tuple[str, tuple[int, ...]]]:
    for value in (*graph.input, *graph.value_info, *graph.output):
        shape = tuple(dim.dim_value for dim in value.type.tensor_type.shape.dim)
        if prod(shape) > 0:
            yield value.name, shape
