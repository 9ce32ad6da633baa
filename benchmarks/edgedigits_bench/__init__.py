"""Benchmarks: latency, robustness, photographs, peers."""

import edgedigits  # noqa: F401 - before onnxruntime, whose telemetry it turns off
