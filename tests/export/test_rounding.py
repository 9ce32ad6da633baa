"""Weights rounded together: on the grid that onnxruntime finds, and closer to the layer's float output."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")
import onnx
import onnxruntime as ort
from onnx import numpy_helper

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
