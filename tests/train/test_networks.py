"""TensorFlow loads silently, unless it fails to load."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")


def test_tensorflow_says_nothing_while_it_loads() -> None:
    """Regression: ten lines about oneDNN and CUDA came before our first line."""
    code = "from edgedigits_train.networks import load_keras; load_keras().Input((3,))"
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True, env=environment
    )
    assert (result.stdout, result.stderr) == ("", "")


def test_what_fails_to_load_is_shown() -> None:
    code = """
import os
from edgedigits_train.networks import _held_back
try:
    with _held_back():
        os.write(2, b"why it failed\\n")
        raise ImportError
except ImportError:
    os.write(2, b"after\\n")
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stderr == "why it failed\nafter\n"
