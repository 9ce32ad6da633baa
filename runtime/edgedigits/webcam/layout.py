"""Lines of text that survive a short absence of some of their members."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")
Layout = list[list[T]]
"""Lines from the top, each from left to right in reading order."""


def merge(before: Layout[T], current: Layout[T]) -> Layout[T]:
    """Return `current` with the members that only `before` has, put back where they stood.

    A missing member goes right after its nearest left neighbour that is present, otherwise right before its
    nearest right neighbour. A line without any member present goes after the line above it. No geometry is
    used, so that this holds for a turned page too.
    """
    merged = [list(row) for row in current]
    for number, row in enumerate(before):
        for place, member in enumerate(row):
            if _find(merged, member) is not None:
                continue
            left = next((at for other in reversed(row[:place]) if (at := _find(merged, other))), None)
            right = next((at for other in row[place + 1 :] if (at := _find(merged, other))), None)
            if left is not None:
                merged[left[0]].insert(left[1] + 1, member)
            elif right is not None:
                merged[right[0]].insert(right[1], member)
            else:
                above = next((at for other in _above(before, number) if (at := _find(merged, other))), None)
                merged.insert(0 if above is None else above[0] + 1, [member])
    return merged


def _find(layout: Layout[T], member: T) -> tuple[int, int] | None:
    for number, row in enumerate(layout):
        for place, other in enumerate(row):
            if other is member:
                return number, place
    return None


def _above(layout: Layout[T], number: int) -> list[T]:
    return [member for row in reversed(layout[:number]) for member in reversed(row)]
