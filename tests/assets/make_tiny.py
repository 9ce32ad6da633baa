"""Make tiny.onnx: a model so small that each answer can be worked out by hand.

Only the first row of the frame counts. Pixel k of that row votes for label k (k = 10: "not a digit") with the
logit 20 x value / 255, and the softmax of these eleven logits is the answer. Pictures that went through
`canonical` have an empty first row, hence eleven equal probabilities and label 0.
Run it from the top of the checkout, in an environment with the package `onnx`:
`python tests/assets/make_tiny.py`. The bytes are the same each time; a test compares the graph.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from edgedigits.model.contract import DIGITS, NONE_LABEL, Contract

STRENGTH = 20.0

CONTRACT = Contract(
    labels=(*DIGITS, NONE_LABEL),
    rejection_threshold=0.5,
    name="tiny",
    version="1",
    precision="fp32",
    architecture="first-row",
    accuracy={"none": 0.0},
)


def tiny(contract: Contract = CONTRACT) -> onnx.ModelProto:
    """Return the model, uint8 [N, 28, 28] `image` to float32 [N, 11] `probabilities`."""
    nodes = [
        helper.make_node("Slice", ["image", "start", "end", "axes"], ["cells"]),
        helper.make_node("Cast", ["cells"], ["bright"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["bright", "scale"], ["scaled"]),
        helper.make_node("Squeeze", ["scaled", "row"], ["strength"]),
        helper.make_node("Softmax", ["strength"], [contract.output], axis=1),
    ]
    constants = [
        helper.make_tensor("start", TensorProto.INT64, [2], [0, 0]),
        helper.make_tensor("end", TensorProto.INT64, [2], [1, len(contract.labels)]),
        helper.make_tensor("axes", TensorProto.INT64, [2], [1, 2]),
        helper.make_tensor("row", TensorProto.INT64, [1], [1]),
        helper.make_tensor("scale", TensorProto.FLOAT, [1], [STRENGTH / 255]),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 28, 28])
    answer = helper.make_tensor_value_info(contract.output, TensorProto.FLOAT, ["N", len(contract.labels)])
    graph = helper.make_graph(nodes, "tiny", [image], [answer], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="edgedigits")
    model.ir_version = 8  # which onnxruntime 1.20 and older can read
    helper.set_model_props(model, contract.to_metadata())
    return model


if __name__ == "__main__":
    onnx.checker.check_model(tiny(), full_check=True)
    Path(__file__).with_name("tiny.onnx").write_bytes(tiny().SerializeToString(deterministic=True))
