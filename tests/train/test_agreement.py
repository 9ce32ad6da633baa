"""Two evaluations side by side: what is compared, and what counts as an accuracy."""

from __future__ import annotations

from typing import Any

from edgedigits_train.reports.agreement import markdown

HIGH, LOW = {"limit": 99.0, "at_least": True}, {"limit": 15.0, "at_least": False}


def record(sha256: str, clean: float, letters: float, suite: float | None = 98.0) -> dict[str, Any]:
    rows = [
        {"name": "clean", "value": clean, "unit": "%", "target": HIGH},
        {"name": "fog", "value": 99.0, "unit": "%", "target": None},
        {"name": "reserve suite, mean", "value": suite, "unit": "%", "target": None},
        {"name": "AUROC, Greek letters", "value": letters + 70, "unit": "%", "target": HIGH},
        {"name": "Greek letters accepted", "value": letters, "unit": "%", "target": LOW},
        {"name": "file size", "value": 97.61, "unit": "kB", "target": LOW},
    ]
    return {"sha256": sha256, "rows": rows, "count": 10_000, "split": "test", "data": "MNIST"}


def test_differences_and_how_many_accuracies_agree() -> None:
    lines = markdown(record("a" * 64, 99.73, 25.0), record("b" * 64, 99.68, 27.0)).splitlines()
    assert lines[2] == "| clean | 99.73 | 99.68 | -0.05 |"
    assert lines[3] == "| reserve suite, mean | 98.00 | 98.00 | +0.00 |"
    assert "| Greek letters accepted | 25.00 | 27.00 | +2.00 |" in lines
    assert "| file size | 97.6 | 97.6 | +0.0 |" in lines
    assert not any("fog" in line for line in lines), "a row without a target"
    # Neither shares of accepted outliers nor AUROCs are accuracies, however far apart they are.
    assert lines[-1].startswith("1 of 1 accuracies are within 0.1 points of one another, all within 0.05;")
    assert "`aaaaaaaa…` and `bbbbbbbb…`" in lines[-1]


def test_one_that_disagrees_is_told() -> None:
    told = markdown(record("a" * 64, 99.73, 25.0), record("b" * 64, 99.43, 25.0)).splitlines()[-1]
    assert told.startswith("0 of 1 accuracies are within 0.1 points of one another, all within 0.30;")


def test_what_one_of_them_does_not_know_is_left_out() -> None:
    table = markdown(record("a" * 64, 99.7, 25.0), record("b" * 64, 99.7, 25.0, suite=None))
    assert "suite" not in table
