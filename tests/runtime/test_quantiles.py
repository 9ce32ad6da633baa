"""Quantiles equal to numpy's, without the modules that numpy's import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgedigits.quantiles import median, quantile, weighted_median


@pytest.mark.parametrize(
    "values",
    [
        [3],
        [2, 1],
        [5, 1, 3],
        [1.5, 9.0, -2.0, 4.0],
        [7] * 9,
        list(range(101)),
        np.arange(12, dtype=np.uint8).reshape(3, 4),
    ],
)
def test_as_numpy(values: Any) -> None:
    assert median(values) == pytest.approx(float(np.median(values)), abs=1e-12)
    for share in (0, 0.1, 0.25, 0.5, 0.9, 1):
        assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)), abs=1e-12)


@pytest.mark.parametrize(
    ("values", "weights", "expected"),
    [
        ([7], [2], 7),
        ([1, 2, 3], [1, 1, 1], 2),
        ([3, 1, 2], [1, 1, 1], 2),  # in no order
        ([1, 2], [1, 1], 1),  # half of the weight is reached at the lower value
        ([1, 2, 30], [1, 1, 900], 30),  # one that weighs more than all others
    ],
)
def test_weighted_median(values: list[float], weights: list[float], expected: float) -> None:
    assert weighted_median(values, weights) == expected


def test_reading_a_page_does_not_import_masked_arrays(examples: Path, tiny: Path) -> None:
    """Regression: `numpy.median` did; reading one page took 30 ms more, which its timings did not show."""
    code = (  # numpy 1 imports them with itself
        "import sys, numpy, cv2, onnxruntime; before = 'numpy.ma' in sys.modules; "
        "from edgedigits.cli import main; main(sys.argv[1:]); "
        "print('numpy.ma' in sys.modules and not before, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "predict", str(examples / "ruled.jpg"), "--model", str(tiny)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert result.stderr.splitlines()[-1] == "False"
