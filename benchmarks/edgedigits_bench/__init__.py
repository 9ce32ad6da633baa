"""Benchmarks: latency, robustness, photographs, other runtimes."""

import edgedigits  # noqa: F401 - before onnxruntime, whose telemetry it turns off
