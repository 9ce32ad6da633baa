"""Rewrite a strided one-channel first layer as space-to-depth on bytes plus a layer on many channels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper

from edgedigits_export.graph import attribute, constant, initializer, insert, producer, prune, readers


def strided_first_layer_to_depth(graph: onnx.GraphProto) -> None:
    """Rewrite a k x k convolution of stride s on the picture's single channel, where k and s allow it.

    The picture is cut into blocks of s x s pixels, which become channels. The convolution then has a kernel
    of ceil(k / s), stride 1 and s * s input channels, and computes exactly the same sums. onnxruntime's
    int8 kernel reads four channels at a time; with one channel it falls back to copying every window
    (im2col). Other first layers are left alone. The graph must come from `convert.to_onnx`: a view of the
    picture, DequantizeLinear, Conv.
    """
    (scale,) = (node for node in graph.node if _is_pixel_scale(graph, node))
    following = readers(graph, scale.output[0])
    view = producer(graph, scale.input[0])
    if len(following) != 1 or view is None or view.input[0] != graph.input[0].name:
        return
    conv = following[0]
    weights = initializer(graph, conv.input[1]) if conv.op_type == "Conv" else None
    strides = attribute(conv, "strides", [1, 1])
    pads = attribute(conv, "pads", [0, 0, 0, 0])
    sides = [dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim[1:]]
    block = strides[0]
    whole_blocks = not any(length % block for length in (*sides, *pads))
    dense = attribute(conv, "dilations", [1, 1]) == [1, 1]
    if weights is None or weights.shape[1] != 1 or not (dense and whole_blocks):
        return
    if set(strides) != {block} or block == 1:
        return
    chain = _cut_into_blocks(graph, [side // block for side in sides], block)
    at = list(graph.node).index(view)
    graph.node.remove(view)
    insert(graph, at, chain)
    scale.input[0] = chain[-1].output[0]
    conv.input[1] = constant(graph, "depth_weights", _weights_to_depth(weights, block))
    del conv.attribute[:]
    conv.attribute.append(helper.make_attribute("pads", [length // block for length in pads]))
    prune(graph)


def _cut_into_blocks(graph: onnx.GraphProto, counts: list[int], block: int) -> list[onnx.NodeProto]:
    """Return nodes that turn the picture's bytes into [N, block * block, rows, columns].

    They go through [N, rows, columns, channels], because the int8 kernel wants its channels last: the
    second transpose then cancels with the kernel's own.
    """
    rows, columns = counts
    blocks = constant(graph, "blocks", np.array([-1, rows, block, columns, block], np.int64))
    depth = constant(graph, "depth", np.array([-1, rows, columns, block * block], np.int64))
    return [
        helper.make_node("Reshape", [graph.input[0].name, blocks], ["in_blocks"]),
        helper.make_node("Transpose", ["in_blocks"], ["by_block"], perm=[0, 1, 3, 2, 4]),
        helper.make_node("Reshape", ["by_block", depth], ["to_depth"]),
        helper.make_node("Transpose", ["to_depth"], ["channels_first"], perm=[0, 3, 1, 2]),
    ]


def _weights_to_depth(weights: npt.NDArray[Any], block: int) -> npt.NDArray[Any]:
    """[O, 1, k, l] -> [O, block * block, ceil(k / block), ceil(l / block)], zeros in the rest of a block."""
    outputs, _, height, width = weights.shape
    rows, columns = -(-height // block), -(-width // block)
    padded = np.zeros((outputs, rows * block, columns * block), weights.dtype)
    padded[:, :height, :width] = weights[:, 0]
    parts = padded.reshape(outputs, rows, block, columns, block)
    return parts.transpose(0, 2, 4, 1, 3).reshape(outputs, block * block, rows, columns)


def _is_pixel_scale(graph: onnx.GraphProto, node: onnx.NodeProto) -> bool:
    """Whether this node converts the picture's bytes to floats."""
    if node.op_type != "DequantizeLinear":
        return False
    name = node.input[0]
    while (before := producer(graph, name)) is not None and before.op_type in ("Reshape", "Transpose"):
        name = before.input[0]
    return bool(name == graph.input[0].name)
