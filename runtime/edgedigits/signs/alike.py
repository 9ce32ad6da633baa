"""Find values that repeat more exactly than handwriting does."""

from __future__ import annotations

from collections.abc import Sequence


def repeated(values: Sequence[float], share: float, least: int) -> list[int]:
    """Return the indices of values that `least` values or more, self included, match within their `share`."""
    return [
        place
        for place, value in enumerate(values)
        if sum([abs(other - value) <= share * value for other in values]) >= least
    ]
