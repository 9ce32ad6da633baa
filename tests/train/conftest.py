"""Fixtures for the tests of `train`: a tiny data set, and a fit that trains nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    """Twelve hundred squares in place of MNIST, with the ten labels in turn."""
    arrays: dict[str, Any] = {}
    for name, count in (("train", 1200), ("test", 200)):
        arrays[f"x_{name}"] = np.zeros((count, 28, 28), np.uint8)
        arrays[f"x_{name}"][:, 8:20, 8:20] = 255
        arrays[f"y_{name}"] = (np.arange(count) % 10).astype(np.uint8)
    np.savez(tmp_path / "set.npz", **arrays)
    return tmp_path / "set.npz"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The arguments of each call to `fit`, which is interrupted before its first epoch ends."""
    from edgedigits_train import fit

    calls: list[dict[str, Any]] = []

    def stopped(folder: Any, material: Any, validation: Any, **options: Any) -> None:
        found = {"recipe": material.recipe, "material": material, "validation": validation}
        calls.append({**found, **options})
        options["begin"]()
        raise KeyboardInterrupt

    monkeypatch.setattr(fit, "fit", stopped)
    return calls
