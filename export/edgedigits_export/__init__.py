"""Export: Keras to ONNX, quantization, verification and the metadata contract."""
