"""Compute the outputs of a stride-2 first layer in pairs, from groups of four pixels of the picture."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper

from edgedigits_export.graph import (
    attribute,
    constant,
    initializer,
    insert,
    producer,
    prune,
    readers,
    replace_input,
)

STRIDE: Final = 2
GROUP: Final = 4
"""Neighbouring pixels that become the channels of one position: the int8 kernel reads four at a time."""
PAIR: Final = GROUP // STRIDE
"""Outputs that begin in one group."""


def first_outputs_in_pairs(graph: onnx.GraphProto) -> None:
    """Rewrite the first layer of an int8 QDQ graph that `patches` has cut into blocks of 2 x 2.

    Groups of four pixels are a view of the picture, while blocks have to be gathered. Two neighbouring
    outputs, as two halves of twice as many channels, are a view of the map that the next layer takes. Each
    half has its weights at its own columns and zeros at the other's, so every answer stays the same to the
    last bit. The kernel computes half as many positions, and takes up to 64 channels at once. A first layer
    is left alone if it was not cut this way, has padding, or has an odd number of groups or outputs.
    """
    conv = next((node for node in graph.node if node.op_type == "Conv"), None)
    found = _cut_of(graph, conv) if conv else None
    if conv is None or found is None or any(attribute(conv, "pads", [0])):
        return
    cut, (rows, columns) = found
    kernel, bias = (producer(graph, name) for name in conv.input[1:3])
    ends = readers(graph, conv.output[0])
    if kernel is None or bias is None or [node.op_type for node in ends] != ["QuantizeLinear"]:
        return
    weights = initializer(graph, kernel.input[0])
    assert weights is not None, "the quantizer keeps weights as constants"
    down, across = rows - weights.shape[2] + 1, columns - weights.shape[3] + 1
    if columns % PAIR or across % PAIR:
        return
    groups = np.array([-1, rows * STRIDE, columns // PAIR, GROUP], np.int64)
    cut.input[0], cut.input[1] = graph.input[0].name, constant(graph, "groups", groups)
    kernel.input[0] = constant(graph, "weights_in_pairs", _in_pairs(weights))
    for node, first in ((kernel, 1), (bias, 0)):
        for place in range(first, len(node.input)):
            _repeat(graph, node, place)
    del conv.attribute[:]
    conv.attribute.append(helper.make_attribute("strides", [STRIDE, 1]))
    apart = constant(graph, "apart", np.array([-1, down, across, len(weights)], np.int64))
    # Go through channels-last, which the int8 kernels use: their own transposes cancel with these.
    given, taken = ends[0].output[0], f"{ends[0].output[0]}_apart"
    replace_input(graph, given, taken)
    views = [
        helper.make_node("Transpose", [given], ["pairs_last"], perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", ["pairs_last", apart], ["columns_last"]),
        helper.make_node("Transpose", ["columns_last"], [taken], perm=[0, 3, 1, 2]),
    ]
    insert(graph, list(graph.node).index(ends[0]) + 1, views)
    prune(graph)


def _cut_of(graph: onnx.GraphProto, conv: onnx.NodeProto) -> tuple[onnx.NodeProto, tuple[int, int]] | None:
    """Return the node that reshapes the input into blocks of 2 x 2, and their rows and columns; else None."""
    scale = producer(graph, conv.input[0])
    turn = producer(graph, scale.input[0]) if scale else None
    cut = producer(graph, turn.input[0]) if turn else None
    if cut is None or cut.op_type != "Reshape" or cut.input[0] == graph.input[0].name:
        return None
    shape = initializer(graph, cut.input[1])
    if shape is None or shape.shape != (4,) or shape[3] != STRIDE**2:
        return None
    return cut, (int(shape[1]), int(shape[2]))


def _repeat(graph: onnx.GraphProto, node: onnx.NodeProto, place: int) -> None:
    """Give each half of the channels what one had: bias, scales or zero points; per-tensor values stay."""
    values = initializer(graph, node.input[place])
    if values is not None and values.ndim:
        node.input[place] = constant(graph, f"{node.input[place]}_twice", np.tile(values, PAIR))


def _in_pairs(weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Turn [O, 4, k, l] on blocks into [2 * O, 4, 2 * k, ceil((l + 1) / 2)] on groups of pixels."""
    outputs, _, height, width = weights.shape
    blocks = weights.reshape(outputs, STRIDE, STRIDE, height, width)
    pixels = blocks.transpose(0, 3, 1, 4, 2).reshape(outputs, height * STRIDE, width * STRIDE)
    wide = -(-(width + PAIR - 1) // PAIR)
    halves = np.zeros((PAIR, outputs, height * STRIDE, wide * GROUP), weights.dtype)
    for place, half in enumerate(halves):
        half[:, :, place * STRIDE : (place + width) * STRIDE] = pixels
    groups = halves.reshape(PAIR * outputs, height * STRIDE, wide, GROUP)
    return np.asarray(groups.transpose(0, 3, 1, 2))
