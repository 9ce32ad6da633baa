"""A page: the ink of a grey picture at a scale that suits its strokes, and the threshold to binarize it."""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.background import Ground, ground_of, ink_on, reduce_by
from edgedigits.ink.blob import above
from edgedigits.ink.cut import Cut, cut_out, spread
from edgedigits.ink.halos import is_hazy, without_rims
from edgedigits.ink.slender import THIN, is_line
from edgedigits.ink.strokes import stroke_width
from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

WORKING_SIDE: Final = 1280
"""Longest side, in pixels, at which ink is looked for."""
GOOD_STROKE: Final = 6
"""Stroke width in pixels to which a picture is scaled: a frame's strokes are 2 to 3 pixels wide, so no detail
is lost, grain is averaged away, and the work is least."""
MEASURABLE: Final = 2.8
"""Stroke width in pixels below which strokes are measured again at a larger scale."""
LEAST_REACH: Final = 2.0
REACH: Final = 2.5
MOST_REACH: Final = 0.5
WIDENED: Final = 2
"""A closing less than twice as wide as the strokes would leave their broad parts, which would count as paper.
It is widened, twice at most, to two and a half times the stroke width, but at most to half of the picture."""
THINNEST_STROKE: Final = 2.5
"""Stroke width in pixels at `WORKING_SIDE` below which strokes are read at a larger scale than that."""
BROAD: Final = 0.02
"""Stroke width, as a share of the longer side, above which strokes may be patches of shade."""
GAPPED: Final = 0.03
"""Strokes up to this share of the longer side may have rims, which make them look broader."""
STROKES_IN_SHADES: Final = (0.3, 0.12, 0.12)
"""Greatest share that strokes have of what looks like ink, if the rest is shade: above a first level, which
may be that of soft edges, above a second, of one thing's shade, and above a third, of that of two."""
VERY_BROAD: Final = 0.04
"""Stroke width, as a share of the longer side, above which further levels are sought. Less may be a broad
pen's, and what is darker than that, specks."""
HIDDEN: Final = 0.25
"""Least share of the pen's ink that is on lit paper, and there no darker than the shade, if it is lost."""
DARKER: Final = 1.2
"""Least ratio of the strokes' ink to the shade below it; a pen's own ink has grain, but differs by less."""
LEAST_CONTRAST: Final = 20
"""Ink fainter than this share of the paper's brightness (of 255) cannot be told from the paper's texture."""
NOISY: Final = 28
FIRM: Final = 1.6
MORE: Final = 1.6
"""A threshold above 28 is due to grain. If the mean of the ink is then less than 1.6 times the threshold, or
smoothing makes more than 1.6 times as much ink, faint strokes are hidden in the grain, and the page is
smoothed. Firm strokes, of which smoothing makes up to 1.4 times as much, are read better as they are."""
LEAST_ROWS: Final = 30
"""Every eighth row is enough to measure the paper's spread, but no fewer rows than this are taken: ranks are
then right to half a percent."""
LOWER: Final = 0.1587
MIDDLE: Final = 0.5
"""Shares of a normal distribution that lie below its mean less one standard deviation, and below its mean."""


class Page(NamedTuple):
    """A picture's ink, uint8 [H, W], at working scale; `scale`: picture pixels to one of its own, x and y."""

    ink: Grey
    threshold: int
    stroke: float
    scale: tuple[float, float]
    bright: bool
    origin: tuple[int, int] = (0, 0)
    """Upper left corner in the picture, in pixels of the picture, if only a sheet in it is read."""
    shade: int = 0
    """Level, 0 to 255, up to which what looks like ink is shade."""
    own: Grey | None = None
    """255 on the sheet; None if all of the picture is read."""
    reach: float = 0.0
    """Width of the closing, as a share of the longer side, if it had to follow shade; else 0."""


def page_of(grey: Grey) -> Page:
    """Find the sheet in a grey picture, scale it to suit its strokes, remove its paper, set a threshold."""
    return page_from(cut_out(grey))


def page_from(cut: Cut) -> Page:
    """Return the page of a cut, as `page_of` does for a picture."""
    longest, glance, reach = max(cut.grey.shape), cut.glance, 0.0
    ground = ground_of(cut.coarse, cut.bright, cut.broad)
    page, ground = _seen(ground, cut)
    for _ in range(WIDENED):
        broad = page.stroke / max(page.ink.shape)
        if ground.reach >= LEAST_REACH * broad:
            break
        page, ground = _seen(ground_of(cut.coarse, ground.bright, min(REACH * broad, MOST_REACH)), cut)
    if page.shade:
        # Now that the width of the strokes is known, a closing just as wide follows the shade.
        width = REACH * page.stroke / max(page.ink.shape)
        again, narrow = _seen(ground_of(cut.coarse, ground.bright, width), cut)
        if _hides(page, again):
            page, ground, reach = again, narrow, width
    finest = max(1, -(-longest // WORKING_SIDE))
    factor = round(glance * page.stroke / GOOD_STROKE)
    if page.stroke < MEASURABLE and factor < glance:
        # The strokes are too thin to be measured at this scale.
        page = page_at(finest, ground, cut, page.shade)
        factor, glance = round(finest * page.stroke / GOOD_STROKE), finest
        if page.stroke < THINNEST_STROKE:
            finest = 1
    factor = max(factor, finest)
    if factor != glance and page.stroke:
        page = page_at(factor, ground, cut, page.shade)
    return page._replace(reach=reach) if reach else page


def _hides(shaded: Page, narrow: Page) -> bool:
    """Return whether much of the pen's ink is lost with a page's shade; `narrow` is of a narrower closing."""
    kept = above(shaded.ink, shaded.shade)
    square = np.ones((2 * round(shaded.stroke) + 1,) * 2, np.uint8)
    broad = cv2.morphologyEx(above(shaded.ink, LEAST_CONTRAST), cv2.MORPH_OPEN, square)
    # Such a closing leaves the corners of the shade.
    corners = as_bytes(cv2.dilate(broad, np.ones((3, 3), np.uint8))) & ~kept
    pen = above(narrow.ink, above_shade(narrow).threshold) & ~corners
    return cv2.countNonZero(pen & ~kept) > HIDDEN * cv2.countNonZero(pen)


def _seen(ground: Ground, cut: Cut) -> tuple[Page, Ground]:
    """Return the page at the size of the first look, and its ground, without the rims of strokes."""
    page = page_at(cut.glance, ground, cut)
    uneven = page.threshold > LEAST_CONTRAST or is_hazy(page.ink, LEAST_CONTRAST)
    # The gaps between broad strokes are as narrow as rims.
    if not uneven or page.stroke > GAPPED * max(page.ink.shape):
        return page, ground  # most pages
    dimmer = without_rims(ground, cut.coarse, LEAST_CONTRAST)
    return (page_at(cut.glance, dimmer, cut), dimmer) if dimmer else (page, ground)


def page_at(factor: int, ground: Ground, cut: Cut, shade: int = 0) -> Page:
    """Return the page at a scale `factor` times smaller; up to the level `shade` nothing is ink."""
    grey = cut.middle if factor == cut.glance else reduce_by(cut.grey, factor)
    flat = ink_on(ground, grey)
    own = None if cut.mask is None else spread(cut.mask, flat.shape)
    threshold = _threshold_on(flat, own)
    if threshold > NOISY:
        smooth = as_bytes(cv2.GaussianBlur(flat, (3, 3), 0))
        lower = _threshold_on(smooth, own)
        if _is_hidden(flat, threshold, smooth, lower):
            flat, threshold = smooth, lower
    if own is not None:
        flat = as_bytes(cv2.bitwise_and(flat, own))
    threshold = max(threshold, shade)
    scale = (cut.grey.shape[1] / grey.shape[1], cut.grey.shape[0] / grey.shape[0])
    stroke = stroke_width(flat, threshold)
    if stroke > BROAD * max(flat.shape):
        shade, own_stroke = _shade_on(flat, threshold, stroke)
        if shade:
            threshold, stroke = shade, own_stroke
    return Page(flat, threshold, stroke, scale, ground.bright, cut.origin, shade, own)


def _threshold_on(flat: Grey, own: Grey | None) -> int:
    return threshold_of(flat if own is None else flat[own > 0][None])


def _is_hidden(flat: Grey, threshold: int, smooth: Grey, lower: int) -> bool:
    """Return whether the ink hardly exceeds the threshold, or smoothing makes much more ink."""
    before = above(flat, threshold)
    if cv2.mean(flat, before)[0] < FIRM * threshold:
        return True
    return cv2.countNonZero(above(smooth, lower)) > MORE * cv2.countNonZero(before)


def _shade_on(flat: Grey, threshold: int, stroke: float) -> tuple[int, float]:
    """Return the level, 0 to 255, up to which ink above the threshold is shade, and the stroke width above.

    Both are 0 if there is no shade. Shade is paler than what is written in it, much broader, and covers far
    more. Dappled light has several shades, so Otsu's threshold is sought again above the last one.
    """
    levels = len(STROKES_IN_SHADES) if stroke > VERY_BROAD * max(flat.shape) else 1
    shaded = flat[flat > threshold]
    for most in STROKES_IN_SHADES[:levels]:
        level = int(cv2.threshold(shaded, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])
        firm, paler = shaded[shaded > level], shaded[shaded <= level]
        if not paler.size:
            break  # all of it is equally dark
        if firm.size <= most * shaded.size:
            own = stroke_width(flat, level)
            differ = firm.mean() >= DARKER * paler.mean() and 0 < own < stroke / 2
            return (level, own) if differ and not _are_rules(flat, level, own) else (0, 0.0)
        shaded = firm
    return 0, 0.0


def _are_rules(flat: Grey, level: int, stroke: float) -> bool:
    """Return whether all that is above a level is as long and low as rules: a pen may be paler than rules."""
    contours = cv2.findContours(above(flat, level), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    marks = [contour for contour in contours if max(cv2.boundingRect(contour)[2:]) >= THIN * stroke]
    return bool(marks) and all(is_line(contour, flat.shape, stroke) for contour in marks)


def above_shade(page: Page) -> Page:
    """Return the page with only its darker ink: Otsu's threshold separates it from the fainter, the shade."""
    shaded = page.ink[page.ink > page.threshold]
    if not shaded.size:
        return page
    level = int(cv2.threshold(shaded, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0])
    if level <= page.threshold:
        return page  # all ink is equally dark, and Otsu's threshold is 0
    return page._replace(threshold=level, stroke=stroke_width(page.ink, level))


def threshold_of(flat: Grey) -> int:
    """Return the level above which a value is ink: well above the paper's own spread.

    More than half of a page is paper, so the median and the level one standard deviation below it (`LOWER`)
    describe the paper alone.
    """
    rows = flat[:: min(8, max(1, len(flat) // LEAST_ROWS))]
    counts = cv2.calcHist([rows], [0], None, [256], [0, 256])
    # Paper is among the lowest levels, so only few of the counts are looked at.
    passed, level, lower = 0.0, -1, -1
    while passed < MIDDLE * rows.size:
        level += 1
        passed += counts.item(level)
        if lower < 0 and passed >= LOWER * rows.size:
            lower = level
    return min(max(level + 5 * (level - lower), LEAST_CONTRAST), 128)
