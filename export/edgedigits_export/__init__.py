"""Export: Keras to ONNX, quantization, verification and the metadata contract."""

import edgedigits  # noqa: F401 - before onnxruntime, whose telemetry it turns off
