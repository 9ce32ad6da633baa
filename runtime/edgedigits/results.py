"""What the library answers with: frozen values that print, compare and turn into JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels of the picture as it was given (after EXIF rotation)."""

NOT_A_DIGIT = -1


@dataclass(frozen=True, eq=False)
class Predictions:
    """The answers for a batch of N frames; the arrays share their first axis."""

    labels: npt.NDArray[np.int64]
    """[N], 0..9, or -1 for "not a digit"."""
    confidence: npt.NDArray[np.float32]
    """[N], 0..1, calibrated probability that the label is right."""
    probabilities: npt.NDArray[np.float32]
    """[N, 10], rows sum to 1, also where the label is -1: what it would be if it were a digit."""
    digit_score: npt.NDArray[np.float32]
    """[N], 0..1, how much it looks like a digit at all."""

    def __len__(self) -> int:
        return len(self.labels)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, ready for `json.dumps`."""
        return {
            "labels": self.labels.tolist(),
            "confidence": self.confidence.tolist(),
            "probabilities": self.probabilities.tolist(),
            "digit_score": self.digit_score.tolist(),
        }


@dataclass(frozen=True)
class Digit:
    """One digit found in a picture."""

    label: int
    """0..9, or -1 for a shape that was judged to be no digit (only in `Reading.rejected`)."""
    confidence: float
    """0..1, calibrated probability that the label is right."""
    probabilities: tuple[float, ...]
    """Ten values that sum to 1."""
    box: Box
    digit_score: float = 1.0
    """0..1, how much the shape looks like a digit at all."""
    line: int = 0
    """Index of the written line that it stands in, from the top."""
    uncertain_split: bool = False
    """True where it was cut from a touching neighbour and the cut is doubtful."""

    def to_dict(self) -> dict[str, Any]:
        """The fields of the command line's JSON: `label`, `confidence`, `box`."""
        return {"label": self.label, "confidence": round(self.confidence, 4), "box": list(self.box)}


@dataclass(frozen=True)
class Reading:
    """Everything that was read in one picture."""

    text: str
    """The lines in reading order, separated by newlines; empty where no digit was found."""
    digits: tuple[Digit, ...]
    """In reading order."""
    timing_ms: dict[str, float] = field(default_factory=dict)
    """Milliseconds for `segment` (with framing), `classify` and `total`."""
    size: tuple[int, int] = (0, 0)
    """Width and height of the picture in pixels."""
    rejected: tuple[Digit, ...] = ()
    """Shapes that were looked at and judged to be no digit."""

    def to_dict(self) -> dict[str, Any]:
        """The command line's JSON object without its `source`."""
        return {
            "text": self.text,
            "digits": [digit.to_dict() for digit in self.digits],
            "timing_ms": {name: round(value, 3) for name, value in self.timing_ms.items()},
        }
