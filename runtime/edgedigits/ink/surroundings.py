"""What is around a sheet: other things, a bare table, or the rest of a page of which it is a patch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.afar import View, gap, level_of, share

Grey = npt.NDArray[np.uint8]

WRITTEN: Final = 0.001
"""Share of ink from which a patch has writing on it: four small digits in a thin pen on a whole sheet."""
ROUGH: Final = 2.5
"""With fewer outlines than that, how many times as rough as the sheet such surroundings are..."""
SMOOTHEST: Final = 0.25
"""...where a sheet counts as at least this rough, in grey levels, since these are whole numbers."""
FULL: Final = 0.7
"""Share of outlines and texture from which they are no page either: keys leave few outlines and flat tops."""
UNLIKE: Final = 3.5
"""Ratio of brightness above which a sheet's surroundings are not part of it in shadow or sun."""
ALIKE: Final = 1.25
"""Greatest ratio of roughness, and of brightness, between a sheet and what is beyond its creases."""


def is_busy(view: View, sheet: Grey, outside: Grey, least: float) -> bool:
    """Return whether what is outside a sheet is no paper: has many outlines, or is much rougher.

    `least` is the share that is many. What is as smooth and as bright is the same sheet, beyond its creases.
    """
    if not outside.any():
        return False
    rough = cv2.absdiff(view.grey, cv2.blur(view.grey, (3, 3)))
    rougher = _lower_mean(rough[outside > 0]) / max(SMOOTHEST, _lower_mean(rough[sheet > 0]))
    lighter = level_of(view, outside) / max(1.0, level_of(view, sheet))
    if share(view.outlines, outside) >= least or share(view.between, outside) >= FULL:
        return rougher > ALIKE or not 1 / ALIKE < lighter < ALIKE
    # In a shadow the texture of paper weakens as much as the light does; the sensor's noise stays.
    return rougher >= ROUGH * max(1.0, lighter)


def is_apart(view: View, sheet: Grey, outside: Grey) -> bool:
    """Return whether what is outside a sheet is no page of which the sheet is a patch of light or shade."""
    own, other = level_of(view, sheet), level_of(view, outside)
    return max(own, other) > UNLIKE * min(own, other) or share(view.ink, outside) < WRITTEN


def rims_of(patch: Grey) -> set[int]:
    """Return which sides of the picture a patch runs along: 0 to 3 for left, top, right and bottom."""
    margins = margins_of(cv2.boundingRect(patch), patch.shape)
    return {side for side, margin in enumerate(margins) if margin <= len(gap(patch))}


def margins_of(box: Sequence[int], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return how far a box is from the borders of a picture of `shape`: left, top, right and bottom."""
    (x, y, across, down), (height, width) = box, shape
    return x, y, width - x - across, height - y - down


def _lower_mean(values: Any) -> float:
    """Return the mean of the lower half, which is the paper's: writing covers less of a page."""
    return float(np.sort(values)[: (len(values) + 1) // 2].mean())
