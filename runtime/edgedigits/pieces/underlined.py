"""Separate digits from a line that they touch: a number and the line below it are one piece, and no digit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob, above, blob_of, own_area
from edgedigits.ink.page import Page
from edgedigits.pictures import as_bytes
from edgedigits.pieces.blanks import FEWEST
from edgedigits.pieces.candidates import STROKE, SURE, Candidate, Predictor, judge, mostly_digits
from edgedigits.results import NOT_A_DIGIT

Grey = npt.NDArray[np.uint8]

LEVEL: Final = 0.25
"""Least length of a line's horizontal runs, as a share of the piece's width: hands draw lines a little
aslant."""
ACROSS: Final = 0.9
"""Least length of the whole line, as a share of the piece's width."""
LOWER: Final = 0.6
"""Least distance of the line from the piece's top, as a share of its height: higher up it may be the bar of
a 4."""
HIGH: Final = 0.45
"""Least height of what stands on the line, as a share of the piece's height."""
MOST: Final = 24
"""Greatest number of pieces per page that are examined."""


def without_lines(page: Page, candidates: list[Candidate], classifier: Predictor) -> list[Candidate]:
    """Return a page's candidates, with digits on a line in place of the piece, if it is a page of digits.

    1s alone do not count: any L or E has a stroke. Three or more pieces on lines are a form, which `blanks`
    and the darker ink handle better.
    """
    refused = [index for index, one in enumerate(candidates) if one.label == NOT_A_DIGIT][:MOST]
    if not refused or not mostly_digits(candidates):
        return candidates
    parts = {index: found for index in refused if (found := _above_line(page, candidates[index].blob))}
    if not parts:
        return candidates
    judged = iter(judge(page, [part for found in parts.values() for part in found], classifier))
    replaced = dict[int, Sequence[Candidate]]()
    for index, found in parts.items():
        these = [next(judged) for _ in found]
        digits = min([one.quality for one in these]) > SURE
        if digits and any(one.label != STROKE for one in these):
            replaced[index] = these
    if len(replaced) >= FEWEST:
        return candidates
    return [part for index, one in enumerate(candidates) for part in replaced.get(index, [one])]


def _above_line(page: Page, blob: Blob) -> list[Blob]:
    """Return what stands on a level line at the foot of a piece; [] if there is no such line."""
    x, y, width, height = blob.box
    crop = as_bytes(cv2.bitwise_and(page.ink[y : y + height, x : x + width], own_area(blob)))
    binary = above(crop, page.threshold)
    run = np.ones((1, max(3, round(LEVEL * width))), np.uint8)
    level: Any = cv2.morphologyEx(binary, cv2.MORPH_OPEN, run)
    count, marked, stats, _ = cv2.connectedComponentsWithStats(level)
    line = np.zeros_like(binary)
    for one in range(1, count):
        if stats[one, cv2.CC_STAT_WIDTH] >= ACROSS * width and stats[one, cv2.CC_STAT_TOP] >= LOWER * height:
            line[marked == one] = 255
    if not line.any():
        return []
    rest = cv2.subtract(binary, cv2.dilate(line, np.ones((3, 1), np.uint8)))
    rest[int(np.flatnonzero(line.any(1))[0]) + round(page.stroke) :] = 0  # a second line, or feet
    found, _ = cv2.findContours(rest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(x, y))
    return [part for contour in found if (part := blob_of(contour)).box[3] >= HIGH * height]
