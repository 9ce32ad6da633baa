"""Convert a Keras network to a float32 ONNX model that takes bytes and returns probabilities."""

from __future__ import annotations

from typing import Any, Final

import onnx

from edgedigits_export.rewrite import tidy

OPSET: Final = 17
"""The newest that tf2onnx 1.17 writes well: at 18 global pooling becomes a transpose and a mean."""
IR_VERSION: Final = 8
"""What opset 17 needs. A newer `onnx` would raise it on saving, and old runtimes would refuse the file."""
INPUT: Final = "image"
OUTPUT: Final = "probabilities"
_BATCH: Final = 61
"""A prime that is no channel count: wherever it occurs in a shape of the traced graph, it is the batch."""


def to_onnx(model: Any) -> onnx.ModelProto:
    """Convert a Keras model that returns logits: float32 [N, 28, 28, 1] in 0..1 -> [N, classes].

    The ONNX model takes uint8 [N, 28, 28] named `image` and returns float32 [N, classes] named
    `probabilities`, rows summing to 1, for any N. It is traced with a fixed batch, because with a free one
    tf2onnx computes the target of every reshape at run time (Shape, Slice, Concat, Cast: four nodes each).
    """
    import tensorflow as tf
    import tf2onnx

    @tf.function  # type: ignore[untyped-decorator]
    def classify(image: Any) -> dict[str, Any]:
        floats = tf.cast(image, tf.float32) * (1.0 / 255.0)
        return {OUTPUT: tf.nn.softmax(model(tf.expand_dims(floats, -1), training=False))}

    signature = [tf.TensorSpec((_BATCH, 28, 28), tf.uint8, name=INPUT)]
    traced, _ = tf2onnx.convert.from_function(classify, input_signature=signature, opset=OPSET)
    tidy(traced, _BATCH)
    pin_versions(traced)
    return traced


def pin_versions(model: onnx.ModelProto) -> None:
    """Lower the versions to what the graph needs: exporters tend to name all that they know."""
    model.ir_version = IR_VERSION
    del model.opset_import[:]
    model.opset_import.append(onnx.helper.make_opsetid("", OPSET))
