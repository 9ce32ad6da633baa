"""Strokes paler than the rules that they cross: their halves meet again where the rule was removed."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]


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
