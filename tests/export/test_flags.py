"""What `edgedigits export` passes on, and what it prints at its end."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("onnx", reason="the extra `train` is not installed")

from edgedigits.model.contract import DIGITS, NONE_LABEL, Contract
from edgedigits_export import command
from edgedigits_export import export as exporting
from edgedigits_export.export import CLEAN, NOISY, Exported
from edgedigits_export.report import summary
from edgedigits_export.verify import Comparison

CONTRACT = Contract(labels=(*DIGITS, NONE_LABEL), rejection_threshold=0.25, precision="int8", temperature=1.5)
EXPORTED = Exported(
    path=Path("my model.onnx"),
    bytes=97_123,
    float_bytes=361_456,
    contract=CONTRACT,
    difference=2e-6,
    comparisons={CLEAN: Comparison(99.5, 99.25, 99.75), NOISY: Comparison(97.0, 97.125, 98.5)},
    refused=0.125,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], {"precision": "int8", "data": None, "allow_drop": False, "force": False}),
        (
            ["--precision", "fp32", "--data", "mine.npz", "--allow-drop", "--force"],
            {"precision": "fp32", "data": Path("mine.npz"), "allow_drop": True, "force": True},
        ),
    ],
    ids=["nothing is replaced or lost unless asked for", "every flag"],
)
def test_flags_reach_the_export_and_only_the_summary_stdout(
    given: list[str],
    expected: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[dict[str, Any]] = []

    def export(run: Path, out: Path, *, progress: Any, **options: Any) -> Exported:
        progress("converting")
        asked.append({"run": run, "out": out, **options})
        return EXPORTED

    monkeypatch.setattr(exporting, "export", export)
    monkeypatch.setattr(command, "find_spec", lambda name: name)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["runs/a", "--out", "b.onnx", *given])) == 0
    assert asked == [{"run": Path("runs/a"), "out": Path("b.onnx"), **expected}]
    out, err = capsys.readouterr()
    assert (out, err) == (summary(EXPORTED) + "\n", "converting\n")


def test_the_summary() -> None:
    assert summary(EXPORTED).splitlines() == [
        "wrote    my model.onnx",
        "bytes    97,123 (int8; fp32 would be 361,456)",
        "input    image: uint8 [N, 28, 28], bright ink on black",
        "output   probabilities: float32 [N, 11], 0..9, none",
        "checked  Keras against fp32: largest difference 2.0e-06; temperature 1.500",
        "refuses  a digit score below 0.2500: 0.12 % of clean test digits",
        "",
        "accuracy, %           fp32    int8   change  same answer",
        "validation clean     99.50   99.25    -0.25        99.75",
        "validation noisy     97.00   97.12    +0.12        98.50",
        "",
        "next     edgedigits predict --model 'my model.onnx' examples/",
    ]
