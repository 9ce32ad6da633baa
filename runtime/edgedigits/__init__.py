"""Read handwritten digits on a small computer.

    from edgedigits import Classifier, Reader

    reading = Reader(Classifier.load()).read(picture)
    print(reading.text)

The names are imported when they are first used, so that `edgedigits --help` needs neither OpenCV
nor onnxruntime.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edgedigits.classifier import Classifier
    from edgedigits.errors import EdgeDigitsError
    from edgedigits.reader import Reader
    from edgedigits.results import Digit, Predictions, Reading
    from edgedigits.sources import frames

__all__ = ["Classifier", "Digit", "EdgeDigitsError", "Predictions", "Reader", "Reading", "frames"]

_HOME = {
    "Classifier": "classifier",
    "Digit": "results",
    "EdgeDigitsError": "errors",
    "Predictions": "results",
    "Reader": "reader",
    "Reading": "results",
    "frames": "sources",
}


# Read once, when onnxruntime is imported: since 1.32 it calls its maker's servers, and keeps a number of
# this device in the home folder. Whoever wants that says so with ORT_DISABLE_TELEMETRY=0.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'edgedigits' has no attribute {name!r}")
    return getattr(importlib.import_module(f"edgedigits.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
