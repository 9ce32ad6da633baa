"""A strided first layer as space-to-depth: the same sums, or no change at all."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the extra `train` is not installed")
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from edgedigits_export.patches import strided_first_layer_to_depth


def first_layer(kernel: tuple[int, int], stride: int, pads: int, dilation: int = 1) -> onnx.ModelProto:
    """Return the beginning of a graph in the form that `convert.to_onnx` gives it."""
    weights = np.random.default_rng(1).normal(size=(5, 1, *kernel)).astype(np.float32)
    nodes = [
        helper.make_node("Reshape", ["image", "shape"], ["view"]),
        helper.make_node("DequantizeLinear", ["view", "scale", "zero"], ["pixels"]),
        helper.make_node(
            "Conv",
            ["pixels", "weights"],
            ["out"],
            kernel_shape=list(kernel),
            strides=[stride, stride],
            pads=[pads] * 4,
            dilations=[dilation, dilation],
        ),
    ]
    constants = {
        "shape": np.array([-1, 1, 28, 28], np.int64),
        "scale": np.array(1 / 255, np.float32),
        "zero": np.array(0, np.uint8),
        "weights": weights,
    }
    graph = helper.make_graph(
        nodes,
        "first",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 28, 28])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["N", 5, None, None])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def answers(model: onnx.ModelProto, images: np.ndarray) -> np.ndarray:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"image": images})[0])


@pytest.mark.parametrize(
    ("kernel", "stride", "pads", "reason"),
    [
        ((6, 6), 2, 0, "the packaged network's"),
        ((8, 8), 4, 0, "four by four blocks"),
        ((4, 4), 4, 0, "windows that do not overlap"),
        ((3, 3), 2, 0, "a kernel that does not fill its blocks is filled with zeros"),
        ((5, 3), 2, 0, "not square"),
        ((2, 2), 7, 0, "a kernel smaller than the block"),
        ((6, 6), 2, 2, "padding by whole blocks"),
    ],
)
def test_gives_the_same_sums(kernel: tuple[int, int], stride: int, pads: int, reason: str) -> None:
    images = np.random.default_rng(3).integers(0, 256, (3, 28, 28), np.uint8)
    model = first_layer(kernel, stride, pads)
    before = answers(model, images)
    strided_first_layer_to_depth(model.graph)
    onnx.checker.check_model(model, full_check=True)
    conv = next(node for node in model.graph.node if node.op_type == "Conv")
    weights = next(item for item in model.graph.initializer if item.name == conv.input[1])
    assert weights.dims[1] == stride * stride, reason
    after = answers(model, images)
    assert after.shape == before.shape
    assert np.abs(after - before).max() < 1e-5, reason


@pytest.mark.parametrize(
    ("kernel", "stride", "pads", "dilation", "reason"),
    [
        ((3, 3), 1, 0, 1, "not strided: there is no block"),
        ((3, 3), 2, 1, 1, "padding by a part of a block"),
        ((3, 3), 3, 0, 1, "28 is no multiple of 3"),
        ((3, 3), 2, 0, 2, "a dilated kernel skips pixels"),
    ],
)
def test_leaves_other_first_layers_alone(
    kernel: tuple[int, int], stride: int, pads: int, dilation: int, reason: str
) -> None:
    model = first_layer(kernel, stride, pads, dilation)
    before = model.SerializeToString(deterministic=True)
    strided_first_layer_to_depth(model.graph)
    assert model.SerializeToString(deterministic=True) == before, reason
