"""Elementary operations on a graph: what is merged, named, inserted and removed."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the extra `train` is not installed")
import onnx
from onnx import TensorProto, helper, numpy_helper

from edgedigits_export.graph import insert, name_graph, prune, share_constants


def graph(nodes: list[onnx.NodeProto], constants: dict[str, np.ndarray]) -> onnx.GraphProto:
    return helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [2, 2])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [2, 2])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )


@pytest.mark.parametrize(
    ("second", "kept", "why"),
    [
        (np.zeros(4, np.uint8), ["a"], "the same"),
        (np.zeros(4, np.int8), ["a", "b"], "the same bytes of another type"),
        (np.zeros((2, 2), np.uint8), ["a", "b"], "the same bytes in another shape"),
        (np.ones(4, np.uint8), ["a", "b"], "another value"),
    ],
)
def test_only_equal_constants_are_merged(second: np.ndarray, kept: list[str], why: str) -> None:
    nodes = [helper.make_node("Mixed", ["image", "a", "b"], ["out"])]
    made = graph(nodes, {"a": np.zeros(4, np.uint8), "b": second})
    share_constants(made)
    assert [item.name for item in made.initializer] == kept, why
    assert list(made.node[0].input) == ["image", "a", kept[-1]], why


def test_names_say_where_a_tensor_belongs_and_inputs_that_are_left_out_stay_so() -> None:
    nodes = [
        helper.make_node("Clip", ["image", "", "StatefulPartitionedCall/most"], ["long/name"]),
        helper.make_node("Relu", ["long/name"], ["out"]),
    ]
    made = graph(nodes, {"StatefulPartitionedCall/most": np.array(1, np.float32)})
    made.value_info.append(helper.make_tensor_value_info("long/name", TensorProto.FLOAT, [2, 2]))
    name_graph(made)
    assert [list(node.input) for node in made.node] == [["image", "", "clip1.2"], ["clip1"]]
    assert [list(node.output) for node in made.node] == [["clip1"], ["out"]]
    assert [item.name for item in made.initializer] == ["clip1.2"]
    assert not made.value_info, "it would keep the old names"


def test_nodes_go_in_where_they_are_asked_for_and_what_is_unused_goes() -> None:
    nodes = [helper.make_node("Relu", ["image"], ["a"]), helper.make_node("Relu", ["c"], ["out"])]
    made = graph(nodes, {"used": np.ones(2, np.float32), "unused": np.ones(3, np.float32)})
    between = [helper.make_node("Add", ["a", "used"], ["b"]), helper.make_node("Neg", ["b"], ["c"])]
    insert(made, 1, between)
    insert(made, 0, [helper.make_node("Neg", ["image"], ["idle"])])
    prune(made)
    assert [node.op_type for node in made.node] == ["Relu", "Add", "Neg", "Relu"]
    assert [item.name for item in made.initializer] == ["used"]
