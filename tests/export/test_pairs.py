"""The outputs of a stride-2 layer in pairs: the same answers to the last bit, or no change at all."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the extra `train` is not installed")
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from edgedigits_export import quantize
from edgedigits_export.pairs import first_outputs_in_pairs

IMAGES = np.random.default_rng(3).integers(0, 256, (40, 28, 28), np.uint8)


def network(kernel: tuple[int, int], stride: int, pads: int) -> onnx.ModelProto:
    """Return two convolutions in the form that `convert.to_onnx` gives them."""
    rng = np.random.default_rng(1)
    constants = {
        "shape": np.array([-1, 1, 28, 28], np.int64),
        "scale": np.array(1 / 255, np.float32),
        "zero": np.array(0, np.uint8),
        "weights1": rng.normal(size=(5, 1, *kernel)).astype(np.float32),
        "bias1": rng.normal(size=5).astype(np.float32),
        "weights2": rng.normal(size=(3, 5, 3, 3)).astype(np.float32),
        "bias2": rng.normal(size=3).astype(np.float32),
    }
    sides = {"strides": [stride, stride], "pads": [pads] * 4}
    nodes = [
        helper.make_node("Reshape", ["image", "shape"], ["view"]),
        helper.make_node("DequantizeLinear", ["view", "scale", "zero"], ["pixels"]),
        helper.make_node("Conv", ["pixels", "weights1", "bias1"], ["map1"], kernel_shape=kernel, **sides),
        helper.make_node("Relu", ["map1"], ["map2"]),
        helper.make_node("Conv", ["map2", "weights2", "bias2"], ["out"], kernel_shape=[3, 3]),
    ]
    graph = helper.make_graph(
        nodes,
        "two",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 28, 28])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["N", 3, None, None])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def answers(model: onnx.ModelProto) -> np.ndarray:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"image": IMAGES})[0])


def first_shape(model: onnx.ModelProto) -> list[int]:
    """Return the shape of the first layer's weights."""
    conv = next(node for node in model.graph.node if node.op_type == "Conv")
    scaled = next(node for node in model.graph.node if node.output[0] == conv.input[1])
    return list(next(item for item in model.graph.initializer if item.name == scaled.input[0]).dims)


@pytest.mark.parametrize(
    ("kernel", "stride", "pads", "shape", "why"),
    [
        ((6, 6), 2, 0, [10, 4, 6, 2], "the packaged network's"),
        ((5, 5), 2, 0, [10, 4, 6, 2], "a kernel that does not fill its blocks"),
        ((2, 2), 2, 0, [10, 4, 2, 1], "a kernel of one block"),
        ((4, 6), 2, 0, [10, 4, 4, 2], "not square"),
        ((6, 4), 2, 0, [5, 4, 3, 2], "13 outputs in a row make no pairs"),
        ((6, 6), 2, 2, [5, 4, 3, 3], "padding"),
        ((8, 8), 4, 0, [5, 16, 2, 2], "blocks of four by four"),
        ((3, 3), 1, 0, [5, 1, 3, 3], "not cut into blocks"),
    ],
)
def test_answers_stay_the_same_to_the_last_bit(
    kernel: tuple[int, int],
    stride: int,
    pads: int,
    shape: list[int],
    why: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = network(kernel, stride, pads)
    paired = quantize.quantize(model, IMAGES)
    monkeypatch.setattr(quantize, "first_outputs_in_pairs", lambda graph: None)
    plain = quantize.quantize(model, IMAGES)
    onnx.checker.check_model(paired, full_check=True)
    assert first_shape(paired) == shape, why
    np.testing.assert_array_equal(answers(paired), answers(plain), err_msg=why)


def test_a_float_graph_is_left_alone() -> None:
    model = network((6, 6), 2, 0)
    before = model.SerializeToString(deterministic=True)
    first_outputs_in_pairs(model.graph)
    assert model.SerializeToString(deterministic=True) == before
