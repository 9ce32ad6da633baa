"""The second look: classify doubtful frames again, slightly changed (test-time augmentation).

Handwriting differs most in slant and proportions. A digit stays the same digit when these change a little.
What only looks like one in one view often does not in the next, and rounding errors change from view to view,
too. One clean digit in seventy is doubtful, so a page hardly takes longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]

DOUBT: Final = 0.9
"""A frame is doubtful if its likeliest class is below this; the export writes it into the contract. Above it
views hardly change the answer."""
SLANT: Final = 0.25
STRETCH: Final = 1.12
"""How far the views differ from the frame; chosen on validation digits, as the views were."""
MOST: Final = 64
"""Doubtful frames that are classified again in one call, so that their views stay in the processor's
cache."""
_LEAST: Final = 1e-7
"""Replaces a probability of 0, which one view alone must not force upon the others."""
_SIDE: Final = 28
_BLANK: Final = _SIDE * _SIDE
"""Index, behind all pixels, of one that is black; it stands for what lies beyond the frame."""


def _taps() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.uint16]]:
    """Return, for each pixel of all views, two places in a frame and the weight of the second, in 256ths.

    Each view moves pixels along rows or along columns, about the middle, so that two source pixels make one.
    Whole numbers give the same result on every processor, whereas OpenCV's warps differ in rounding.
    """
    middle = (_SIDE - 1) / 2
    y, x = np.mgrid[:_SIDE, :_SIDE] - middle
    across = (x + SLANT * y, x - SLANT * y, x * STRETCH, x / STRETCH)
    down = (y * STRETCH, y / STRETCH)
    lower, upper, weights = list[Any](), list[Any](), list[Any]()
    for along, places in [(1, place) for place in across] + [(_SIDE, place) for place in down]:
        steps = np.rint((places + middle) * 256).astype(np.int64)
        first = steps >> 8
        fixed = (y + middle) * _SIDE if along == 1 else x + middle
        for found, at in ((lower, first), (upper, first + 1)):
            inside = (at >= 0) & (at < _SIDE)
            found.append(np.where(inside, fixed + at * along, _BLANK).ravel())
        weights.append((steps & 255).ravel())
    places = [np.concatenate(found).astype(np.intp) for found in (lower, upper)]
    return places[0], places[1], np.concatenate(weights).astype(np.uint16)


_LOWER, _UPPER, _WEIGHT = _taps()
VIEWS: Final = len(_WEIGHT) // _BLANK
"""Number of views of a frame: leaning left and right, narrower, wider, lower and higher."""


def views_of(frames: Frames) -> Frames:
    """Return uint8 [N * VIEWS, 28, 28] for uint8 [N, 28, 28]: all views of one frame, then of the next."""
    # 255 * 256 and half of 256 for rounding fit into 16 bits.
    flat = np.zeros((len(frames), _BLANK + 1), np.uint16)
    flat[:, :_BLANK] = frames.reshape(len(frames), _BLANK)
    # `take` needs a fraction of the time of an index in brackets.
    mixed = flat.take(_LOWER, axis=1) * (256 - _WEIGHT) + flat.take(_UPPER, axis=1) * _WEIGHT
    return ((mixed + np.uint16(128)) >> 8).astype(np.uint8).reshape(-1, _SIDE, _SIDE)


def answered(run: Callable[[Frames], Scores], frames: Frames, doubt: float, most: int = MOST) -> Scores:
    """Classify uint8 [N, 28, 28] with a second look at doubtful frames; return float32 [N, classes].

    `run` returns its softmax for any number of frames, in an array that its next call may overwrite. A frame
    is doubtful if no class is as likely as `doubt`, 0..1. Its answer is the geometric mean over the frame and
    its views, scaled to add up to 1: in other words, the mean of the logits. Rows add up to 1. At most `most`
    doubtful frames are classified again in one call.
    """
    scores = run(frames)
    likeliest: list[float] = np.maximum.reduce(scores, axis=1).tolist()
    if min(likeliest, default=1.0) >= doubt:  # most calls end here
        return scores
    scores = scores.copy()
    doubtful = [place for place, likely in enumerate(likeliest) if likely < doubt]
    for start in range(0, len(doubtful), most):
        some = doubtful[start : start + most]
        others = run(views_of(frames[some])).reshape(len(some), VIEWS, -1)
        together = np.concatenate([scores[some][:, None], others], axis=1)
        pooled = np.exp(np.log(np.maximum(together, _LEAST)).mean(axis=1))
        scores[some] = pooled / pooled.sum(axis=1, keepdims=True)
    return scores
