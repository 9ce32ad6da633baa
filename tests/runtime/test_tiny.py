"""The committed tiny model is what its script makes, and models that break their contract are refused."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgedigits import Classifier
from edgedigits.errors import ModelError
from edgedigits.model.contract import DIGITS

onnx = pytest.importorskip("onnx", reason="the package onnx comes with the extra `train`")


@pytest.fixture(scope="module")
def maker(tiny: Path) -> Any:
    spec = importlib.util.spec_from_file_location("make_tiny", tiny.with_name("make_tiny.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_makes_the_committed_file(maker: Any, tiny: Path) -> None:
    assert onnx.load(tiny) == maker.tiny()


def save(model: Any, path: Path) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


def rename_input(model: Any) -> None:
    model.graph.input[0].name = model.graph.node[0].input[0] = "pixels"


def float_input(model: Any) -> None:
    model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT


def fixed_batch(model: Any) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1


def rename_output(model: Any) -> None:
    model.graph.output[0].name = model.graph.node[-1].output[0] = "logits"


def second_input(model: Any) -> None:
    model.graph.input.append(onnx.helper.make_tensor_value_info("mask", onnx.TensorProto.FLOAT, [1]))


@pytest.mark.parametrize("change", [rename_input, float_input, fixed_batch, rename_output, second_input])
def test_a_graph_that_breaks_its_contract_is_refused_when_loaded(
    maker: Any, tmp_path: Path, change: Any
) -> None:
    model = maker.tiny()
    change(model)
    with pytest.raises(ModelError, match="does not match the model's contract"):
        Classifier.load(save(model, tmp_path / "m.onnx"))


def test_fewer_columns_than_labels_are_refused(maker: Any, tmp_path: Path) -> None:
    model = maker.tiny(replace(maker.CONTRACT, labels=tuple(DIGITS)))
    onnx.helper.set_model_props(model, maker.CONTRACT.to_metadata())
    with pytest.raises(ModelError, match="does not match the model's contract"):
        Classifier.load(save(model, tmp_path / "m.onnx"))


def test_a_model_without_a_class_for_no_digit_uses_its_confidence(maker: Any, tmp_path: Path) -> None:
    import numpy as np

    model = maker.tiny(replace(maker.CONTRACT, labels=tuple(DIGITS), rejection_threshold=0.5))
    one = Classifier.load(save(model, tmp_path / "m.onnx"))
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 0, 6] = 255
    images[1, 27, 27] = 1  # a pixel that the tiny model does not see
    answer = one.predict(images)
    assert answer.labels.tolist() == [6, -1]  # the other frame has a tenth for each digit
    np.testing.assert_array_equal(answer.digit_score, answer.confidence)


def test_doubt_and_its_thresholds_are_the_contracts(maker: Any, tmp_path: Path) -> None:
    """The tiny model sees only the first row, which some views leave dark: a second look is less sure."""
    import numpy as np

    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 0, 3] = 50
    plain = Classifier.load(save(maker.tiny(), tmp_path / "plain.onnx"))
    once = float(plain.predict(image).digit_score[0])
    np.testing.assert_array_equal(plain.glance(image).digit_score, plain.predict(image).digit_score)

    contract = replace(maker.CONTRACT, doubt=1.0, rejection_threshold=0.5, glance_threshold=once + 0.0001)
    doubtful = Classifier.load(save(maker.tiny(contract), tmp_path / "doubtful.onnx"))
    assert doubtful.glance(image).digit_score[0] == pytest.approx(once)
    assert doubtful.predict(image).digit_score[0] < once - 0.001
    assert doubtful.predict(image).labels.tolist() == [3]
    assert doubtful.glance(image).labels.tolist() == [-1]
    given = Classifier.load(tmp_path / "doubtful.onnx", threshold=0.3)
    assert given.glance(image).labels.tolist() == [3], "a threshold that is given is for both"


def test_a_file_that_carries_no_contract_is_refused(maker: Any, tmp_path: Path) -> None:
    model = maker.tiny()
    del model.metadata_props[:]
    with pytest.raises(ModelError, match="not an edgedigits model"):
        Classifier.load(save(model, tmp_path / "m.onnx"))
