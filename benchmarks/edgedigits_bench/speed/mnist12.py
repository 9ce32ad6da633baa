"""The network of mnist-12 from the ONNX model zoo, rebuilt: what people would use instead of ours.

https://github.com/onnx/models/tree/main/validated/vision/classification/mnist: a 5x5 convolution of 8,
pooling by 2, a 5x5 convolution of 16, pooling by 3, one dense layer, float pictures in, logits out. The
weights are random, so it has a time but no accuracy. It is quantized to int8 by onnxruntime's own static
quantizer, like the zoo's mnist-12-int8. Any batch size is possible here; the zoo's is fixed at 1.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


def build(pictures: npt.NDArray[np.float32]) -> bytes:
    """Return the int8 model, calibrated on float32 [N, 1, 28, 28]; needs the package `onnx`."""
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static

    class Calibration(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self.batches = iter([{"Input3": picture[None]} for picture in pictures])

        def get_next(self) -> dict[str, Any] | None:
            return next(self.batches, None)

    # The quantizer recommends pre-processing on the root logger; this graph has nothing to pre-process.
    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        onnx.save(_network(), source)
        quantize_static(
            source, target, Calibration(), activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8
        )
        return target.read_bytes()


def _network() -> Any:
    from onnx import TensorProto, checker, helper, numpy_helper

    rng = np.random.default_rng(12)

    def weights(name: str, *shape: int) -> Any:
        fan_in = shape[0] if len(shape) == 2 else int(np.prod(shape[1:]))
        values = rng.normal(0, np.sqrt(2 / fan_in), shape).astype(np.float32)
        return numpy_helper.from_array(values, name)

    def convolution(number: int, source: str) -> Any:
        return helper.make_node(
            "Conv",
            [source, f"conv{number}.weight", f"conv{number}.bias"],
            [f"conv{number}"],
            auto_pad="SAME_UPPER",
            kernel_shape=[5, 5],
        )

    def pool(number: int, by: int) -> Any:
        return helper.make_node(
            "MaxPool", [f"relu{number}"], [f"pool{number}"], kernel_shape=[by, by], strides=[by, by]
        )

    graph = helper.make_graph(
        [
            convolution(1, "Input3"),
            helper.make_node("Relu", ["conv1"], ["relu1"]),
            pool(1, 2),
            convolution(2, "pool1"),
            helper.make_node("Relu", ["conv2"], ["relu2"]),
            pool(2, 3),
            helper.make_node("Flatten", ["pool2"], ["flat"]),
            helper.make_node("Gemm", ["flat", "dense.weight", "dense.bias"], ["Plus214_Output_0"]),
        ],
        "mnist-12 rebuilt",
        [helper.make_tensor_value_info("Input3", TensorProto.FLOAT, ["N", 1, 28, 28])],
        [helper.make_tensor_value_info("Plus214_Output_0", TensorProto.FLOAT, ["N", 10])],
        [
            weights("conv1.weight", 8, 1, 5, 5),
            weights("conv1.bias", 8, 1),
            weights("conv2.weight", 16, 8, 5, 5),
            weights("conv2.bias", 16, 1),
            weights("dense.weight", 256, 10),
            weights("dense.bias", 10, 1),
        ],
    )
    for bias in graph.initializer:
        if bias.name.endswith("bias"):
            bias.dims[:] = [bias.dims[0]]
    # Opset 12 has no per-channel quantization; the quantizer needs 13, which has the same operators.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    return model
