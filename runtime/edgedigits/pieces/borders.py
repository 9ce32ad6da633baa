"""Borders: a line around a page, the edge of a sheet on a table, a grid.

To the contours of a picture, all within a border is one piece's contents. Boxes and rings around digits are
recognized beside each other (`ink.blob`, `ink.rings`), so they are looked for without the border.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import LEAST_HEIGHT, Blob, blob_of, parted
from edgedigits.ink.contours import Outlines, enclosing, nested, within_each
from edgedigits.ink.ring_lines import HOLLOW
from edgedigits.ink.rings import in_joined

Grey = npt.NDArray[np.uint8]


def within_borders(binary: Grey, long: float, least: float) -> tuple[list[Blob], list[Any]]:
    """Return the pieces and the contours of boxes and rings, also those within borders.

    A border is a piece at least `long` pixels wide and high. Pieces within it less than `least` pixels high
    are left out.
    """
    blobs, frames = parted(binary)
    large = any(blob.box[2] >= long and blob.box[3] >= long for blob in blobs)
    if not large and all(min(cv2.boundingRect(frame)[2:]) < long for frame in frames):
        return blobs, frames
    contours, parents = nested(binary)
    hollow = [index for index in set(parents) if index >= 0]
    borders = [index for index in hollow if min(cv2.boundingRect(contours[index])[2:]) >= long]
    # The contents of a form's cells are known, unless one line surrounds them all.
    if not any(large or _is_one_line(contours, parents, index) for index in borders):
        return blobs, frames
    holes = within_each(parents)
    drawn = Outlines(binary, contours, parents, (0, 0))
    hung = list[Blob]()
    for line in borders:
        if parents[line] < 0 or enclosing(parents, line) >= 0:
            cells = [
                hole for hole in holes[line] if least <= min(cv2.boundingRect(contours[hole])[2:]) < long
            ]
            hung += map(blob_of, in_joined(drawn, line, cells, holes))
    rest = binary.copy()
    for index in borders:
        cv2.floodFill(rest, None, contours[index][0, 0].tolist(), 0, flags=8)
    around = [blob_of(contours[index]) for index in borders if parents[index] < 0]
    blobs, frames = parted(rest)
    least = max(LEAST_HEIGHT, least)
    return around + hung + [
        blob
        for blob in blobs
        if blob.box[3] >= least or not any(_encloses(border, blob) for border in around)
    ], frames


def _encloses(border: Blob, blob: Blob) -> bool:
    """Return whether a border's outline surrounds a piece; that of shade on a creased page is not convex."""
    point = blob.contours[0][0, 0].tolist()
    return cv2.pointPolygonTest(border.contours[0], point, False) > 0


def _is_one_line(contours: Sequence[Any], parents: Sequence[int], index: int) -> bool:
    """Return whether what lies directly within a contour is about as large: a line has one such hole."""
    _, _, width, height = cv2.boundingRect(contours[index])
    within = [cv2.boundingRect(contours[hole]) for hole, piece in enumerate(parents) if piece == index]
    return any(wide >= HOLLOW * width and high >= HOLLOW * height for _, _, wide, high in within)
