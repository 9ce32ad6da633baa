"""Picture in, digit candidates out: pure functions on arrays, no model needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.background import Ground, ground_of, ink_on, reduce_by
from edgedigits.blob import Blob, is_edge, own_area, union
from edgedigits.canonical import canonicals
from edgedigits.cut import Cut, cut_out, spread
from edgedigits.pictures import as_bytes, to_grey
from edgedigits.pieces import inner_of, is_whole, pieces_of
from edgedigits.results import Box
from edgedigits.strokes import Shades, reduced, strengthen, stroke_width

Grey = npt.NDArray[np.uint8]
Frames = npt.NDArray[np.uint8]

WORKING_SIDE: Final = 1280
"""The longest side, in pixels, at which ink is looked for."""
GOOD_STROKE: Final = 6
"""The stroke width in pixels that a picture is brought to: a frame's strokes are 2 to 3 wide, so no
detail is lost, grain is averaged away and the work is least."""
MEASURABLE: Final = 2.8
"""Strokes narrower than this, in pixels, are measured again at a larger scale."""
THINNEST_STROKE: Final = 2.5
"""Strokes narrower than this at the working side's scale are read at a larger one than that."""
SMALL: Final = 18
GOOD_HEIGHT: Final = 40
"""Digits less than 18 pixels high lose detail in a frame of 20; they are looked at again at 40."""
BROAD: Final = 0.02
"""Share of the longer side from which strokes may be patches of shade."""
STROKES_IN_SHADE: Final = 0.3
"""Share of what is taken for ink that is strokes at most, where the rest is shade."""
LEAST_CONTRAST: Final = 20
"""Ink below this share of the paper's brightness (of 255) cannot be told from the paper's texture."""
LEAST_ROWS: Final = 30
"""Every eighth row tells the paper's spread, but at least so many: ranks are then right to half a percent."""
TOGETHER: Final = 16
"""How many pieces are strengthened at a time: more save no time, and cuts on trial make hundreds."""
LOWER: Final = 0.1587
MIDDLE: Final = 0.5
"""Shares of a normal distribution below its mean less one standard deviation, and below its mean."""


class Page(NamedTuple):
    """A picture's ink at working scale; a working pixel is `scale` pixels of it wide and high."""

    ink: Grey
    threshold: int
    stroke: float
    scale: tuple[float, float]
    bright: bool
    origin: tuple[int, int] = (0, 0)
    """Where it begins in the picture, in pixels of that, if only the sheet that lies there is read."""
    shade: int = 0
    """The level, 0 to 255, up to which what looks like ink is shade."""
    own: Grey | None = None
    """255 where there is sheet; None where all of it may be read."""


def page_of(grey: Grey) -> Page:
    """Bring a grey picture to a scale that suits its strokes, remove the paper, find the threshold."""
    return _page_of(cut_out(grey))


def _page_of(cut: Cut) -> Page:
    longest, glance = max(cut.grey.shape), cut.glance
    ground = ground_of(cut.middle)
    page = _page_at(glance, ground, cut)
    finest = max(1, -(-longest // WORKING_SIDE))
    factor = round(glance * page.stroke / GOOD_STROKE)
    if page.stroke < MEASURABLE and factor < glance:
        # Too thin for this scale to say how thin.
        page = _page_at(finest, ground, cut, page.shade)
        factor, glance = round(finest * page.stroke / GOOD_STROKE), finest
        if page.stroke < THINNEST_STROKE:
            finest = 1
    factor = max(factor, finest)
    if factor == glance or page.stroke == 0:
        return page
    return _page_at(factor, ground, cut, page.shade)


def _page_at(factor: int, ground: Ground, cut: Cut, shade: int = 0) -> Page:
    """The page at a scale `factor` times smaller; up to `shade` nothing is ink."""
    grey = cut.middle if factor == cut.glance else reduce_by(cut.grey, factor)
    flat = paper = ink_on(ground, grey)
    own = None
    if cut.mask is not None:
        own = spread(cut.mask, flat.shape)
        paper = flat[own > 0][None]
        flat = as_bytes(cv2.bitwise_and(flat, own))
    threshold = max(threshold_of(paper), shade)
    scale = (cut.grey.shape[1] / grey.shape[1], cut.grey.shape[0] / grey.shape[0])
    stroke = stroke_width(flat, threshold)
    if stroke > BROAD * max(flat.shape):
        shade, own_stroke = _shade_on(flat, threshold, stroke)
        if shade:
            threshold, stroke = shade, own_stroke
    return Page(flat, threshold, stroke, scale, ground.bright, cut.origin, shade, own)


def _shade_on(flat: Grey, threshold: int, stroke: float) -> tuple[int, float]:
    """The level, 0 to 255, up to which what is above the threshold is shade, and the strokes' width above it.

    Both are 0 where there is no shade.
    Shade is paler than what is written in it, much broader, and covers far more.
    """
    shaded = flat[flat > threshold]
    level, firm = cv2.threshold(shaded, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if cv2.countNonZero(firm) > STROKES_IN_SHADE * shaded.size:
        return 0, 0.0
    own = stroke_width(flat, int(level))
    return (int(level), own) if 0 < own < stroke / 2 else (0, 0.0)


def ink(grey: Grey) -> Grey:
    """The ink of a grey picture at working scale: uint8, bright on black, intensity kept."""
    page = page_of(grey)
    return as_bytes(cv2.threshold(page.ink, page.threshold, 255, cv2.THRESH_TOZERO)[1])


def threshold_of(flat: Grey) -> int:
    """The level above which a value is ink: well above the paper's own spread.

    More than half of a page is paper, so its median and lower quartile describe the paper alone.
    """
    rows = flat[:: min(8, max(1, len(flat) // LEAST_ROWS))]
    counts = cv2.calcHist([rows], [0], None, [256], [0, 256])
    # Paper is among the lowest levels, so that few of the counts are looked at.
    passed, level, lower = 0.0, -1, -1
    while passed < MIDDLE * rows.size:
        level += 1
        passed += counts.item(level)
        if lower < 0 and passed >= LOWER * rows.size:
            lower = level
    return min(max(level + 5 * (level - lower), LEAST_CONTRAST), 128)


def blobs_of(page: Page) -> tuple[list[Blob], float]:
    """The pieces of ink that may be digits or parts of one, and the typical height."""
    pieces = pieces_of(page.ink, page.threshold, page.stroke)
    return inner_of(pieces, page.ink.shape, page.stroke, page.own)


def look(cut: Cut) -> tuple[Page, list[Blob], float]:
    """The page that a picture's cut shows, the pieces that may be digits or parts of one, and their height.

    Where the digits come out small although the picture has more pixels, it is looked at again: in
    tiny writing whole digits are as wide as another's strokes.
    """
    page = _page_of(cut)
    blobs, typical = blobs_of(page)
    finest = max(1, -(-max(cut.grey.shape) // WORKING_SIDE))
    factor = round(page.scale[0])
    if 0 < typical < SMALL and factor > 1:
        nearer = max(1, min(finest, factor // 2), int(factor * typical / GOOD_HEIGHT))
        if nearer < factor:
            page = _page_at(nearer, ground_of(cut.middle), cut, page.shade)
            blobs, typical = blobs_of(page)
    return page, blobs, typical


def whole_of(page: Page) -> Blob | None:
    """All ink of a picture that shows one digit: its largest piece and what stands near to it.

    A piece belongs to it if its width and height together are at least a fifth of the height, and it is
    nearer than a third of that.
    """
    pieces = pieces_of(page.ink, page.threshold, 0)
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
    """The blobs' own ink, uint8 [h, w] each, strengthened, and how dark each was.

    What their neighbours left in the boxes is black; very large ones are reduced.
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
    """The blobs as the classifier takes them, uint8 [n, 28, 28], and how dark each was."""
    crops, dark = crops_of(page, blobs)
    return canonicals(crops), dark


def box_in_picture(page: Page, box: Box) -> Box:
    """A box of the working picture in pixels of the picture itself."""
    (across, down), (left, top) = page.scale, page.origin
    x, y, width, height = box
    size = round(width * across) or 1, round(height * down) or 1
    return left + round(x * across), top + round(y * down), *size


def frames_of(picture: Grey) -> tuple[Frames, tuple[Box, ...]]:
    """All candidates of a picture: uint8 [n, 28, 28] and their boxes x, y, w, h in its pixels.

    The picture is uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA. What the frames show may be no
    digit at all; that is for the classifier to say.
    """
    page, blobs, typical = look(cut_out(to_grey(picture)))
    blobs = [blob for blob in blobs if is_whole(blob, typical)]
    return frame_blobs(page, blobs)[0], tuple(box_in_picture(page, blob.box) for blob in blobs)
