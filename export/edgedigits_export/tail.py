"""Simplify the end of the int8 graph, from the last feature map to the probabilities."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper

from edgedigits_export.graph import constant, initializer, insert, producer, prune, readers

_SMALL_MAP = 4
"""Up to this many positions copies in the dense layer cost less than pooling; 64 channels of 2x2 add 2 kB."""


def small_pool_into_dense(model: onnx.ModelProto) -> None:
    """Replace a global pooling of a small map by a larger dense layer that takes the map itself.

    The mean of P positions times W is the sum over the positions times W / P, so the rows of the dense
    layer are repeated for each position. That saves an operator and the rounding of the mean to 256 steps.
    The channels come last, as the int8 convolution leaves them: its transpose back and the one added here
    cancel.
    """
    graph = model.graph
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in onnx.shape_inference.infer_shapes(model).graph.value_info
    }
    for pool in [node for node in graph.node if node.op_type == "GlobalAveragePool"]:
        _, channels, *sides = shapes.get(pool.input[0], [0, 0, 0])
        positions = int(np.prod(sides))
        squeeze = readers(graph, pool.output[0])
        dense = readers(graph, squeeze[0].output[0]) if len(squeeze) == 1 else []
        following = [node.op_type for node in (*squeeze, *dense)]
        if not 0 < positions <= _SMALL_MAP or following != ["Squeeze", "Gemm"]:
            continue
        weights = initializer(graph, dense[0].input[1])
        turned = any(item.name in ("transA", "transB") and item.i for item in dense[0].attribute)
        if weights is None or weights.shape[0] != channels or turned:
            continue
        last, flat = f"{pool.output[0]}_channels_last", f"{pool.output[0]}_flat"
        target = constant(graph, f"{flat}_shape", np.array([-1, positions * channels], np.int64))
        rows = np.tile(weights, (positions, 1)) / np.asarray(positions, weights.dtype)
        views = [
            helper.make_node("Transpose", [pool.input[0]], [last], perm=[0, 2, 3, 1]),
            helper.make_node("Reshape", [last, target], [flat]),
        ]
        insert(graph, list(graph.node).index(pool), views)
        dense[0].input[0] = flat
        dense[0].input[1] = constant(graph, f"{flat}_weights", rows)
    prune(graph)


def pooled_channels_last(graph: onnx.GraphProto) -> None:
    """Drop the axes of length 1 behind a global pooling with the channels last.

    onnxruntime's int8 kernels keep channels last and transpose back before the next operator of another
    kind, here the Squeeze. [N, C, 1, 1] and [N, 1, 1, C] are the same bytes, but onnxruntime does not see
    that; an explicit transpose in the file cancels with its own.
    """
    for pool in [node for node in graph.node if node.op_type == "GlobalAveragePool"]:
        following = readers(graph, pool.output[0])
        if len(following) != 1 or following[0].op_type != "Squeeze":
            continue
        squeeze = following[0]
        axes = initializer(graph, squeeze.input[1])
        if axes is None or axes.tolist() != [2, 3]:
            continue
        last = f"{pool.output[0]}_channels_last"
        transpose = helper.make_node("Transpose", [pool.output[0]], [last], perm=[0, 2, 3, 1])
        graph.node.insert(list(graph.node).index(squeeze), transpose)
        squeeze.input[0] = last
        squeeze.input[1] = constant(graph, f"{last}_axes", np.array([1, 2], np.int64))
    prune(graph)


def float_softmax(graph: onnx.GraphProto) -> None:
    """Return the last int8 product as float logits, and leave the probabilities as floats.

    With 256 steps, probabilities of 0.998 and 1 are equal, but rejection and confidence depend on that
    range. It also saves three operators: the product can return its int32 sums, scaled.
    """
    for node in [node for node in graph.node if node.op_type == "Softmax"]:
        node.input[0] = _unrounded(graph, node.input[0])
    for output in graph.output:
        source = producer(graph, _unrounded(graph, output.name))
        last = producer(graph, output.name)
        if source is not None and source is not last and source.op_type == "Softmax":
            graph.node.remove(last)
            source.output[0] = output.name
    prune(graph)


def _unrounded(graph: onnx.GraphProto, name: str) -> str:
    """Return the tensor that was quantized and dequantized to give `name`, or `name` if none was."""
    back = producer(graph, name)
    if back is None or back.op_type != "DequantizeLinear":
        return name
    there = producer(graph, back.input[0])
    return str(there.input[0]) if there is not None and there.op_type == "QuantizeLinear" else name
