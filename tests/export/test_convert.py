"""Keras to ONNX: the same answers for any batch, with the fewest operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")
pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")
import keras
import onnx
import onnxruntime as ort

from edgedigits_export.convert import IR_VERSION, OPSET, to_onnx

layers = keras.layers

pytestmark = [
    # TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]


def dense(x: Any) -> Any:
    return layers.Dense(11)(layers.Flatten()(x))


def space_to_depth(x: Any) -> Any:
    x = layers.Permute((1, 3, 2, 4))(layers.Reshape((14, 2, 14, 2))(x))
    return dense(layers.Conv2D(8, 3, activation="relu")(layers.Reshape((14, 14, 4))(x)))


def residual(x: Any) -> Any:
    x = layers.Conv2D(8, 4, strides=4)(x)
    x = layers.Add()([x, layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same")(x))])
    return layers.Dense(11, use_bias=False)(layers.GlobalAveragePooling2D()(layers.ReLU()(x)))


def pooled(x: Any) -> Any:
    return dense(layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(x)))


def enlarged(x: Any) -> Any:
    x = layers.Resizing(32, 32)(x)
    x = layers.Rescaling(2.0, offset=-1.0)(layers.Concatenate()([x, x, x]))
    return layers.Dense(11)(layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3, strides=2)(x)))


def two_readers(x: Any) -> Any:
    return dense(layers.Concatenate()([layers.Conv2D(4, 28)(x), layers.Conv2D(4, 28)(x)]))


NETWORKS: list[tuple[Callable[[Any], Any], str]] = [
    (dense, "no convolution at all: the views run into the product"),
    (space_to_depth, "views and a transpose that all move to the bytes"),
    (residual, "a branch, global pooling, a dense layer without bias"),
    (pooled, "pooling before a flatten: a transpose that really moves values"),
    (enlarged, "what transfer learning does first: resize, repeat, rescale"),
    (two_readers, "the scaled picture is taken by two layers"),
]


def built(network: Callable[[Any], Any]) -> Any:
    keras.utils.set_random_seed(2)
    image = keras.Input((28, 28, 1), name="image")
    return keras.Model(image, network(image))


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, 28, 28), np.uint8)


@pytest.mark.parametrize(("network", "reason"), NETWORKS, ids=lambda value: getattr(value, "__name__", ""))
def test_answers_as_keras_for_any_batch(network: Callable[[Any], Any], reason: str) -> None:
    model = built(network)
    converted = to_onnx(model)
    onnx.checker.check_model(converted, full_check=True)
    session = ort.InferenceSession(converted.SerializeToString(), providers=["CPUExecutionProvider"])
    for count in (1, 3, 61, 62):
        images = pictures(count)
        logits = model.predict(images[..., None] / np.float32(255), verbose=0)
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        (answer,) = session.run(["probabilities"], {"image": images})
        assert answer.shape == (count, 11)
        assert np.abs(answer - grown / grown.sum(axis=1, keepdims=True)).max() < 1e-5, reason


def test_the_file_says_what_it_takes_and_gives() -> None:
    converted = to_onnx(built(residual))
    session = ort.InferenceSession(converted.SerializeToString(), providers=["CPUExecutionProvider"])
    (image,), (output,) = session.get_inputs(), session.get_outputs()
    assert (image.name, image.type, image.shape) == ("image", "tensor(uint8)", ["N", 28, 28])
    assert (output.name, output.type, output.shape) == ("probabilities", "tensor(float)", ["N", 11])
    assert converted.ir_version == IR_VERSION
    assert [(item.domain, item.version) for item in converted.opset_import] == [("", OPSET)]


def test_no_housekeeping_is_left() -> None:
    operators = [node.op_type for node in to_onnx(built(space_to_depth)).graph.node]
    assert operators == [
        *("Reshape", "Transpose", "Reshape", "Transpose", "DequantizeLinear"),
        *("Conv", "Relu", "Transpose", "Reshape", "Gemm", "Softmax"),
    ]


def test_names_are_short_and_unique() -> None:
    graph = to_onnx(built(residual)).graph
    names = [node.name for node in graph.node]
    assert len(set(names)) == len(names)
    assert max(map(len, [*names, *(item.name for item in graph.initializer)])) <= len("dequantize99.9")
    assert "conv2" in names
    assert "conv2.1" in {item.name for item in graph.initializer}
