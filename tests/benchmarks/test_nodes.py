"""The cost of operators from a profile: which events count, and what a real file gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edgedigits_bench.trials.nodes import Cost, costs, measure, table


def event(name: str, us: int, category: str = "Node", operator: str = "Conv") -> dict[str, Any]:
    return {"cat": category, "name": name, "dur": us, "args": {"op_name": operator}}


def test_only_kernels_count_and_each_by_its_median() -> None:
    events = [
        event("conv1_token_3_kernel_time", 10),
        event("conv1_token_3_kernel_time", 11),
        event("conv1_token_3_kernel_time", 5000),  # preempted
        event("conv1_fence_before", 1),
        event("model_run", 6000, "Session"),
        event("pool1_kernel_time", 2, operator="GlobalAveragePool"),
    ]
    assert costs(events) == [Cost("conv1", "Conv", 11), Cost("pool1", "GlobalAveragePool", 2)]


def test_a_real_file_is_profiled(tiny: Path) -> None:
    found = measure(tiny, 3, 5)
    assert found
    assert all(cost.us >= 0 and cost.operator for cost in found)


def test_the_table_divides_by_the_batch() -> None:
    lines = table([Cost("conv1", "QLinearConv", 30), Cost("gemm1", "QGemm", 5)], 10).splitlines()
    assert lines[1].split() == ["conv1", "QLinearConv", "30.0", "3.00"]
    assert lines[-1].split() == ["sum", "35.0", "3.50"]
