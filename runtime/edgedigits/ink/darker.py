"""If the pen is darker than the rules, keep its strokes along them and remove what is left of the rules."""

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
"""Greatest width of what is left of rules where no others cross them, in stroke widths."""
DARKEST_RULE: Final = 0.95
"""Quantile of the rules' ink that counts as their darkest: above it they cross or are wet."""
OWN: Final = 1.1
PEN: Final = 1.2
WRITTEN: Final = 0.2
"""The pen is darker than the rules if at least this share of the remaining ink is this many times as dark as
their darkest. With the first factor its strokes along rules are kept; with the second, pale ink may be
removed, too. The share is low because a third of a digit's ink is its soft edge, and because the remaining
ink includes what is left of the rules."""


def by_darkness(ink: Grey, kept: Grey, rules: Grey, stroke: float, way: int) -> Grey:
    """Add strokes along `rules` to `kept`, and remove remains of rules, if the pen is darker than they are.

    `kept`, `rules` and the result are uint8 [H, W], 255 on 0. A rule that bends, or that uneven light leaves
    in pieces, is not found everywhere. `way` is 1 if all rules are level, -1 if all are upright, and 0 for
    squared paper. With rules in one direction, the remains are narrow and lie along them. What is broader is
    writing, however pale, and so is what stands across, and what is near writing but not near a rule. The
    remains of squared paper have corners, so this does not hold for them.
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
    # Dilated, for the soft edge around the pen's ink.
    return as_bytes(cv2.dilate(dark, np.ones((3, 3), np.uint8))) & kept


def _is_pen(dark: Grey, kept: Grey) -> bool:
    """Return whether so much of what is kept is dark that the pen must be darker than the rules."""
    return cv2.countNonZero(dark & kept) >= WRITTEN * cv2.countNonZero(kept)


def _is_broad(contour: Any, shape: tuple[int, ...], stroke: float) -> bool:
    """Return whether a contour encloses something shorter than a rule and broader than a rule's remains."""
    _, sides, _ = cv2.minAreaRect(contour)
    return max(sides) < LONG * max(shape) and min(sides) > REMAINS * stroke


def _is_across(contour: Any, way: int, stroke: float) -> bool:
    """Return whether a contour stands across rules of one direction, as a 1 does on level ones."""
    _, _, width, height = cv2.boundingRect(contour)
    across, along = (height, width) if way > 0 else (width, height)
    return across > max(REMAINS * stroke, along)


def _meets(contour: Any, mask: Grey) -> bool:
    """Return whether a vertex of a contour lies in a mask."""
    return bool(mask[contour[:, 0, 1], contour[:, 0, 0]].any())
