"""Read handwritten digits on a small computer.

    from edgedigits import Classifier, Reader

    reading = Reader(Classifier.load()).read(picture)
    print(reading.text)

Each name is imported on first use, so that `edgedigits --help` loads neither OpenCV nor onnxruntime.
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


# onnxruntime reads this once, when it is imported. Since 1.32 it sends telemetry to its vendor and keeps an
# ID of this device in the home folder. Set ORT_DISABLE_TELEMETRY=0 to allow that.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'edgedigits' has no attribute {name!r}")
    return getattr(importlib.import_module(f"edgedigits.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
