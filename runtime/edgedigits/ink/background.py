"""From a grey picture to ink: find the polarity, estimate the paper, and divide by it.

The paper is estimated by a morphological closing at low resolution: the brightest value within reach of each
pixel, taken back to the true outline of dark regions. Unlike a mean, a closing leaves no halos around thick
strokes, and it follows the hard edge of a shadow exactly. Where there is such an edge, the closing is done at
the ink's own resolution too: enlarged from low resolution, the edge is a slope, whose foot would become a
line of ink.

The `ground` is what ink stands on; the `reach` of a closing is the width of its structuring element.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.pictures import as_bytes

Grey = npt.NDArray[np.uint8]

MIDDLE_SIDE: Final = 320
"""Longest side, in pixels, at which a picture is first looked at: enough to measure strokes."""
COARSE_SIDE: Final = 160
"""Longest side, in pixels, at which polarity and paper are judged: light changes slowly."""
REACHES: Final = (5, 9, 15, 25)
"""Widths of the closing, in pixels at `COARSE_SIDE`. Of those that swallow the strokes, narrow ones follow
the light best."""
SWALLOWED: Final = 0.85
"""A closing has swallowed the strokes if it lifts dark pixels by at least this share of what the next wider
one does; the widest ones swallow patches of shade, too."""
NEAR: Final = 1 / 8
FAR: Final = 1 / 3
"""Widths of the squares whose mean each pixel is compared with, as shares of the longer side: the narrow one
is affected least by shade, and the wide one holds the strokes of digits that fill the picture."""
SKEWED: Final = 1.0
SKEWED_FAR: Final = 0.5
"""Skewness of the deviations, for either square, from which it tells the polarity: it is 1.5 or more if
strokes cause it, and 0.9 or less if patches of shade do, or strokes that are broad for their square."""
STEEP: Final = 0.15
"""Share of its light that paper loses within a pixel or two at the hard edge of a shadow or a sheet."""
DARKEST_PAPER: Final = 40
"""Least divisor: if darker paper were divided by its own level, its noise would become ink."""


class Ground(NamedTuple):
    """What the ink stands on: the paper at low resolution, uint8 [h, w]; for bright ink, of the negative."""

    paper: Grey
    bright: bool
    reach: float = 0.0
    """Width of the closing, as a share of the picture's longer side."""
    hard: bool = False
    """Whether the paper has hard edges."""


def ground_of(coarse: Grey, bright: bool | None = None, least: float = 0.0) -> Ground:
    """Find the paper and, unless given, the polarity of a grey picture, uint8 [H, W], at about `COARSE_SIDE`.

    If `least` is not 0, the closing is as wide as that share of the longer side; else `paper_of` chooses.
    """
    if bright is None:
        bright = is_bright(coarse)
    reaches = (round(least * max(coarse.shape)) | 1,) if least else REACHES
    return ground_under(~coarse if bright else coarse, bright, reaches)


def ground_under(lit: Grey, bright: bool, reaches: Sequence[int]) -> Ground:
    """Estimate the ground by closings of the widths `reaches`, in pixels.

    `lit` is the picture at `COARSE_SIDE`; for `bright` ink, its negative.
    """
    paper, reach = paper_of(lit, reaches)
    smooth = as_bytes(cv2.blur(paper, (3, 3)))
    return Ground(smooth, bright, reach / max(lit.shape), _has_edges(smooth))


def ink_on(ground: Ground, grey: Grey) -> Grey:
    """Return the ink of a grey picture at any scale: uint8 [H, W], 0 on paper to 255 for black on white.

    The value is the share of light that the ink takes away, 255 * (paper - grey) / paper, so it is the same
    in light and in shadow; for bright ink both are of the negative.
    """
    paper = ground.paper
    if paper.shape != grey.shape:
        paper = as_bytes(cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR))
    lit = as_bytes(cv2.bitwise_not(grey)) if ground.bright else grey
    if ground.hard:
        paper = as_bytes(cv2.min(paper, _closed(lit, round(ground.reach * max(grey.shape)))))
    # Interpolation makes no value darker than its neighbours, so the small paper's minimum is enough.
    dark = ground.hard or cv2.minMaxLoc(ground.paper)[0] < DARKEST_PAPER
    # On bytes, OpenCV's maximum takes a fifth of the time of numpy's.
    divisor = cv2.max(paper, np.full_like(paper, DARKEST_PAPER)) if dark else paper
    # Subtraction saturates at 0: what is brighter than its paper is not ink.
    return as_bytes(cv2.divide(cv2.subtract(paper, lit), divisor, scale=255))


def steepest(closed: Grey) -> float:
    """Return the largest difference within any 3x3 square of a closed picture, or a little more."""
    # Dark parts left by a closing are wider than the square, so no two of its pixels differ by more than
    # pixels two rows apart do, plus pixels two columns apart.
    pairs = (closed[2:], closed[:-2]), (closed[:, 2:], closed[:, :-2])
    return sum([cv2.norm(one, other, cv2.NORM_INF) for one, other in pairs])


def _has_edges(paper: Grey) -> bool:
    """Return whether the light on the paper changes within a pixel or two, as at a hard shadow."""
    if steepest(paper) <= STEEP * max(DARKEST_PAPER, cv2.minMaxLoc(paper)[0]):
        return False  # most pages end here
    square = np.ones((3, 3), np.uint8)
    light = cv2.dilate(paper, square)
    loss = cv2.subtract(light, cv2.erode(paper, square))
    return bool(np.any(loss > STEEP * cv2.max(light, np.full_like(light, DARKEST_PAPER))))


def _closed(lit: Grey, width: int) -> Grey:
    """Close with a square of about `width` pixels; as in `paper_of`, all beyond the edge is dark."""
    around = width // 2 + 1
    square = np.ones((2 * around - 1, 2 * around - 1), np.uint8)
    padded = cv2.copyMakeBorder(lit, around, around, around, around, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, square)
    return as_bytes(closed[around:-around, around:-around])


def paper_of(coarse: Grey, reaches: Sequence[int] = REACHES) -> tuple[Grey, int]:
    """Return the paper under dark ink, uint8 [H, W], and the width in pixels of the closing that found it.

    The width is the one after the narrowest that swallows the strokes; if none surely does, it is the one
    after that which comes nearest. Everything beyond the picture's edge counts as dark, so that a table's
    dark corner stays background, while a stroke that touches the edge is still swallowed.
    """
    # As far as the widest closing reaches beyond the edge, all is black.
    around = reaches[-1] - 1
    padded = cv2.copyMakeBorder(coarse, around, around, around, around, cv2.BORDER_CONSTANT, value=0)
    dilated = as_bytes(padded).ravel()
    stride = coarse.shape[1] + 2 * around
    narrower, lifted = 1, 0.0
    best, reach, most = coarse, 0, 0.0
    for width in reaches:
        dilated = _over(np.maximum, dilated, stride, narrower, width)
        start = (1 + around - width) * (stride + 1)
        values = dilated[start : start + (coarse.shape[0] + width - 1) * stride]
        eroded = _over(np.minimum, values, stride, 1, width)
        closed = np.ndarray(coarse.shape, np.uint8, eroded.data, 0, (stride, 1))
        lift = _lift(coarse, closed)
        swallowed = lifted / max(lift, 1.0)
        if narrower == 1 or swallowed > most:
            best, reach, most = closed, width, swallowed
            if swallowed >= SWALLOWED:
                break
        narrower, lifted = width, lift
    return best, reach


def _over(pick: Callable[[Any, Any], Any], values: Any, stride: int, done: int, width: int) -> Any:
    """Return the greatest or least value of each square of `width` pixels, from those of squares of `done`.

    `values`, uint8 [n], are the pixels of a picture with `stride` pixels a row; a square's value stands at
    its upper left pixel. Each call can double the squares, so that five calls each way on contiguous bytes
    get from 1 to 25. For wide squares that takes half the time of OpenCV's functions, which also have to
    start anew for each width.
    """
    for step in (stride, 1):
        reached = done
        while reached < width:
            further = min(reached, width - reached)
            values = pick(values[further * step :], values[: -further * step])
            reached += further
    return values


def _lift(coarse: Grey, closed: Grey) -> float:
    """Return how much a closing lifts dark pixels: strokes, which are dark, outweigh large soft shadows."""
    lift = cv2.subtract(closed, coarse)
    return cv2.norm(cv2.multiply(lift, lift, scale=1 / 255), cv2.NORM_L2SQR)


def is_bright(grey: Grey) -> bool:
    """Return whether the ink is brighter than its ground, as chalk on slate is.

    Ink covers less of its surroundings than the ground does, so it deviates further from the local mean, and
    the third moment of the deviations has the sign of the ink. The two sides of a shadow's edge cancel out.
    Broad strokes need wide surroundings. If patches of shade leave the deviations nearly balanced even so,
    narrow structures decide, since strokes are narrow.
    """
    for part, least in ((NEAR, SKEWED), (FAR, SKEWED_FAR)):
        skewness = _skewness(grey, max(3, int(max(grey.shape) * part)) | 1)
        if abs(skewness) >= least:
            return skewness > 0
    square = np.ones((REACHES[0], REACHES[0]), np.uint8)
    dark, bright = [
        _lift(one, as_bytes(cv2.morphologyEx(one, cv2.MORPH_CLOSE, square))) for one in (grey, ~grey)
    ]
    return bright > dark


def _skewness(grey: Grey, window: int) -> float:
    """Return the skewness of pixels' deviations from the mean of the square around each, `window` wide."""
    # Every second row is enough: strokes stay as wide, and thousands of pixels are left.
    rows = grey[::2]
    mean = cv2.blur(rows, (window, window // 2 | 1))
    deviation = cv2.subtract(rows, mean, dtype=cv2.CV_32F).ravel()
    squares = deviation * deviation
    second, third = float(squares.sum()), float(np.dot(squares, deviation))
    return float(third * len(deviation) ** 0.5 / max(second, 1e-9) ** 1.5)


def shrink(grey: Grey, longest: int) -> Grey:
    """Average to a longer side of at least `longest` pixels and less than twice that, by a whole factor.

    Smaller pictures stay as they are. Whole factors take OpenCV's fast path where they divide the size; the
    last rows and columns that do not fill a block are averaged into their neighbours.
    """
    return reduce_by(grey, max(grey.shape) // longest)


def reduce_by(grey: Grey, factor: int) -> Grey:
    """Average blocks of `factor` x `factor` pixels; a factor of 0 or 1 leaves the picture as it is."""
    # OpenCV has a fast path for 2 x 2 blocks, six times as fast as for 4 x 4.
    while factor > 1 and factor % 2 == 0 and grey.shape[0] % 2 == 0 and grey.shape[1] % 2 == 0:
        size = (grey.shape[1] // 2, grey.shape[0] // 2)
        grey, factor = as_bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA)), factor // 2
    if factor < 2:
        return grey
    if factor == 3 and grey.shape[0] % 3 == 0 and grey.shape[1] % 3 == 0:
        # OpenCV averages all 3 x 3 squares on a fast path; a mean of nine never lies half-way between levels.
        return np.ascontiguousarray(cv2.blur(grey, (3, 3), anchor=(0, 0))[::3, ::3])
    size = (max(1, grey.shape[1] // factor), max(1, grey.shape[0] // factor))
    return as_bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
