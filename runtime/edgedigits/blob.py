"""A connected piece of ink: its outline and its box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.results import Box

Grey = npt.NDArray[np.uint8]

LEAST_HEIGHT: Final = 8
"""Pixels; what is smaller cannot be read."""
MOST_COMPARED: Final = 100
"""Among more pieces than these, finding which boxes meet takes longer than masking each."""


class Blob(NamedTuple):
    """One candidate: its box in pixels of the working picture, and its outer contours."""

    box: Box
    contours: tuple[npt.NDArray[np.int32], ...]
    alone: bool = False
    """True where all ink in the box is known to be its own."""


def outlined(binary: Grey, offset: tuple[int, int] = (0, 0)) -> list[Blob]:
    """The connected pieces of a picture of 0 and 255, uint8 [H, W], from 8 pixels of width or height on."""
    contours: Sequence[Any] = cv2.findContours(
        binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=offset
    )[0]
    # A comprehension of boxes alone: a page in bad light has thousands of specks.
    boxes: list[Box] = [cv2.boundingRect(contour) for contour in contours]  # type: ignore[misc]
    met = _met(boxes) if len(boxes) <= MOST_COMPARED else None
    return [
        Blob(box, (contours[index],), met is not None and index not in met)
        for index, box in enumerate(boxes)
        if box[3] >= LEAST_HEIGHT or box[2] >= LEAST_HEIGHT
    ]


def _met(boxes: Sequence[Box]) -> set[int]:
    """Indices of the boxes that have a pixel in common with another one."""
    met: set[int] = set()
    ordered = sorted(zip(boxes, range(len(boxes)), strict=True))
    for place, ((x, y, width, height), index) in enumerate(ordered, 1):
        right, bottom = x + width, y + height
        for (left, top, _, down), other in ordered[place:]:
            if left >= right:
                break
            if top < bottom and y < top + down:
                met.update((index, other))
    return met


def union(blobs: Sequence[Blob]) -> Blob:
    """Several pieces as one blob."""
    left, top = min(blob.box[0] for blob in blobs), min(blob.box[1] for blob in blobs)
    right = max(blob.box[0] + blob.box[2] for blob in blobs)
    bottom = max(blob.box[1] + blob.box[3] for blob in blobs)
    contours = tuple(contour for blob in blobs for contour in blob.contours)
    return Blob((left, top, right - left, bottom - top), contours)


def is_edge(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a piece is the picture's own rim: the edge of the paper or table, a strip of shadow."""
    if not at_rim(box, shape):
        return False
    _, _, width, height = box
    slender = max(width, height) > 6 * min(width, height)
    return slender or width > 0.5 * shape[1] or height > 0.8 * shape[0]


def at_rim(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a box touches the border of a picture of `shape`."""
    x, y, width, height = box
    return x <= 1 or y <= 1 or x + width >= shape[1] - 1 or y + height >= shape[0] - 1
