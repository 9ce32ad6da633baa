"""Values that so many others repeat that no hand made them."""

from __future__ import annotations

from collections.abc import Sequence


def repeated(values: Sequence[float], share: float, least: int) -> list[int]:
    """Places of the values from which enough, themselves counted, differ by that share of them at most."""
    return [
        place
        for place, value in enumerate(values)
        if sum([abs(other - value) <= share * value for other in values]) >= least
    ]
