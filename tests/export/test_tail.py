"""The mean over a small map, folded into the following dense layer: the same sums, one operator fewer."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgedigits_export.tail import small_pool_into_dense

CHANNELS, CLASSES = 5, 3


def pooled(side: int, activation: bool, turned: int | None) -> onnx.ModelProto:
    """Return a model from [N, 5, side, side] to [N, 3].

    With `activation` a nonlinearity follows the pooling, past which no sum can be moved. `turned` is the
    operator's flag for transposed weights; None leaves it at its default.
    """
    rng = np.random.default_rng(1)
    weights = rng.standard_normal((CHANNELS, CLASSES)).astype(np.float32)
    constants = {
        "axes": np.array([2, 3], np.int64),
        "weights": weights.T if turned else weights,
        "bias": rng.standard_normal(CLASSES).astype(np.float32),
    }
    nodes = [
        helper.make_node("Relu", ["x"], ["map"]),
        helper.make_node("GlobalAveragePool", ["map"], ["mean"]),
        helper.make_node("Squeeze", ["mean", "axes"], ["flat"]),
        *([helper.make_node("Sigmoid", ["flat"], ["bent"])] if activation else []),
        helper.make_node("Gemm", ["bent" if activation else "flat", "weights", "bias"], ["y"], transB=turned),
    ]
    graph = helper.make_graph(
        nodes,
        "pooled",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", CHANNELS, side, side])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", CLASSES])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def run(model: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"x": x})[0])


@pytest.mark.parametrize(
    ("side", "activation", "turned", "folded"),
    [
        (1, False, None, True),  # the mean of one position is the position
        (2, False, None, True),  # the packaged network
        (2, False, 0, True),  # as tf2onnx writes it after training: the default, given explicitly
        (2, False, 1, False),  # transposed weights: none of our exports write them
        (3, False, None, False),  # nine copies of the weights are a tenth of the file
        (2, True, None, False),  # the nonlinearity needs the mean itself
    ],
)
def test_the_answers_stay(side: int, activation: bool, turned: int | None, folded: bool) -> None:
    model = pooled(side, activation, turned)
    x = np.random.default_rng(2).standard_normal((7, CHANNELS, side, side)).astype(np.float32)
    before = run(model, x)
    small_pool_into_dense(model)
    operators = [node.op_type for node in model.graph.node]
    assert ("GlobalAveragePool" not in operators) == folded
    np.testing.assert_allclose(run(model, x), before, atol=1e-5)
