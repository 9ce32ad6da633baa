"""The int8 graph: which kernels it gets, what is rounded and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")
import onnx
import onnxruntime as ort
from onnx import numpy_helper

from edgedigits_export.convert import to_onnx
from edgedigits_export.quantize import quantize
from edgedigits_export.run_folder import read_run

pytestmark = [
    # TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]
Pair = tuple[onnx.ModelProto, onnx.ModelProto]


@pytest.fixture(scope="module")
def images(data: Path) -> np.ndarray:
    with np.load(data) as arrays:
        return np.asarray(arrays["x_train"][:300])


@pytest.fixture(scope="module")
def models(run_folder: Path, images: np.ndarray) -> Pair:
    floating = to_onnx(read_run(run_folder).network())
    return floating, quantize(floating, images)


def answers(model: onnx.ModelProto, images: np.ndarray, **options: Any) -> np.ndarray:
    settings = ort.SessionOptions()
    for name, value in options.items():
        setattr(settings, name, value)
    session = ort.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["probabilities"], {"image": images})[0])


def test_onnxruntime_makes_integer_kernels_of_every_layer(
    models: Pair, images: np.ndarray, tmp_path: Path
) -> None:
    """One convolution left in float, or one float transpose between two, costs more than int8 gains."""
    path = tmp_path / "optimised.onnx"
    answers(models[1], images[:1], optimized_model_filepath=str(path))
    operators = [node.op_type for node in onnx.load(path).graph.node]
    integer = [*["QLinearConv"] * 3, "QLinearGlobalAveragePool", "QGemm"]
    assert [name for name in operators if name.startswith("Q")] == integer
    assert "Transpose" not in operators, "no byte of the picture or of a map is moved"
    assert not {"Conv", "Gemm", "MatMul", "QuantizeLinear", "DequantizeLinear"} & set(operators)


def test_bytes_go_straight_into_the_first_layer(models: Pair) -> None:
    graph = models[1].graph
    conv = next(node for node in graph.node if node.op_type == "Conv")
    scale = next(node for node in graph.node if node.output[0] == conv.input[0])
    assert scale.op_type == "DequantizeLinear"
    constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    assert constants[scale.input[1]] == np.float32(1 / 255)
    assert constants[scale.input[2]] == 0


def test_weights_leave_room_for_processors_that_add_in_16_bits(models: Pair) -> None:
    """2 x 255 x 64 fits in 16 bits, 2 x 255 x 127 does not: without VNNI such a file gives other answers."""
    weights = [
        numpy_helper.to_array(item)
        for item in models[1].graph.initializer
        if item.data_type == onnx.TensorProto.INT8 and len(item.dims) > 1
    ]
    assert len(weights) == 4
    assert all(np.abs(values.astype(int)).max() == 64 for values in weights)


def test_probabilities_are_not_rounded_to_256_steps(models: Pair, images: np.ndarray) -> None:
    steps = answers(models[1], images) * 256
    assert np.abs(steps - np.round(steps)).max() > 0.1


def test_answers_as_the_float_file(models: Pair, images: np.ndarray) -> None:
    floating, quantized = (answers(model, images) for model in models)
    assert np.mean(floating.argmax(axis=1) == quantized.argmax(axis=1)) > 0.99
    assert np.abs(floating - quantized).mean() < 0.01


def test_a_batch_answers_as_its_pictures_alone(models: Pair, images: np.ndarray) -> None:
    together = answers(models[1], images[:11])
    alone = np.concatenate([answers(models[1], images[i : i + 1]) for i in range(11)])
    assert np.array_equal(together, alone)


def test_the_same_network_and_pictures_give_the_same_bytes(models: Pair, images: np.ndarray) -> None:
    again = quantize(models[0], images)
    assert again.SerializeToString(deterministic=True) == models[1].SerializeToString(deterministic=True)


def test_the_float_model_is_left_alone(models: Pair) -> None:
    assert "Conv" in [node.op_type for node in models[0].graph.node]
    assert not any(node.op_type == "QuantizeLinear" for node in models[0].graph.node)
