"""Weights rounded together: on the grid that onnxruntime finds, and closer to the layer's float output."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from edgedigits_export import quantize
from edgedigits_export.convert import to_onnx
from edgedigits_export.rounding import gptq, round_weights
from edgedigits_export.run_folder import read_run

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]


def nearest(rows: np.ndarray, steps: int) -> np.ndarray:
    step = np.abs(rows).max(axis=1, keepdims=True) / steps
    return np.asarray(np.rint(rows / step) * step)


def layer(shared: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return weights [8, 40] and inputs [3000, 40], all of which have a common component."""
    rng = np.random.default_rng(seed)
    inputs = np.maximum(rng.standard_normal((3000, 40)) + shared * rng.standard_normal((3000, 1)), 0)
    return rng.standard_normal((8, 40)), inputs


@pytest.mark.parametrize("steps", [7, 64, 127])
def test_weights_are_whole_steps_and_the_largest_stays(steps: int) -> None:
    """The largest sets the scale: if it moved, onnxruntime would round to another grid."""
    rows, inputs = layer(1.0)
    rounded = gptq(rows, inputs.T @ inputs / len(inputs), steps)
    largest = np.abs(rows).max(axis=1, keepdims=True)
    whole = rounded / largest * steps
    np.testing.assert_allclose(whole, np.rint(whole), atol=1e-9)
    np.testing.assert_allclose(np.abs(rounded).max(axis=1, keepdims=True), largest)


@pytest.mark.parametrize(
    ("shared", "most"),
    [
        (0.0, 0.9),  # inputs above 0 always have a common mean
        (2.0, 0.4),  # similar inputs compensate for each other
    ],
)
def test_answers_are_nearer_than_with_each_weight_rounded_alone(shared: float, most: float) -> None:
    rows, inputs = layer(shared)
    expected = inputs @ rows.T
    moments = inputs.T @ inputs / len(inputs)
    together, alone = (
        np.square(inputs @ rounded.T - expected).mean()
        for rounded in (gptq(rows, moments, 7), nearest(rows, 7))
    )
    assert together < most * alone


def test_inputs_that_have_nothing_in_common_are_rounded_to_the_nearest_step() -> None:
    rows, _ = layer(0.0)
    np.testing.assert_allclose(gptq(rows, np.eye(40), 64), nearest(rows, 64))


def test_a_channel_without_weights_and_an_input_without_signal() -> None:
    """An input that is always 0 makes the moments singular, and a channel of zeros has no scale."""
    rows, inputs = layer(1.0)
    rows[3], inputs[:, 5] = 0, 0
    rounded = gptq(rows, inputs.T @ inputs / len(inputs), 64)
    assert np.isfinite(rounded).all()
    assert not rounded[3].any()


def layers(group: int = 1, bias: bool = True) -> onnx.ModelProto:
    """Return two convolutions, the second with strides and one-sided padding, and a dense layer."""
    rng = np.random.default_rng(1)
    constants = {
        "shape": np.array([-1, 1, 28, 28], np.int64),
        "scale": np.array(1 / 255, np.float32),
        "zero": np.array(0, np.uint8),
        "weights1": rng.normal(size=(4, 1, 5, 5)).astype(np.float32),
        "bias1": rng.normal(size=4).astype(np.float32),
        "weights2": rng.normal(size=(2, 4 // group, 3, 3)).astype(np.float32),
        "bias2": rng.normal(size=2).astype(np.float32),
        "weights3": rng.normal(size=(288, 3)).astype(np.float32) / 100,
        "bias3": rng.normal(size=3).astype(np.float32),
    }
    second = ["map", "weights2", "bias2"][: 3 if bias else 2]
    nodes = [
        helper.make_node("Reshape", ["image", "shape"], ["view"]),
        helper.make_node("DequantizeLinear", ["view", "scale", "zero"], ["pixels"]),
        helper.make_node("Conv", ["pixels", "weights1", "bias1"], ["sums1"], kernel_shape=[5, 5]),
        helper.make_node("Relu", ["sums1"], ["map"]),
        helper.make_node("Conv", second, ["sums2"], strides=[2, 2], pads=[2, 0, 0, 1], group=group),
        helper.make_node("Flatten", ["sums2"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weights3", "bias3"], ["sums3"]),
    ]
    graph = helper.make_graph(
        nodes,
        "layers",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["N", 28, 28])],
        [helper.make_tensor_value_info(f"sums{n}", TensorProto.FLOAT, None) for n in (1, 2, 3)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def sums(model: onnx.ModelProto, images: np.ndarray) -> list[np.ndarray]:
    """Return the outputs of the three layers, channels last."""
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [np.moveaxis(value, 1, -1) for value in session.run(None, {"image": images})]


def test_the_mean_error_of_every_layer_goes_into_its_bias() -> None:
    """Of each layer as it is called: strides, padding, and inputs from layers that are rounded already.

    Thirty pictures have few enough windows for all of them to be used.
    """
    images = np.random.default_rng(3).integers(0, 256, (30, 28, 28), np.uint8)
    images[::2] //= 8
    model = layers()
    before = sums(model, images)
    round_weights(model, images, 7)
    for place, (exact, rounded) in enumerate(zip(before, sums(model, images), strict=True), 1):
        assert np.abs(rounded - exact).max() > 0.01, place
        shift = (rounded - exact).reshape(-1, exact.shape[-1]).mean(axis=0)
        np.testing.assert_allclose(shift, 0, atol=1e-4, err_msg=f"layer {place}")


@pytest.mark.parametrize(
    ("group", "bias"),
    [
        (2, True),  # each half of the channels sees inputs of its own
        (1, False),  # there is no bias for the mean error to go into
    ],
)
def test_other_convolutions_are_left_alone(group: int, bias: bool) -> None:
    images = np.random.default_rng(3).integers(0, 256, (9, 28, 28), np.uint8)
    model, untouched = layers(group, bias), layers(group, bias)
    round_weights(model, images, 7)
    same = [a == b for a, b in zip(model.graph.initializer, untouched.graph.initializer, strict=True)]
    assert same == [True, True, True, False, False, True, True, False, False]


def test_onnxruntime_finds_the_same_grid(
    run_folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another grid every weight would be rounded a second time, to the nearest step."""
    kept: list[onnx.ModelProto] = []

    def keep(model: onnx.ModelProto, *others: object) -> None:
        round_weights(model, *others)  # type: ignore[arg-type]
        kept.append(onnx.load_from_string(model.SerializeToString()))

    with np.load(data) as arrays:
        images = np.asarray(arrays["x_train"][:100])
    monkeypatch.setattr(quantize, "round_weights", keep)
    # This rewrite would store the first layer's weights twice.
    monkeypatch.setattr(quantize, "first_outputs_in_pairs", lambda graph: None)
    written = quantize.quantize(to_onnx(read_run(run_folder).network()), images)
    before = {item.name: numpy_helper.to_array(item) for item in kept[0].graph.initializer}
    after = {item.name: numpy_helper.to_array(item) for item in written.graph.initializer}
    bytes_of = [
        (after[node.input[0]], after[node.input[1]], next(a.i for a in node.attribute if a.name == "axis"))
        for node in written.graph.node
        if node.op_type == "DequantizeLinear" and after.get(node.input[0], np.zeros(0)).dtype == np.int8
    ]
    found = [
        values * scale.reshape([-1 if place == axis else 1 for place in range(values.ndim)])
        for values, scale, axis in bytes_of
    ]
    layers = [node.input[1] for node in kept[0].graph.node if node.op_type in ("Conv", "Gemm")]
    assert len(layers) == len(found) >= 2
    for name in layers:
        alike = [values for values in found if values.shape == before[name].shape]
        assert min(np.abs(values - before[name]).max() for values in alike) < 1e-6, name


def test_the_answers_of_the_file_are_nearer_to_the_float_file(run_folder: Path, data: Path) -> None:
    with np.load(data) as arrays:
        images = np.asarray(arrays["x_train"][:300])
    floating = to_onnx(read_run(run_folder).network())
    files = [
        floating,
        quantize.quantize_as(floating, images),
        quantize.quantize_as(floating, images, together=False),
    ]
    exact, together, alone = (
        ort.InferenceSession(file.SerializeToString(), providers=["CPUExecutionProvider"]).run(
            None, {"image": images}
        )[0]
        for file in files
    )
    assert np.abs(together - exact).mean() < np.abs(alone - exact).mean()
