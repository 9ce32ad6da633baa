"""A run that is evaluated before it is exported: scored as the runtime would score it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits_train import fit, networks
from edgedigits_train.measures.subject import open_subject


@pytest.mark.parametrize(
    ("sure", "looks"),
    [
        (0.999, 1),  # no doubt: one look
        (0.5, 2),  # doubtful: seen again in other views, as in use
    ],
)
def test_a_run_takes_second_looks_as_its_file_will(
    sure: float, looks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text('{"architecture": "edge"}')
    (tmp_path / "model.keras").write_bytes(b"12345")
    calls: list[int] = []

    def probabilities(model: object, images: np.ndarray) -> np.ndarray:
        calls.append(len(images))
        found = np.full((len(images), 11), (1 - sure) / 10, np.float32)
        found[:, 3] = sure
        return found

    monkeypatch.setattr(networks, "open_network", lambda path, compiled: None)
    monkeypatch.setattr(networks, "require_digits", lambda model, path: None)
    monkeypatch.setattr(fit, "probabilities", probabilities)
    subject = open_subject(tmp_path)
    images = np.zeros((4, 28, 28), np.uint8)
    images[:, 6:22, 12:16] = 255
    assert subject.score(images).labels.tolist() == [3] * 4
    assert min(len(calls), 2) == looks
    assert calls[0] == 4
    assert (subject.threshold, subject.bytes, subject.sha256) == (None, 5, "")
    assert subject.about == "fp32 in Keras, edge"
