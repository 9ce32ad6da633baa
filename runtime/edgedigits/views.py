"""Frames that leave doubt are looked at again, a little changed: test-time augmentation, where it pays.

Hands differ most in slant and proportions. A digit stays the same digit when these change a little; what
happens to look like one in one view often does not in the next, and neither do the errors of rounding.
Of clean digits one in seventy leaves doubt, so that a page takes hardly longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]

DOUBT: Final = 0.9
"""Likeliest class below which a frame is looked at again, as the export has it: above, views hardly change
the answer."""
SLANT: Final = 0.25
STRETCH: Final = 1.12
"""How far the views differ from the frame; chosen, as the views were, on validation digits."""
MOST: Final = 64
"""Frames that are looked at again in one call, so that their views stay in the processor's cache."""
_LEAST: Final = 1e-7
"""Stands for a probability of 0, which one view alone must not force upon the others."""


def _about_centre(across: float, slant: float, down: float) -> npt.NDArray[np.float64]:
    """The affine map [2, 3] that leaves the middle of a 28x28 frame where it is."""
    linear = np.array([[across, slant], [0, down]])
    return np.column_stack([linear, (np.eye(2) - linear) @ [13.5, 13.5]])


VIEWS: Final = (
    _about_centre(1, -SLANT, 1),
    _about_centre(1, SLANT, 1),
    _about_centre(1 / STRETCH, 0, 1),
    _about_centre(STRETCH, 0, 1),
    _about_centre(1, 0, 1 / STRETCH),
    _about_centre(1, 0, STRETCH),
)


def views_of(frames: Frames) -> Frames:
    """uint8 [len(VIEWS) * N, 28, 28] of uint8 [N, 28, 28]: all in one view, then all in the next."""
    out = np.empty((len(VIEWS), *frames.shape), np.uint8)
    for view, matrix in zip(out, VIEWS, strict=True):
        for frame, changed in zip(frames, view, strict=True):
            cv2.warpAffine(frame, matrix, (28, 28), dst=changed)
    return out.reshape(-1, 28, 28)


def answered(run: Callable[[Frames], Scores], frames: Frames, doubt: float) -> Scores:
    """What a network says of uint8 [N, 28, 28]: float32 [N, classes], rows that add up to 1.

    `run` gives its softmax for any number of frames, in an array that it may write over in its next call.
    Where no class is as likely as `doubt`, 0..1, the answer is the geometric mean of what it says of the
    frame and of its views, made to add up to 1: the mean of logits, in other words.
    """
    scores = run(frames)
    likeliest: list[float] = np.maximum.reduce(scores, axis=1).tolist()
    if min(likeliest, default=1.0) >= doubt:  # most calls end here
        return scores
    scores = scores.copy()
    doubtful = [place for place, most in enumerate(likeliest) if most < doubt]
    for start in range(0, len(doubtful), MOST):
        some = doubtful[start : start + MOST]
        others = run(views_of(frames[some]))
        together = np.concatenate([scores[some][None], others.reshape(len(VIEWS), len(some), -1)])
        pooled = np.exp(np.log(np.maximum(together, _LEAST)).mean(axis=0))
        scores[some] = pooled / pooled.sum(axis=1, keepdims=True)
    return scores
