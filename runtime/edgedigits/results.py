"""The results of the library: frozen dataclasses that can be turned into JSON."""

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
    """The classifier's answers for a batch of N frames; the arrays share their first axis."""

    labels: npt.NDArray[np.int64]
    """[N], 0..9, or -1 for "not a digit"."""
    confidence: npt.NDArray[np.float32]
    """[N], 0..1, calibrated probability that the label is right; where it is -1, that of the likeliest
    digit."""
    probabilities: npt.NDArray[np.float32]
    """[N, 10], for the digits 0 to 9; rows sum to 1, also where the label is -1, as if the frame were a
    digit."""
    digit_score: npt.NDArray[np.float32]
    """[N], 0..1, how much the frame looks like a digit; the label is -1 where this is below the threshold."""

    def __len__(self) -> int:
        return len(self.labels)

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, ready for `json.dumps`."""
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
    """0..9, or -1 for a shape that was judged not to be a digit (only in `Reading.rejected`)."""
    confidence: float
    """0..1, calibrated probability that the label is right; where it is -1, that of the likeliest digit."""
    probabilities: tuple[float, ...]
    """Ten values that sum to 1."""
    box: Box
    digit_score: float = 1.0
    """0..1, how much the shape looks like a digit."""
    line: int = 0
    """Index of its line of text, from 0 at the top."""
    uncertain_split: bool = False
    """True if it was cut from a touching neighbour and the cut is doubtful."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields of the command line's JSON: `label`, `confidence`, `box`."""
        return {"label": self.label, "confidence": round(self.confidence, 4), "box": list(self.box)}


@dataclass(frozen=True)
class Reading:
    """What was read in one picture."""

    text: str
    """The lines in reading order, separated by newlines; empty if no digit was found."""
    digits: tuple[Digit, ...]
    """In reading order."""
    timing_ms: dict[str, float] = field(default_factory=dict)
    """Milliseconds for `segment` (with framing), `classify` and `total`."""
    size: tuple[int, int] = (0, 0)
    """Width and height of the picture in pixels."""
    rejected: tuple[Digit, ...] = ()
    """Shapes that were considered and judged not to be digits."""

    def to_dict(self) -> dict[str, Any]:
        """Return the command line's JSON object without its `source`."""
        return {
            "text": self.text,
            "digits": [digit.to_dict() for digit in self.digits],
            "timing_ms": {name: round(value, 3) for name, value in self.timing_ms.items()},
        }
