"""From a picture to candidates for digits: pure functions on arrays, which need no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.canonical import canonicals
from edgedigits.ink.background import ground_of
from edgedigits.ink.blob import LEAST_HEIGHT, Blob, above, is_edge, own_area, specks, union
from edgedigits.ink.cut import Cut, cut_out
from edgedigits.ink.page import WORKING_SIDE, Page, page_at, page_from
from edgedigits.ink.strokes import Shades, reduced, strengthen
from edgedigits.pictures import to_grey
from edgedigits.pieces.bindings import without_bindings
from edgedigits.pieces.blanks import without_blanks
from edgedigits.pieces.connected import inner_of, is_whole, written_on
from edgedigits.pieces.heights import typical_height
from edgedigits.pieces.percents import without_percents
from edgedigits.pieces.sizes import SMALLER, in_rows, small_writing
from edgedigits.results import Box

Grey = npt.NDArray[np.uint8]
Frames = npt.NDArray[np.uint8]

SMALL: Final = 18
GOOD_HEIGHT: Final = 40
"""Digits less than 18 pixels high lose detail in a frame of 20; they are read again at a height of 40."""
TOGETHER: Final = 16
"""How many pieces are strengthened at a time: more save no time, and trial cuts make hundreds of pieces."""


def blobs_of(page: Page) -> tuple[Page, list[Blob], float]:
    """Return the page without rules, pieces that may be digits or parts of one, and their typical height."""
    pieces, ink = written_on(page.ink, page.threshold, page.stroke)
    pieces = without_bindings(pieces, ink.shape)
    inner, typical = inner_of(pieces, page.ink.shape, page.stroke, page.own)
    page = page._replace(ink=ink)
    return page, without_percents(without_blanks(inner, typical, page), typical, page), typical


def look(cut: Cut) -> tuple[Page, list[Blob], float]:
    """Return the page of a cut, its pieces that may be digits or parts of one, and their typical height.

    If the digits turn out small although the picture has more pixels, a larger scale is taken: in tiny
    writing whole digits are as wide as strokes in other writing, and the rows below a headline are as small,
    or too small to be pieces.
    """
    page, blobs, typical = blobs_of(page_from(cut))
    finest = max(1, -(-max(cut.grey.shape) // WORKING_SIDE))
    factor = round(page.scale[0])
    if factor > 1:
        small = [blobs[index] for index in small_writing(blobs, typical)]
        least = typical_height(small, page.stroke) if small else typical
        # At half the scale such rows would be too low to be read from near as well.
        if factor > 2 and least >= SMALL and not small and _has_points_in_rows(page, blobs, typical):
            least = LEAST_HEIGHT
        nearer = max(1, min(finest, factor // 2), int(factor * least / GOOD_HEIGHT))
        if 0 < least < SMALL and nearer < factor:
            page = page_at(nearer, ground_of(cut.coarse, cut.bright, page.reach), cut, page.shade)
            page, blobs, typical = blobs_of(page)
    return page, blobs, typical


def _has_points_in_rows(page: Page, blobs: Sequence[Blob], typical: float) -> bool:
    """Return whether what is low in a page's ink, or too low for a piece, stands in rows."""
    low = [blob for blob in blobs if blob.box[3] < SMALLER * typical]
    lower = specks(above(page.ink, page.threshold))
    return in_rows(low + [speck for speck in lower if speck.box[3] >= LEAST_HEIGHT / 2])


def whole_of(page: Page) -> Blob | None:
    """Return all ink of a picture of one digit: the largest piece and those near it; None without any.

    A piece belongs to it if its width and height add up to at least a fifth of the largest piece's height,
    and its centre is less than a third of that height away from that piece's box.
    """
    pieces = written_on(page.ink, page.threshold, 0).pieces
    if not pieces:
        return None
    main = max(
        pieces, key=lambda blob: blob.box[2] * blob.box[3] * (1 - 0.9 * is_edge(blob.box, page.ink.shape))
    )
    x, y, width, height = main.box
    reach = height // 3
    near = [
        blob
        for blob in pieces
        if blob.box[3] + blob.box[2] >= height / 5
        and x - reach < blob.box[0] + blob.box[2] / 2 < x + width + reach
        and y - reach < blob.box[1] + blob.box[3] / 2 < y + height + reach
        and not (is_edge(blob.box, page.ink.shape) and blob is not main)
    ]
    return union(near)


def crops_of(page: Page, blobs: Sequence[Blob]) -> tuple[list[Grey], list[Shades]]:
    """Return the blobs' own ink, strengthened, as uint8 [h, w] each, and the shades of each.

    What neighbours have in a blob's box is left black; very large blobs are reduced.
    """
    crops, strong, dark = list[Any](), list[Grey](), list[Shades]()
    for blob in blobs:
        x, y, width, height = blob.box
        crop: Any = page.ink[y : y + height, x : x + width]
        if not blob.alone:
            crop = cv2.bitwise_and(crop, own_area(blob))
        crops.append(reduced(crop))
    for start in range(0, len(crops), TOGETHER):
        some, darkness = strengthen(crops[start : start + TOGETHER], page.threshold)
        strong += some
        dark += darkness
    return strong, dark


def frame_blobs(page: Page, blobs: Sequence[Blob]) -> tuple[Frames, list[Shades]]:
    """Return the blobs as frames for the classifier, uint8 [n, 28, 28], and the shades of each."""
    crops, dark = crops_of(page, blobs)
    return canonicals(crops), dark


def box_in_picture(page: Page, box: Box) -> Box:
    """Convert a box of the working picture to pixels of the picture itself."""
    (across, down), (left, top) = page.scale, page.origin
    x, y, width, height = box
    size = round(width * across) or 1, round(height * down) or 1
    return left + round(x * across), top + round(y * down), *size


def frames_of(picture: Grey) -> tuple[Frames, tuple[Box, ...]]:
    """Return all candidates of a picture: frames, uint8 [n, 28, 28], and boxes x, y, w, h in its pixels.

    The picture is uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA. A frame may show no digit at all; that is
    for the classifier to say.
    """
    page, blobs, typical = look(cut_out(to_grey(picture)))
    blobs = [blob for blob in blobs if is_whole(blob, typical)]
    return frame_blobs(page, blobs)[0], tuple(box_in_picture(page, blob.box) for blob in blobs)
