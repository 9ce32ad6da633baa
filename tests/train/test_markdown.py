"""The committed figures as a table: missed targets are marked, unknown figures are left out."""

from __future__ import annotations

from typing import Any

from edgedigits_train.reports.markdown import markdown


def row(name: str, value: float | None, **others: Any) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": "%", "margin": None, "target": None, "met": None} | others


def test_rows_targets_and_what_is_unknown() -> None:
    record = {
        "model": "runs/mine/model.onnx",
        "sha256": "0123456789abcdef0123",
        "count": 10000,
        "split": "test",
        "data": "MNIST",
        "rows": [
            row("file size", 87.911, unit="kB", target={"limit": 100, "at_least": False}, met=True),
            row("clean", 99.561, margin=0.131, target={"limit": 99.65, "at_least": True}, met=False),
            row("stripe", 83.6),
            row("Greek letters", None, target={"limit": 98.5, "at_least": True}),
        ],
    }
    lines = markdown(record).splitlines()
    assert lines[2] == "| file size | 87.9 kB | ≤ 100 kB | met |"
    assert lines[3] == "| clean | 99.56 % ± 0.13 | ≥ 99.65 % | missed |"
    assert lines[4] == "| stripe | 83.60 % |  |  |"
    assert "Greek" not in markdown(record)
    assert [line.split(" | ")[0] for line in markdown(record, brief=True).splitlines()[2:-2]] == [
        "| file size",
        "| clean",
    ]
    assert lines[-1].endswith("The command: `edgedigits evaluate --data mnist.npz --out DIR`.")
    assert "`model.onnx`, sha256 `0123456789abcdef…`, on 10,000 test pictures of MNIST" in lines[-1]


def test_the_command_makes_every_row() -> None:
    """Regression: without these flags the rows of differences and of outliers are missing."""
    record = {
        "model": "m.onnx",
        "against": "runs/mine/fp32.onnx",
        "sha256": "0123456789abcdef0123",
        "count": 6000,
        "split": "validation",
        "data": "MNIST",
        "rows": [row("largest difference", 0.03), row("AUROC, Greek letters", 98.7)],
    }
    flags = "--data mnist.npz --split validation --against fp32.onnx --sets SETS --out DIR"
    assert markdown(record).endswith(f"The command: `edgedigits evaluate {flags}`.")
