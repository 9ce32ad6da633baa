"""Strokes where a rule was removed: the parts of one that was cut there meet again."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes
from edgedigits.quantiles import median, quantile

Grey = npt.NDArray[np.uint8]

NARROW: Final = 2.0
"""Widest gap to fill in strokes on a rule, in thicknesses of the rule. On drawn pages of notebooks 1 to 2
mend ever more digits; 3 mends no more, and closes what is open in others."""
DARKEST_PART: Final = 0.75
"""Quantile of the writing's ink to compare with the rules: a third of a digit's ink is its soft edge."""


def crossings(pale: Grey, across: Grey, down: Grey, reach: int) -> Grey:
    """Return the ink of rules between two parts of a pale stroke: uint8 [H, W], 255 on 0.

    At the level at which rules are found, pale strokes are no ink, so nothing tells where they cross a rule.
    Without the crossings every digit on a line of print-dark rules falls in two, and its halves look like 1s.
    `pale` is the pale ink that is kept; `across` and `down` are the level and the upright rules, at most
    twice `reach` pixels thick.
    """
    kernel = np.ones((2 * reach + 1, 1), np.uint8)
    upright = as_bytes(cv2.morphologyEx(pale, cv2.MORPH_CLOSE, kernel))
    level = as_bytes(cv2.morphologyEx(pale, cv2.MORPH_CLOSE, kernel.T))
    return (upright & across) | (level & down)


def narrow_gaps(ink: Grey, kept: Grey, rules: Grey, thickness: float) -> Grey:
    """Return the ink of level rules in narrow gaps between strokes: uint8 [H, W], 255 on 0.

    Where a stroke runs along a rule, as the bar of a 4 and the top of a 9 do, only what is broader than the
    rule is kept, and the stroke has gaps. The gaps are filled if they are at most twice the
    rules' `thickness` in pixels, and if the pen is as dark as the rules: of a paler one nothing is kept on a
    rule but bumps of the rule.
    """
    if not rules.any() or not kept.any():
        return np.zeros_like(kept)
    if quantile(ink[kept > 0], DARKEST_PART) < median(ink[rules > 0]):
        return np.zeros_like(kept)
    kernel = np.ones((1, round(NARROW * thickness) + 1), np.uint8)
    return as_bytes(cv2.morphologyEx(kept, cv2.MORPH_CLOSE, kernel)) & rules
