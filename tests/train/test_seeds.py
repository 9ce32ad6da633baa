"""Several seeds as a table: targets are compared with the mean, not with the best."""

from __future__ import annotations

from typing import Any

from edgedigits_train.reports.seeds import markdown

AT_LEAST = {"limit": 99.65, "at_least": True}


def record(sha256: str, clean: float, fog: float | None = 99.0) -> dict[str, Any]:
    rows = [
        {"name": "clean", "value": clean, "unit": "%", "target": AT_LEAST},
        {"name": "guard suite, mean", "value": 97.0, "unit": "%", "target": None},
        {"name": "fog", "value": fog, "unit": "%", "target": None},
        {"name": "AUROC", "value": fog and None, "unit": "%", "target": AT_LEAST},
    ]
    return {"sha256": sha256, "rows": rows, "count": 10_000, "split": "test", "data": "MNIST"}


def test_means_spread_and_verdict() -> None:
    lines = markdown([record("a" * 64, 99.58), record("b" * 64, 99.64), record("c" * 64, 99.70)]).splitlines()
    assert lines[2] == "| clean | 99.64 | 0.06 | 99.58 | 99.70 | ≥ 99.65 % | missed |"
    assert lines[3] == "| guard suite, mean | 97.00 | 0.00 | 97.00 | 97.00 |  |  |"
    assert len([line for line in lines if line.startswith("|")]) == 4  # neither fog nor unknown figures
    assert "3 seeds" in lines[-1]
    assert "`bbbbbbbb…`" in lines[-1]


def test_differences_of_either_sign_do_not_cancel() -> None:
    records = [record(name * 64, 99.6) for name in "ab"]
    for one, value in zip(records, (0.04, -0.08), strict=True):
        row = {"name": "largest difference", "value": value, "unit": "points"}
        one["rows"].append({**row, "target": {"limit": 0.05, "at_least": False}})
    assert "| largest difference | 0.06 | 0.03 | 0.04 | 0.08 | ≤ 0.05 points | missed |" in markdown(records)
