"""Find what repeats or continues more exactly than handwriting does."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def repeated(values: Sequence[float], share: float, least: int) -> list[int]:
    """Return the indices of values that `least` values or more, self included, match within their `share`."""
    return [
        place
        for place, value in enumerate(values)
        if sum([abs(other - value) <= share * value for other in values]) >= least
    ]


def chained(ordered: Sequence[int], follows: Callable[[int, int], bool], least: int) -> set[int]:
    """Return the indices that are in chains of `least` or more.

    Each, in the order given, joins the first chain whose last index it `follows`, or begins one.
    """
    chains: list[list[int]] = []
    for index in ordered:
        chain = next((chain for chain in chains if follows(index, chain[-1])), None)
        if chain is None:
            chains.append([index])
        else:
            chain.append(index)
    return {index for chain in chains if len(chain) >= least for index in chain}
