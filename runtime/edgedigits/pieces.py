"""The connected pieces of a page's ink: which may be digits, and which may belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes
from edgedigits.results import Box
from edgedigits.rules import LONG, without_rules

Grey = npt.NDArray[np.uint8]

LEAST_HEIGHT: Final = 8
"""Pixels; what is smaller cannot be read."""
SMALL: Final = 0.35
LARGE: Final = 3.0
"""Heights of digits, as shares of the page's typical one: a hasty 5 next to a 9 with a long tail."""
MOST_JOINS: Final = 24
"""How many joins are tried on a page; a page with more gaps is no page of digits."""


class Blob(NamedTuple):
    """One candidate: its box in pixels of the working picture, and its outer contours."""

    box: Box
    contours: tuple[npt.NDArray[np.int32], ...]


def pieces_of(ink: Grey, threshold: int, stroke: float) -> list[Blob]:
    """The connected pieces of ink, rules removed, of at least the least height in one direction."""
    binary = as_bytes(cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)[1])
    blobs = _contours(binary)
    long = LONG * max(binary.shape)
    if any(max(blob.box[2:]) >= long for blob in blobs):
        cleared = without_rules(ink, threshold, stroke)
        if cleared is not None:
            blobs = _contours(cleared)
    return blobs


def _contours(binary: Grey) -> list[Blob]:
    contours: Sequence[Any] = cv2.findContours(binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    boxes = [(contour, cv2.boundingRect(contour)) for contour in contours]
    return [
        Blob((box[0], box[1], box[2], box[3]), (contour,))
        for contour, box in boxes
        if box[3] >= LEAST_HEIGHT or box[2] >= LEAST_HEIGHT
    ]


def typical_height(blobs: Sequence[Blob]) -> float:
    """The height that stands for a page: the median, each piece weighted by its height squared.

    Without the weight a hundred specks would outvote ten digits.
    """
    heights = np.sort(np.array([blob.box[3] for blob in blobs], np.float64))
    weights = np.cumsum(heights**2)
    return float(heights[np.searchsorted(weights, weights[-1] / 2)])


def candidates_of(blobs: Sequence[Blob], shape: tuple[int, ...]) -> list[Blob]:
    """The pieces that may be digits by their size, shape and place in a picture of `shape`."""
    inside = [blob for blob in blobs if not _is_edge(blob.box, shape)]
    if not inside:
        return []
    typical = typical_height(inside)
    return [blob for blob in inside if max(LEAST_HEIGHT, SMALL * typical) <= blob.box[3] <= LARGE * typical]


def _is_edge(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a piece is the picture's own rim: the edge of the paper or table, a strip of shadow."""
    x, y, width, height = box
    touches = x <= 1 or y <= 1 or x + width >= shape[1] - 1 or y + height >= shape[0] - 1
    slender = max(width, height) > 6 * min(width, height)
    spans = width > 0.5 * shape[1] or height > 0.8 * shape[0]
    return touches and (slender or spans)
