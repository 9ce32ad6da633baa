"""Round weights so that their errors cancel, instead of each to its nearest step.

GPTQ (Frantar, Ashkboos, Hoefler and Alistarh, "GPTQ: Accurate Post-Training Quantization for Generative
Pre-trained Transformers", ICLR 2023): a layer's weights are rounded input by input, and the weights that are
still to come compensate for the error that each rounding adds to the layer's output. The mean error that is
left goes into the bias (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias
Correction", ICCV 2019). It costs nothing at run time.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

from edgedigits.classifier import session_options
from edgedigits_export.convert import INPUT
from edgedigits_export.graph import attribute, initializer

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]

DAMPING: Final = 0.01
"""Share of the mean square of the inputs that is added to each input's: the paper's choice."""
MOST_PICTURES: Final = 500
MOST_PLACES: Final = 20_000
"""Maximum number of pictures, and of positions in a layer's maps, to use; the layers of the packaged network
have 36 to 432 inputs."""


def round_weights(model: onnx.ModelProto, calibration: Images, steps: int) -> None:
    """Move the weights of each Conv and Gemm onto the grid to which int8 rounds them, in place.

    The grid has `steps` from 0 to a channel's largest weight, which keeps its value, so that onnxruntime
    finds the same scale. `calibration`, uint8 [N, 28, 28], goes through the layers already rounded, so that
    later layers compensate for them. Grouped convolutions are left alone.
    """
    order = np.random.default_rng(0).permutation(len(calibration))
    pictures = calibration[np.sort(order[:MOST_PICTURES])]
    original = onnx.ModelProto()
    original.CopyFrom(model)
    for node in model.graph.node:
        if node.op_type not in ("Conv", "Gemm") or _number(node, "group", 1) != 1 or len(node.input) < 3:
            continue
        weights, bias = (initializer(model.graph, name) for name in node.input[1:3])
        if weights is None or bias is None:
            continue
        turned = node.op_type == "Gemm" and not _number(node, "transB", 0)
        kernels = np.asarray(weights.T if turned else weights, np.float64)
        rows = kernels.reshape(len(kernels), -1)
        before = _seen(node, kernels.shape, _input_of(original, node, pictures))
        after = _seen(node, kernels.shape, _input_of(model, node, pictures))
        rounded = gptq(rows, after.T @ after / len(after), steps)
        shift = rows @ before.mean(axis=0) - rounded @ after.mean(axis=0)
        rounded = rounded.reshape(kernels.shape)
        _replace(model.graph, node.input[1], rounded.T if turned else rounded)
        _replace(model.graph, node.input[2], np.asarray(bias, np.float64) + shift)


def gptq(rows: Floats, moments: Floats, steps: int) -> npt.NDArray[np.float64]:
    """Return rounded weights [channels, inputs], each a whole number of its channel's steps.

    `moments` are the second moments of the inputs, [inputs, inputs].
    """
    left = np.array(rows, np.float64)
    peaks = np.abs(left).argmax(1)
    step = np.maximum(np.abs(left).max(1), 1e-12) / steps
    damped = moments + DAMPING * np.trace(moments) / len(moments) * np.eye(len(moments))
    # Row by row, the Cholesky factor of the inverse says how the inputs still to come compensate an error.
    factor = np.linalg.cholesky(np.linalg.inv(damped)).T
    rounded = np.empty_like(left)
    for place in range(left.shape[1]):
        column = np.clip(np.rint(left[:, place] / step), -steps, steps) * step
        column = np.where(peaks == place, rows[:, place], column)
        rounded[:, place] = column
        error = (left[:, place] - column) / factor[place, place]
        left[:, place + 1 :] -= np.outer(error, factor[place, place + 1 :])
    return rounded


def _number(node: onnx.NodeProto, name: str, default: int) -> int:
    found = next((item for item in node.attribute if item.name == name), None)
    return default if found is None else int(helper.get_attribute_value(found))


def _input_of(model: onnx.ModelProto, node: onnx.NodeProto, pictures: Images) -> npt.NDArray[np.float32]:
    """Return the input of a node in the model for these pictures."""
    opened = onnx.ModelProto()
    opened.CopyFrom(model)
    opened.graph.output.append(helper.make_empty_tensor_value_info(node.input[0]))
    session = ort.InferenceSession(
        opened.SerializeToString(), session_options(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run([node.input[0]], {INPUT: pictures})[0], np.float32)


def _seen(
    node: onnx.NodeProto, shape: tuple[int, ...], values: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Sample windows of a layer: [windows, inputs] in the order of its weights, the same for each model."""
    rng = np.random.default_rng(1)
    if node.op_type == "Gemm":
        return values[rng.permutation(len(values))[:MOST_PLACES]].astype(np.float64)
    top, left, bottom, right = attribute(node, "pads", [0, 0, 0, 0])
    down, across = attribute(node, "strides", [1, 1])
    padded = np.pad(values, ((0, 0), (0, 0), (top, bottom), (left, right)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, shape[2:], axis=(2, 3))
    windows = windows[:, :, ::down, ::across]
    count = len(windows) * windows.shape[2] * windows.shape[3]
    places = np.unravel_index(rng.permutation(count)[:MOST_PLACES], (len(windows), *windows.shape[2:4]))
    return windows[places[0], :, places[1], places[2]].reshape(len(places[0]), -1).astype(np.float64)


def _replace(graph: onnx.GraphProto, name: str, values: Floats) -> None:
    found = next(item for item in graph.initializer if item.name == name)
    found.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
