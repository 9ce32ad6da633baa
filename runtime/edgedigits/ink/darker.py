"""Where the pen is darker than the rules: its strokes along them stay, and what is left of them goes."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import above
from edgedigits.ink.slender import LONG, is_line
from edgedigits.pictures import as_bytes
from edgedigits.quantiles import quantile

Grey = npt.NDArray[np.uint8]

REMAINS: Final = 1.2
"""Stroke widths: how broad the remains of rules are at most where no others cross them."""
DARKEST_RULE: Final = 0.95
"""Share of the rules' ink that is paler than what counts as their darkest: where they cross or are wet."""
OWN: Final = 1.1
PEN: Final = 1.2
WRITTEN: Final = 0.2
"""The pen is darker than rules if this share of what is left of the ink is so many times their darkest: by
the first its strokes stay, by the second what is pale may go, too. A third of a digit's ink is its soft edge,
and what is left of the rules is there as well."""


def by_darkness(ink: Grey, kept: Grey, rules: Grey, stroke: float, way: int) -> Grey:
    """What is `kept` with strokes along `rules`, without their remains, where the pen is darker than they.

    A rule that bends, or of which the light leaves pieces alone, is not found everywhere. Where rules go
    one `way` only, 1 for level and -1 for upright, their remains are narrow and lie along them: what is
    broader is writing, however pale, what stands across, and what is near to it and not to a rule. The
    remains of squared paper (0) have corners.
    """
    darkest = quantile(ink[rules > 0], DARKEST_RULE)
    strokes = above(ink, OWN * darkest)
    if not _is_pen(strokes, kept):
        return kept
    # The bar of a 4, the foot of a 2.
    kept = kept | (strokes & rules)
    if not _is_pen(above(ink, PEN * darkest), kept):
        return kept
    dark = above(ink, darkest) & kept
    # The edge of a sheet would fall into pieces that look like 1s; whole, it is too large for a digit.
    contours = cv2.findContours(kept, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    whole = [contour for contour in contours if is_line(contour, kept.shape, stroke)]
    if way:
        whole += [
            contour
            for contour in contours
            if _is_broad(contour, kept.shape, stroke) or _is_across(contour, way, stroke)
        ]
    cv2.drawContours(dark, whole, -1, 255, cv2.FILLED)
    if way:
        square = np.ones((2 * round(REMAINS * stroke) + 1,) * 2, np.uint8)
        writing, ruled = as_bytes(cv2.dilate(dark, square)), as_bytes(cv2.dilate(rules, square))
        beside = [contour for contour in contours if _meets(contour, writing) and not _meets(contour, ruled)]
        cv2.drawContours(dark, beside, -1, 255, cv2.FILLED)
    # The pen's own soft edge lies around its ink.
    return as_bytes(cv2.dilate(dark, np.ones((3, 3), np.uint8))) & kept


def _is_pen(dark: Grey, kept: Grey) -> bool:
    """Whether so much of what is kept is dark that it is the pen that is darker than the rules."""
    return cv2.countNonZero(dark & kept) >= WRITTEN * cv2.countNonZero(kept)


def _is_broad(contour: Any, shape: tuple[int, ...], stroke: float) -> bool:
    """Whether what a contour surrounds is shorter than a rule, and broader than one's remains."""
    _, sides, _ = cv2.minAreaRect(contour)
    return max(sides) < LONG * max(shape) and min(sides) > REMAINS * stroke


def _is_across(contour: Any, way: int, stroke: float) -> bool:
    """Whether what a contour surrounds stands across rules that go one way, as a 1 does on level ones."""
    _, _, width, height = cv2.boundingRect(contour)
    across, along = (height, width) if way > 0 else (width, height)
    return across > max(REMAINS * stroke, along)


def _meets(contour: Any, mask: Grey) -> bool:
    """Whether a corner of a contour lies in a mask."""
    return bool(mask[contour[:, 0, 1], contour[:, 0, 0]].any())
