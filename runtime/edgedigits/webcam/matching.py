"""Match the digits of a frame to those of the last one: pure functions on boxes and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.results import Box, Digit

Points = npt.NDArray[np.float64]

_NEAR: Final = 0.35
"""Largest distance of a shape from its expected place to be the same one, in digit sizes (longer sides)."""
_NEAR_ALIKE: Final = 0.8
"""The same for a shape that also has the same label."""
_REACH: Final = 4.0
"""How far a page may move between two frames, in digit sizes."""
_GROWTH: Final = 1.7
"""Largest factor by which a digit may grow or shrink between two frames."""
_MOST_CANDIDATES: Final = 64
_AT_ONCE: Final = 100_000
"""Pairs of digits, times motions, that are compared at once."""


def common_motion(
    boxes: Sequence[Box], labels: Sequence[int], digits: Sequence[Digit], last: Points
) -> Points:
    """Return how the page moved since the last frame: [dx, dy] in pixels.

    Every pair of an old and a new digit with the same label proposes a motion. The motion under which the
    most old digits land on a new one wins; among equals, the one closest to the last motion.
    """
    if not boxes or not digits:
        return np.zeros(2)
    old, new = _centres(boxes), _centres([digit.box for digit in digits])
    alike = np.asarray(labels)[:, None] == np.asarray([digit.label for digit in digits])[None, :]
    ratio, height = _sizes(boxes, [digit.box for digit in digits])
    moves = new[None, :, :] - old[:, None, :]
    landed = _landed(moves - last, height, ratio) & alike
    if landed.any(axis=1).all():
        return _refined(last, moves, landed)  # the common case: the page moves on as before
    possible = alike & (ratio < _GROWTH) & (np.hypot(moves[..., 0], moves[..., 1]) < _REACH * height)
    proposed = np.concatenate([last[None, :], np.zeros((1, 2)), moves[possible][:_MOST_CANDIDATES]])
    hits = np.zeros(len(proposed))
    # A few at a time: for hundreds of digits, all of them would take gigabytes.
    few = max(1, _AT_ONCE // ratio.size)
    for start in range(0, len(proposed), few):
        landed = _landed(moves[None] - proposed[start : start + few, None, None, :], height, ratio)
        once, twice = landed.any(axis=2).sum(axis=1), (landed & alike).any(axis=2).sum(axis=1)
        hits[start : start + few] = twice + 0.5 * once
    away = np.hypot(*(proposed - last).T)
    best = np.lexsort((away, -hits))[0]
    if hits[best] == 0:
        return np.zeros(2)
    return _refined(proposed[best], moves, _landed(moves - proposed[best], height, ratio))


def _landed(misfit: Points, height: Points, ratio: Points) -> npt.NDArray[np.bool_]:
    """Return which old digits land on which new ones; `misfit` is [..., old, new, 2]."""
    near: npt.NDArray[np.bool_] = np.hypot(misfit[..., 0], misfit[..., 1]) < _NEAR * height
    return near & (ratio < _GROWTH)


def _refined(motion: Points, moves: Points, landed: npt.NDArray[np.bool_]) -> Points:
    """Return the median motion of the pairs that landed; the proposal was one pair's, or the last frame's."""
    return np.median(moves[landed], axis=0) if landed.any() else motion


def match(
    boxes: Sequence[Box], labels: Sequence[int], digits: Sequence[Digit], motion: Points
) -> dict[int, int]:
    """Return the old index for each new one that has one; the best pairs are matched first."""
    if not boxes or not digits:
        return {}
    old, new = _centres(boxes) + motion, _centres([digit.box for digit in digits])
    alike = np.asarray(labels)[:, None] == np.asarray([digit.label for digit in digits])[None, :]
    ratio, height = _sizes(boxes, [digit.box for digit in digits])
    away = np.hypot(*(new[None, :, :] - old[:, None, :]).transpose(2, 0, 1)) / height
    fits = (ratio < _GROWTH) & (away < np.where(alike, _NEAR_ALIKE, _NEAR))
    cost = np.where(fits, away + np.log(ratio) + np.where(alike, 0, _NEAR), np.inf)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for flat in np.argsort(cost, axis=None, kind="stable"):
        place, index = divmod(int(flat), len(digits))
        if not np.isfinite(cost[place, index]):
            break
        if index not in pairs and place not in taken:
            pairs[index] = place
            taken.add(place)
    return pairs


def _centres(boxes: Sequence[Box]) -> Points:
    return np.asarray([(x + w / 2, y + h / 2) for x, y, w, h in boxes], np.float64)


def _sizes(old: Sequence[Box], new: Sequence[Box]) -> tuple[Points, Points]:
    """Return the ratio (>= 1) of the longer sides and the mean of the two; both are [old, new]."""
    a = np.asarray([max(w, h) for _, _, w, h in old], np.float64)[:, None]
    b = np.asarray([max(w, h) for _, _, w, h in new], np.float64)[None, :]
    return np.maximum(a, b) / np.minimum(a, b), (a + b) / 2
