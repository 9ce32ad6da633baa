"""Blobs: connected components of ink ("pieces"), or several taken as one, with their contours and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.contours import Outlines, enclosing, fill, nested, thickness
from edgedigits.ink.rings import held_by, hole_of_row, is_like, unlike_others
from edgedigits.ink.slender import LONG
from edgedigits.pictures import as_bytes
from edgedigits.results import Box

Grey = npt.NDArray[np.uint8]

LEAST_HEIGHT: Final = 8
"""Height in pixels below which nothing can be read."""
FRAMED: Final = 0.35
"""A piece is a frame if something in one of its holes is at least this share of the hole's height: no digit
has a hole with so much in it, and the bar of a theta is lower."""
WRITTEN: Final = 4.0
"""The same in thicknesses of the piece's own line, whichever is less: hearts and stars drawn around a number
leave much room, and digits are five and more strokes high, the bar of a theta only one."""
FILLED: Final = 0.7
"""Share of its holes that must hold something for a large piece to be a frame: a form's row of cells."""
EDGE: Final = 6
"""Least length of a piece of the picture's rim, as a multiple of its thickness."""
HOLLOW: Final = 0.65
"""Share of a piece's area that a hole must exceed to make it an empty frame: most 0s have less."""
ALIKE: Final = 0.2
"""How far an empty frame's width and height may be from those of a known frame, as a share of these."""
MOST_COMPARED: Final = 100
"""With more pieces than this, finding out which boxes overlap takes longer than masking each piece."""

PIXEL_COUNTS: Final = 100
"""Shorter side, in pixels, from which a gap of one pixel to the border is no margin; in MNIST's pictures, of
28 pixels, it is one."""


class Blob(NamedTuple):
    """A piece of ink, or several: the box, in pixels of the working picture, and the outer contours."""

    box: Box
    contours: tuple[npt.NDArray[np.int32], ...]
    alone: bool = False
    """True if all ink in the box is known to be the blob's own."""
    own: Grey | None = None
    """Mask of the blob's own area in its box, uint8 [h, w], 255 on 0, if it is known without the contours."""


def above(ink: Grey, level: float) -> Grey:
    """Binarize: return 255 where ink is darker than a level, 0 elsewhere."""
    return as_bytes(cv2.threshold(ink, level, 255, cv2.THRESH_BINARY)[1])


def outlined(binary: Grey, offset: tuple[int, int] = (0, 0)) -> list[Blob]:
    """Return the pieces of a binary picture, uint8 [H, W], 255 on 0, that are at least 8 pixels wide or high.

    A box or ring around writing is left out, and what stands in it is a piece like any other. In a large
    picture full of noise only the outermost contours are looked at.
    """
    return parted(binary, offset)[0]


def parted(binary: Grey, offset: tuple[int, int] = (0, 0)) -> tuple[list[Blob], list[Any]]:
    """Return the same pieces as `outlined`, and the contours of the boxes and rings."""
    contours, parents = nested(binary, offset)
    pieces = [index for index, parent in enumerate(parents) if parent < 0]
    drawn = Outlines(binary, contours, parents, offset)
    frames, standing, rings = set[int](), list[int](), dict[int, list[Any]]()
    if len(pieces) < len(parents) and any(parents[parent] >= 0 for parent in parents if parent >= 0):
        frames, framed, standing = _framed(contours, parents, LONG * max(binary.shape))
        pieces += framed
        if frames:
            rings = held_by(drawn, frames)
            frames |= set(rings)
    # Only boxes at first, in one comprehension: a page in bad light has thousands of specks.
    boxes: list[Box] = [cv2.boundingRect(contours[index]) for index in pieces]  # type: ignore[misc]
    met = _met(boxes) if len(boxes) <= MOST_COMPARED else None
    if met is not None:
        likely = {
            index: box
            for index, box in zip(pieces, boxes, strict=True)
            if box[3] >= LEAST_HEIGHT and index not in frames
        }
        others = unlike_others(drawn, likely, {pieces[place] for place in met} & set(likely), standing)
        rings |= others
        frames |= set(others)
    blobs = [
        Blob(box, (contours[pieces[place]],), met is not None and place not in met)
        for place, box in enumerate(boxes)
        if (box[3] >= LEAST_HEIGHT or box[2] >= LEAST_HEIGHT) and pieces[place] not in frames
    ]
    held = [blob_of(part) for parts in rings.values() for part in parts]
    return blobs + held, [contours[frame] for frame in frames]


def specks(binary: Grey) -> list[Blob]:
    """Return what `outlined` leaves out as too small: points, and writing less than 8 pixels high."""
    contours: Sequence[Any] = cv2.findContours(binary, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
    return [blob for blob in map(blob_of, contours) if max(blob.box[2:]) < LEAST_HEIGHT]


def blob_of(contour: Any) -> Blob:
    """Return what a contour encloses as a blob."""
    x, y, width, height = cv2.boundingRect(contour)
    return Blob((x, y, width, height), (contour,))


def _framed(
    contours: Sequence[Any], parents: Sequence[int], long: float
) -> tuple[set[int], list[int], list[int]]:
    """Return which contours are frames, which are contents of one, and the heights of all writing in holes.

    A piece that is `long` pixels wide or high may be squared paper with writing across its lines, unless
    something stands in most of its holes, as in a form's row of cells.
    """
    inside: dict[int, list[int]] = {}
    filled: dict[int, set[int]] = {}
    least: dict[int, float] = {}  # a page within a border is one hole around thousands of letters
    heights = list[int]()
    nearest = set[int]()  # a box inside a larger ring is a frame too, not writing
    for index, hole in enumerate(parents):
        frame = enclosing(parents, index)
        if frame < 0:
            continue
        inside.setdefault(frame, []).append(index)
        height = cv2.boundingRect(contours[index])[3]
        if hole not in least:
            least[hole] = _least_framed(contours[parents[hole]], contours[hole])
        if height >= least[hole]:
            heights.append(height)
            filled.setdefault(frame, set()).add(hole)
            nearest.add(parents[hole])
    frames = {
        frame
        for frame, holes in filled.items()
        if max(cv2.boundingRect(contours[frame])[2:]) < long
        or len(holes) >= FILLED * parents.count(frame)
        or hole_of_row(contours, parents, frame) in holes
    }
    if not frames:
        return frames, [], heights
    frames |= _alike(contours, parents, [cv2.boundingRect(contours[frame]) for frame in frames])
    # What stands in a frame like the others is writing, however small; most of these frames are empty.
    framed = [index for frame in sorted(frames) for index in inside.get(frame, ()) if index not in nearest]
    return frames, framed, heights


def _least_framed(piece: Any, hole: Any) -> float:
    """Return the height from which what stands in a hole makes the piece around it a frame."""
    return max(LEAST_HEIGHT, min(FRAMED * cv2.boundingRect(hole)[3], WRITTEN * thickness(piece, [hole])))


def _alike(contours: Sequence[Any], parents: Sequence[int], frames: Sequence[Any]) -> set[int]:
    """Return which contours are frames by being like known ones (`frames`, boxes), whatever they hold."""
    found = set[int]()
    areas = dict[int, float]()  # an outline around thousands of holes is measured once
    for hole, piece in enumerate(parents):
        if piece < 0:
            continue
        if piece not in areas:
            areas[piece] = cv2.contourArea(contours[piece])
        hollow = cv2.contourArea(contours[hole]) > HOLLOW * areas[piece]
        if hollow and is_like(cv2.boundingRect(contours[piece]), frames, ALIKE):
            found.add(piece)
    return found


def _met(boxes: Sequence[Box]) -> set[int]:
    """Return the indices of the boxes that share a pixel with another one."""
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


def own_area(blob: Blob) -> Grey:
    """Return a blob's mask in its box, uint8 [h, w], 255 on 0: `own`, or else what its contours enclose."""
    if blob.own is not None:
        return blob.own
    x, y, width, height = blob.box
    mask = np.zeros((height, width), np.uint8)
    fill(mask, blob.contours, 255, (x, y))
    return mask


def own_ink(ink: Grey, blob: Blob) -> Grey:
    """Return a page's ink, uint8 [H, W], in a blob's box, uint8 [h, w], without that of its neighbours."""
    x, y, width, height = blob.box
    return as_bytes(cv2.bitwise_and(ink[y : y + height, x : x + width], own_area(blob)))


def union(blobs: Sequence[Blob]) -> Blob:
    """Return several blobs as one."""
    left, top = min(blob.box[0] for blob in blobs), min(blob.box[1] for blob in blobs)
    right = max(blob.box[0] + blob.box[2] for blob in blobs)
    bottom = max(blob.box[1] + blob.box[3] for blob in blobs)
    contours = tuple(contour for blob in blobs for contour in blob.contours)
    return Blob((left, top, right - left, bottom - top), contours)


def is_edge(box: Box, shape: tuple[int, ...]) -> bool:
    """Return whether a piece is the picture's rim: an edge of the paper or table, or a strip of shadow."""
    if not at_rim(box, shape):
        return False
    _, _, width, height = box
    slender = max(width, height) > EDGE * min(width, height)
    return slender or width > 0.5 * shape[1] or height > 0.8 * shape[0]


def shared_width(one: Box, other: Box) -> int:
    """Return how many columns two boxes share; if negative, how many lie between them."""
    return min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])


def surrounded(boxes: npt.NDArray[np.int64], one: Box) -> npt.NDArray[np.bool_]:
    """Return which of the boxes, int [n, 4], lie inside another one, `one`: bool [n]."""
    x, y, width, height = one
    left, top, across, down = boxes.T
    within = (left > x) & (top > y) & (left + across < x + width) & (top + down < y + height)
    return np.asarray(within, np.bool_)


def at_rim(box: Box, shape: tuple[int, ...]) -> bool:
    """Return whether a box touches the border of a picture of `shape`."""
    x, y, width, height = box
    rim = min(shape) >= PIXEL_COUNTS
    return x <= rim or y <= rim or x + width >= shape[1] - rim or y + height >= shape[0] - rim


def at_corner(box: Box, shape: tuple[int, ...]) -> bool:
    """Return whether a box touches the border of a picture of `shape` on two sides that meet, and no more."""
    x, y, width, height = box
    rim = min(shape) >= PIXEL_COUNTS
    beside = (x <= rim) != (x + width >= shape[1] - rim)
    return beside and (y <= rim) != (y + height >= shape[0] - rim)
