"""The connected pieces of a page's ink: which may be digits, and which may belong together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import (
    FRAMED,
    LEAST_HEIGHT,
    Blob,
    above,
    at_rim,
    is_edge,
    outlined,
    own_area,
    parted,
)
from edgedigits.ink.contours import enclosing, nested
from edgedigits.ink.pattern import without_pattern
from edgedigits.ink.rules import without_rules
from edgedigits.ink.slender import ACROSS, LONG, SLENDER
from edgedigits.pictures import as_bytes
from edgedigits.pieces.heights import COMPANY, SPECK, typical_height, voters
from edgedigits.pieces.open_frames import without_open_frames
from edgedigits.results import Box

Grey = npt.NDArray[np.uint8]

SMALL: Final = 0.35
LARGE: Final = 3.0
"""Heights of digits, as shares of the page's typical one: a hasty 5 next to a 9 with a long tail."""
HEADLINE: Final = 6.0
"""The same of a headline's digits: two or more, side by side and about as high as each other."""
NARROW: Final = 0.25
"""Width of the narrowest piece at the picture's rim that is taken for a digit and not for the rim's,
as a share of the typical height; its height is that of any digit."""
FRAGMENT: Final = 0.12
"""The longer side of a piece that may be part of a digit, as a share of the typical height."""
WIDE: Final = 1.2
TALL: Final = 1.7
"""A blob wider than this times its height, or taller than this times the typical, may be several."""
FIRM: Final = 0.5
"""Share of a blob's height that the highest of its firm parts has, or they are scraps of one pale digit."""
RIM: Final = 3
"""Pixels from a sheet's edge within which something may be that edge."""
STRIP: Final = 0.4
"""Share of its box that a strip along the rim fills: writing there, and the rule it stands on, fill less."""
CROWDED: Final = 40
"""Pieces from which a page may be covered by a pattern: four lines of ten digits."""


class Written(NamedTuple):
    """What is written on a page."""

    pieces: list[Blob]
    """Connected pieces of ink, at least 8 pixels wide or high."""
    ink: Grey
    """Uint8 [H, W], without rules."""


def written_on(ink: Grey, threshold: int, stroke: float) -> Written:
    """A page's ink, uint8 [H, W], without rules and patterns, and the connected pieces of it.

    `stroke` is the typical stroke width in pixels; 0 leaves rules in."""
    binary = above(ink, threshold)
    blobs, frames = parted(binary)
    long = LONG * max(binary.shape)
    ruled = stroke > 0 and _has_long(blobs, long, binary.shape)
    if ruled or (stroke > 0 and len(blobs) > CROWDED):
        plain = without_pattern(ink, threshold)
        if plain is not None:
            binary = above(plain, threshold)
            ink, (blobs, frames) = plain, parted(binary)
            ruled = _has_long(blobs, long, binary.shape)
    framed: list[Blob] = []
    if ruled:
        if frames:
            ink = _unframed(ink, blobs, frames)
            binary = above(ink, threshold)
        cleared = without_rules(ink, threshold, stroke)
        if cleared is not None:
            ink = _wiped(ink, binary & ~cleared, cleared)
            blobs = without_open_frames(outlined(cleared))
        if any(min(blob.box[2:]) >= long for blob in blobs):
            framed = _framed(binary if cleared is None else cleared, long, SPECK * stroke)
            known = {blob.box for blob in blobs}
            framed = [blob for blob in framed if blob.box not in known]
    if not blobs:
        return Written([], ink)
    if not ruled and _are_alike(blobs):
        return Written(blobs, ink)
    tallest = TALL * typical_height(blobs + framed, stroke)
    if ruled:
        # What is left of a grid may be as large as it likes; the pen's ink tells the digits' height.
        darker = outlined(_firm_ink(ink, binary if cleared is None else cleared))
        firm = [blob for blob in darker if blob.box[3] >= SPECK * stroke]
        if len(firm) >= COMPANY:
            tallest = min(tallest, TALL * typical_height(firm, stroke))
    if all(blob.box[2] <= WIDE * blob.box[3] and blob.box[3] <= tallest for blob in blobs):
        return Written(blobs + framed, ink)
    inner = [contour for blob in framed for contour in blob.contours]
    parts = [part for blob in blobs for part in _firm(ink, threshold, blob, tallest, inner)]
    parts += [part for blob in framed for part in _firm(ink, threshold, blob, tallest)]
    return Written(parts, ink)


def _unframed(ink: Grey, blobs: Sequence[Blob], frames: Sequence[Any]) -> Grey:
    """The ink without boxes and rings around writing: the sides of a row of them would pass for rules."""
    mask = np.zeros_like(ink)
    cv2.drawContours(mask, frames, -1, 255, cv2.FILLED)
    cv2.drawContours(mask, [contour for blob in blobs for contour in blob.contours], -1, 0, cv2.FILLED)
    return as_bytes(cv2.bitwise_and(ink, cv2.bitwise_not(mask)))


def _wiped(ink: Grey, rules: Grey, kept: Grey) -> Grey:
    """The ink without that of rules and its soft edge: within the outline of a 0 it would be a bar."""
    around = cv2.dilate(rules, np.ones((3, 3), np.uint8))
    return as_bytes(cv2.bitwise_and(ink, ink, mask=cv2.bitwise_or(cv2.bitwise_not(around), kept)))


def _are_alike(blobs: Sequence[Blob]) -> bool:
    """Whether no piece is too wide or too tall for a digit whichever of their heights is the typical one."""
    heights = [blob.box[3] for blob in blobs]
    return max(heights) <= TALL * min(heights) and all(blob.box[2] <= WIDE * blob.box[3] for blob in blobs)


def _has_long(blobs: Sequence[Blob], long: float, shape: tuple[int, ...]) -> bool:
    """Whether a piece is as long as a rule, one way or the other, and no strip along the picture's rim."""
    for blob in blobs:
        x, y, width, height = blob.box
        if width >= long or height >= long:
            start, end, side = (y, y + height, shape[0]) if width > height else (x, x + width, shape[1])
            if min(width, height) >= min(long, ACROSS * min(shape)) or (start > 1 and end < side - 1):
                return True
            if sum(map(cv2.contourArea, blob.contours)) < STRIP * width * height:
                return True
    return False


def _framed(binary: Grey, long: float, least: float) -> list[Blob]:
    """The pieces within a closed frame: the edge of a sheet on its table, a box or ring that was drawn.

    What is `long` pixels both ways is a frame; what is not `least` pixels high is left out, and so are the
    smaller frames around digits within it. Smaller ones elsewhere are left to `outlined`.
    """
    contours, parents = nested(binary)
    found, smaller = dict[int, Blob](), set[int]()
    for index, contour in enumerate[Any](contours):
        frame = enclosing(parents, index)
        box = cv2.boundingRect(contour)
        if frame < 0 or box[3] < max(LEAST_HEIGHT, least):
            continue
        if min(cv2.boundingRect(contours[frame])[2:]) >= long:
            found[index] = Blob((box[0], box[1], box[2], box[3]), (contour,))
            hole = parents[index]
            if parents[hole] != frame and box[3] >= FRAMED * cv2.boundingRect(contours[hole])[3]:
                smaller.add(parents[hole])
    return [blob for index, blob in found.items() if index not in smaller]


def _firm(ink: Grey, threshold: int, blob: Blob, tallest: float, others: Sequence[Any] = ()) -> list[Blob]:
    """Take apart what only the faint ink holds together: the edge of a shadow, a pale rule, a blur.

    Returns the pieces of its firm ink if it is too wide or tall for a digit and
    falls apart there, else the blob. `others` are the contours of what stands within it and is no part of it.
    """
    x, y, width, height = blob.box
    if width <= WIDE * height and height <= tallest:
        return [blob]
    mask = own_area(blob)
    if others:
        cv2.drawContours(mask, others, -1, 0, cv2.FILLED, offset=(-x, -y))
    own = ink[y : y + height, x : x + width]
    mask = as_bytes(cv2.bitwise_and(mask, above(own, threshold)))
    parts = outlined(_firm_ink(own, mask), (x, y))
    highest = max([part.box[3] for part in parts], default=0)
    # Scraps of a digit; but what fills the picture from its rim is none, however small its parts are.
    if height <= tallest and highest < FIRM * height and not is_edge(blob.box, ink.shape):
        return [blob]
    if any(part.box[2] >= 0.8 * width and part.box[3] >= 0.8 * height for part in parts):
        return [blob]
    # What is faint still lies around them.
    return [part._replace(alone=False) for part in parts]


def _firm_ink(ink: Grey, mask: Grey) -> Grey:
    """The darker of the ink in a mask, as 0 and 255: Otsu's level parts it from the faint."""
    own = as_bytes(cv2.bitwise_and(ink, mask))
    level = cv2.threshold(own[own > 0], 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    return above(own, level)


def inner_of(
    blobs: Sequence[Blob], shape: tuple[int, ...], stroke: float, own: Grey | None = None
) -> tuple[list[Blob], float]:
    """The pieces that may be parts of digits, in a picture of `shape`, and the typical height.

    `stroke` is the typical stroke width in pixels, `own` 255 on the sheets, 0 elsewhere. What is part of the
    picture's or a sheet's rim, much larger than the rest, as slender as a rule, or a speck is left out.
    """
    inside = [blob for blob in blobs if not is_edge(blob.box, shape)]
    if not inside:
        return [], 0.0
    typical = typical_height(voters(inside, shape, stroke), stroke)
    least = max(LEAST_HEIGHT, FRAGMENT * typical)
    large = [blob.box for blob in inside if LARGE * typical < blob.box[3] <= HEADLINE * typical]
    most = (HEADLINE if _are_a_line(large) else LARGE) * typical
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


def _are_a_line(boxes: Sequence[Box]) -> bool:
    """Whether two boxes stand side by side and share most of their height: neither smears nor edges do."""
    ordered = sorted(boxes)
    return any(
        left + width <= other[0]
        and 2 * (min(y + height, other[1] + other[3]) - max(y, other[1])) > max(height, other[3])
        for (left, y, width, height), other in pairwise(ordered)
    )


def _at_edge(box: Box, own: Grey) -> bool:
    """Whether a box reaches the edge of a sheet."""
    x, y, width, height = box
    around = own[max(0, y - RIM) : y + height + RIM, max(0, x - RIM) : x + width + RIM]
    return cv2.countNonZero(around) < around.size


def is_whole(blob: Blob, typical: float) -> bool:
    """Whether a piece is tall enough to be a digit by itself."""
    return blob.box[3] >= max(LEAST_HEIGHT, SMALL * typical)
