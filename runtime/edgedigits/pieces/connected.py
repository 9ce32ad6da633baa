"""The connected components of a page's ink ("pieces"), and which of them may be digits or parts of digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import (
    EDGE,
    LEAST_HEIGHT,
    Blob,
    above,
    at_corner,
    at_rim,
    is_edge,
    outlined,
    own_area,
    surrounded,
)
from edgedigits.ink.contours import fill
from edgedigits.ink.pattern import without_pattern
from edgedigits.ink.rules import without_rules
from edgedigits.ink.slender import ACROSS, LONG, SLENDER
from edgedigits.pictures import as_bytes
from edgedigits.pieces.borders import within_borders
from edgedigits.pieces.heights import COMPANY, SPECK, typical_height, voters
from edgedigits.pieces.open_frames import without_open_frames
from edgedigits.pieces.sizes import MOST
from edgedigits.results import Box

Grey = npt.NDArray[np.uint8]

SMALL: Final = 0.35
LARGE: Final = 3.0
"""Heights of digits, as shares of the page's typical height: from a hasty 5 to a 9 with a long tail."""
HEADLINE: Final = 6.0
"""Greatest height of a headline's digits: two or more, side by side and about equally high."""
NARROW: Final = 0.25
"""Least width of a piece at the rim of the picture that may be a digit rather than a part of the rim, as a
share of the typical height; its least height is `SMALL`."""
FRAGMENT: Final = 0.12
"""Least longer side of a piece that may be part of a digit, as a share of the typical height."""
WIDE: Final = 1.2
TALL: Final = 1.7
"""A blob wider than this times its height, or higher than this times the typical height, may be several."""
FIRM: Final = 0.5
"""Least height of the highest firm part of a blob, as a share of the blob's height; if all are lower, they
are scraps of one pale digit."""
RIM: Final = 3
"""Distance in pixels within which a piece near the edge of a sheet may be that edge."""
STRIP: Final = 0.4
"""Least share of its bounding box that a strip along the rim fills; writing on a rule fills less."""
CROWDED: Final = 40
"""A page with more pieces than four lines of ten digits have may be covered by a pattern."""


class Written(NamedTuple):
    """What is written on a page."""

    pieces: list[Blob]
    """Connected components of the ink, at least 8 pixels wide or high."""
    ink: Grey
    """uint8 [H, W], without rules."""


def written_on(ink: Grey, threshold: int, stroke: float) -> Written:
    """Remove rules and patterns from a page's ink, uint8 [H, W], and find its connected components.

    `stroke` is the typical stroke width in pixels; 0 leaves rules in."""
    binary = above(ink, threshold)
    long, least = LONG * max(binary.shape), SPECK * stroke
    blobs, frames = within_borders(binary, long, least)
    ruled = stroke > 0 and _has_long(blobs, long, binary.shape)
    if ruled or (stroke > 0 and len(blobs) > CROWDED):
        plain = without_pattern(ink, threshold)
        if plain is not None:
            binary = above(plain, threshold)
            ink, (blobs, frames) = plain, within_borders(binary, long, least)
            ruled = _has_long(blobs, long, binary.shape)
    cleared = None
    if ruled:
        if frames:
            ink = _unframed(ink, blobs, frames)
            binary = above(ink, threshold)
        cleared = without_rules(ink, threshold, stroke)
        if cleared is not None:
            ink = _wiped(ink, binary & ~cleared, cleared)
            blobs, closed = within_borders(cleared, long, least)
            blobs = without_open_frames(blobs, [cv2.boundingRect(frame)[3] for frame in [*frames, *closed]])
            blobs = [blob for blob in blobs if not _is_cut_off(blob, ink.shape)]
    if not blobs:
        return Written([], ink)
    if not ruled and _are_alike(blobs):
        return Written(blobs, ink)
    tallest = TALL * typical_height(blobs, stroke)
    if ruled:
        # What is left of a grid may be of any size, so the height of digits comes from the darker ink alone.
        darker = outlined(_firm_ink(ink, binary if cleared is None else cleared))
        firm = [blob for blob in darker if blob.box[3] >= SPECK * stroke]
        if len(firm) >= COMPANY:
            tallest = min(tallest, TALL * typical_height(firm, stroke))
    fit = [blob.box[2] <= WIDE * blob.box[3] and blob.box[3] <= tallest for blob in blobs]
    if all(fit):
        return Written(blobs, ink)
    boxes = np.array([blob.box for blob in blobs])
    parts = []
    for blob, fits in zip(blobs, fit, strict=True):
        if fits:
            parts.append(blob)
        else:
            inner = [blobs[index] for index in surrounded(boxes, blob.box).nonzero()[0]]
            parts += _firm(ink, threshold, blob, tallest, inner)
    return Written(parts, ink)


def _unframed(ink: Grey, blobs: Sequence[Blob], frames: Sequence[Any]) -> Grey:
    """Return the ink without boxes and rings around writing: the sides of a row of boxes look like rules.

    What surrounds a box is no writing in it.
    """
    mask = np.zeros_like(ink)
    fill(mask, frames, 255)
    boxes = np.array([cv2.boundingRect(frame) for frame in frames])
    for blob in blobs:
        if not surrounded(boxes, blob.box).any():
            fill(mask, blob.contours, 0)
    return as_bytes(cv2.bitwise_and(ink, cv2.bitwise_not(mask)))


def _is_cut_off(blob: Blob, shape: tuple[int, ...]) -> bool:
    """Return whether a piece runs across a corner of the picture: what is left of a slanting rule there."""
    if not at_corner(blob.box, shape):
        return False
    thin, long = sorted(cv2.minAreaRect(np.concatenate(blob.contours))[1])
    return bool(long > EDGE * thin)


def _wiped(ink: Grey, rules: Grey, kept: Grey) -> Grey:
    """Return the ink without rules and their soft edges: within the outline of a 0 they would be a bar."""
    around = cv2.dilate(rules, np.ones((3, 3), np.uint8))
    return as_bytes(cv2.bitwise_and(ink, ink, mask=cv2.bitwise_or(cv2.bitwise_not(around), kept)))


def _are_alike(blobs: Sequence[Blob]) -> bool:
    """Return whether no piece is too wide or too high for a digit, whichever height is the typical one."""
    heights = [blob.box[3] for blob in blobs]
    return max(heights) <= TALL * min(heights) and all(blob.box[2] <= WIDE * blob.box[3] for blob in blobs)


def _has_long(blobs: Sequence[Blob], long: float, shape: tuple[int, ...]) -> bool:
    """Return whether any piece is as long as a rule in width or height, and not a strip along the rim."""
    for blob in blobs:
        x, y, width, height = blob.box
        if width >= long or height >= long:
            start, end, side = (y, y + height, shape[0]) if width > height else (x, x + width, shape[1])
            if min(width, height) >= min(long, ACROSS * min(shape)) or (start > 1 and end < side - 1):
                return True
            if sum(map(cv2.contourArea, blob.contours)) < STRIP * width * height:
                return True
    return False


def _firm(ink: Grey, threshold: int, blob: Blob, tallest: float, inner: Sequence[Blob]) -> list[Blob]:
    """Split a blob that only faint ink holds together: the edge of a shadow, a pale rule, a blur.

    Returns the connected components of its firm ink if that falls apart, else the blob, which is too wide or
    higher than `tallest`. The `inner` blobs within it are no part of it.
    """
    x, y, width, height = blob.box
    mask = own_area(blob)
    for other in inner:
        fill(mask, other.contours, 0, (x, y))
    own = ink[y : y + height, x : x + width]
    mask = as_bytes(cv2.bitwise_and(mask, above(own, threshold)))
    parts = outlined(_firm_ink(own, mask), (x, y))
    highest = max([part.box[3] for part in parts], default=0)
    # These are scraps of a digit, unless the blob fills the picture from its rim.
    if height <= tallest and highest < FIRM * height and not is_edge(blob.box, ink.shape):
        return [blob]
    if any(part.box[2] >= 0.8 * width and part.box[3] >= 0.8 * height for part in parts):
        return [blob]
    # Faint ink still surrounds them, so the ink in their boxes is not theirs alone.
    return [part._replace(alone=False) for part in parts]


def _firm_ink(ink: Grey, mask: Grey) -> Grey:
    """Return the darker ink within a mask as 0 and 255; Otsu's threshold separates it from the faint."""
    own = as_bytes(cv2.bitwise_and(ink, mask))
    level = cv2.threshold(own[own > 0], 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    return above(own, level)


def inner_of(
    blobs: Sequence[Blob], shape: tuple[int, ...], stroke: float, own: Grey | None = None
) -> tuple[list[Blob], float]:
    """Return the pieces that may be parts of digits, in a picture of `shape`, and their typical height.

    `stroke` is the typical stroke width in pixels; `own` is 255 on the sheets and 0 elsewhere. Left out are
    parts of the rim of the picture or of a sheet, specks, and pieces much larger than the rest or as slender
    as a rule.
    """
    inside = [blob for blob in blobs if not is_edge(blob.box, shape)]
    if not inside:
        return [], 0.0
    typical = typical_height(voters(inside, shape, stroke), stroke)
    least = max(LEAST_HEIGHT, FRAGMENT * typical)
    high = [blob.box for blob in inside if LARGE / 2 * typical < blob.box[3] <= HEADLINE * typical]
    most = (HEADLINE if _are_a_line(high, LARGE * typical) else LARGE) * typical
    inner = []
    for blob in inside:
        _, _, width, height = blob.box
        longer = max(width, height)
        if height > most or longer < least or longer > SLENDER * min(width, height):
            continue
        odd = min(width / NARROW, height / SMALL) < typical or height > TALL * typical
        if odd and (at_rim(blob.box, shape) or (own is not None and _at_edge(blob.box, own))):
            continue
        inner.append(blob)
    return inner, typical


def _are_a_line(boxes: Sequence[Box], large: float) -> bool:
    """Return whether two boxes stand side by side and share most of their height, unlike smears and edges.

    One of them must be higher than `large`.
    """
    one = [box for box in boxes if box[3] > large]
    if not one or len(boxes) > MOST:
        return False
    x, y, width, height = np.array(one).T[:, :, None]
    left, top, across, down = np.array(boxes).T[:, None, :]
    beside = (x + width <= left) | (left + across <= x)
    shared = np.minimum(y + height, top + down) - np.maximum(y, top)
    return bool((beside & (2 * shared > np.maximum(height, down))).any())


def _at_edge(box: Box, own: Grey) -> bool:
    """Return whether a box reaches the edge of a sheet."""
    x, y, width, height = box
    around = own[max(0, y - RIM) : y + height + RIM, max(0, x - RIM) : x + width + RIM]
    return cv2.countNonZero(around) < around.size


def is_whole(blob: Blob, typical: float) -> bool:
    """Return whether a piece is high enough to be a digit by itself (a "whole" piece)."""
    return blob.box[3] >= max(LEAST_HEIGHT, SMALL * typical)
