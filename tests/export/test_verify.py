"""The checks must be able to fail: each gets a file or figures that it has to refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the extra `train` is not installed")
import onnx
from onnx import TensorProto, helper, numpy_helper

from edgedigits.errors import EdgeDigitsError, ModelError
from edgedigits.model.contract import DIGITS, Contract
from edgedigits_export.metadata import with_contract
from edgedigits_export.verify import Comparison, check_conversion, check_drop, check_format, compare


def model() -> onnx.ModelProto:
    """Return a model that sums the rows of a picture and applies a softmax."""
    nodes = [
        helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats"], ["means"], axes=[2], keepdims=0),
        helper.make_node("Gemm", ["means", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"]),
    ]
    weights = np.eye(28, 10, dtype=np.float32) / 100
    graph = helper.make_graph(
        nodes,
        "rows",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 28, 28])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(weights, "weights")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def newer_opset(made: onnx.ModelProto) -> None:
    made.opset_import[0].version = 18
    made.graph.node[1].CopyFrom(helper.make_node("Flatten", ["floats"], ["means"]))
    made.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.ones((784, 10), np.float32), "weights"))


def newer_ir(made: onnx.ModelProto) -> None:
    made.ir_version = 10


def vendor_operator(made: onnx.ModelProto) -> None:
    made.graph.node[3].domain = "com.microsoft"
    made.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def needless_domain(made: onnx.ModelProto) -> None:
    made.opset_import.append(helper.make_opsetid("ai.onnx.ml", 2))


def test_accepts_a_plain_file() -> None:
    check_format(model().SerializeToString(), "the file")


@pytest.mark.parametrize("spoil", [newer_opset, newer_ir, vendor_operator, needless_domain])
def test_refuses_what_an_old_onnxruntime_may_not_load(spoil: Callable[[onnx.ModelProto], None]) -> None:
    made = model()
    spoil(made)
    with pytest.raises(EdgeDigitsError, match="the file would not load everywhere"):
        check_format(made.SerializeToString(), "the file")


def test_refuses_weights_in_another_file(tmp_path: Path) -> None:
    path = tmp_path / "split.onnx"
    onnx.save(model(), path, save_as_external_data=True, size_threshold=0)
    with pytest.raises(ModelError, match="weights in another file"):
        check_format(path.read_bytes(), "the file")


def test_refuses_a_graph_that_is_not_valid() -> None:
    made = model()
    made.graph.node[2].input[0] = "nothing"
    with pytest.raises(onnx.checker.ValidationError):
        check_format(made.SerializeToString(), "the file")


def test_refuses_a_conversion_that_answers_otherwise() -> None:
    images = np.random.default_rng(1).integers(0, 256, (20, 28, 28), np.uint8)
    logits = images.mean(axis=2)[:, :10] / 100
    expected = (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)
    data = model().SerializeToString()
    assert check_conversion(expected, data, images) < 1e-6
    expected[13, 4] += 0.001
    with pytest.raises(EdgeDigitsError, match="does not give the same answers as the Keras network"):
        check_conversion(expected, data, images)
    expected[13, 4] = np.nan
    with pytest.raises(EdgeDigitsError, match="does not give the same answers as the Keras network"):
        check_conversion(expected, data, images)


def test_compares_answers_and_not_probabilities() -> None:
    before = np.eye(10, dtype=np.float32)[[0, 1, 2, 3]]
    after = np.eye(10, dtype=np.float32)[[0, 1, 2, 4]] * 0.9 + 0.01
    labels = np.array([0, 1, 5, 3])
    assert compare(before, after, labels) == Comparison(before=75, after=50, agreement=75)


@pytest.mark.parametrize(("after", "refused"), [(99.0, False), (98.91, False), (98.89, True), (99.5, False)])
def test_a_tenth_of_a_point_may_be_lost(after: float, refused: bool) -> None:
    comparisons = {"clean": Comparison(99, 99, 100), "noisy": Comparison(99, after, 99)}
    if refused:
        with pytest.raises(EdgeDigitsError, match="too much accuracy on noisy"):
            check_drop(comparisons)
    else:
        check_drop(comparisons)


def test_the_contract_goes_in_and_comes_out() -> None:
    contract = Contract(labels=tuple(DIGITS), rejection_threshold=0.25, training_noise={"ä": 1}, seed=4)
    made = model()
    made.doc_string = made.graph.doc_string = "what an exporter says of itself"
    helper.set_model_props(made, {"mine": "1"})
    before = made.SerializeToString()
    data = with_contract(made, contract)
    metadata = {item.key: item.value for item in onnx.load_from_string(data).metadata_props}
    assert Contract.from_metadata(metadata, "the file") == contract
    assert metadata == contract.to_metadata(), "nothing else is in the file"
    assert b"says of itself" not in data
    assert data == with_contract(made, contract)
    assert made.SerializeToString() == before
