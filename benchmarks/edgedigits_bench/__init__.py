"""Benchmarks: latency, robustness, photographs, peers."""
