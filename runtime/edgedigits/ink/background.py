"""Grey picture in, ink out: the polarity is found, the paper estimated and divided away.

The paper is a morphological closing at low resolution: the brightest value within reach of each
place, taken back to the true outline of dark regions. Unlike a mean it does not grow halos around
thick strokes, and it follows the hard edge of a shadow exactly. Where there is such an edge, the same
closing is done at the ink's own scale too: the small one is a slope there, whose foot would be a line of ink.
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
"""The longest side, in pixels, at which a picture is first looked at: strokes can be measured."""
COARSE_SIDE: Final = 160
"""The longest side, in pixels, at which polarity and paper are judged: light changes slowly."""
REACHES: Final = (5, 9, 15, 25)
"""Widths of the closing at that size. The narrowest that swallows the strokes follows the light best."""
SWALLOWED: Final = 0.85
"""A closing has swallowed the strokes when it lifts the dark as much as this share of the next wider one's:
the widest ones swallow patches of shade, too."""
NEAR: Final = 1 / 8
FAR: Final = 1 / 3
"""Squares, as shares of the longer side, against whose mean ink deviates: of the narrower one shade takes
least, and the wider one holds strokes of digits that fill the picture."""
SKEWED: Final = 1.0
SKEWED_FAR: Final = 0.5
"""Skewness from which deviations tell the polarity: 1.5 and more where strokes make them, 0.9 and less where
patches of shade do, or strokes that are broad for their square."""
STEEP: Final = 0.15
"""Share of its light that paper loses within a pixel or two where a shadow or a sheet has a hard edge."""
DARKEST_PAPER: Final = 40
"""Paper darker than this is divided by as if it were this bright, or its noise would become ink."""


class Ground(NamedTuple):
    """What the ink stands on: the paper at low resolution, uint8 (of the negative, for bright ink)."""

    paper: Grey
    bright: bool
    reach: float = 0.0
    """The closing's width, as a share of the picture's longer side."""
    hard: bool = False
    """Whether the paper has hard edges."""


def ground_of(coarse: Grey, bright: bool | None = None, least: float = 0.0) -> Ground:
    """Find paper and, if not given, polarity of a grey picture, uint8 [H, W], at about `COARSE_SIDE`.

    The closing is at least as wide as that share of the longer side, if any is given.
    """
    if bright is None:
        bright = is_bright(coarse)
    reaches = (round(least * max(coarse.shape)) | 1,) if least else REACHES
    return ground_under(~coarse if bright else coarse, bright, reaches)


def ground_under(lit: Grey, bright: bool, reaches: Sequence[int]) -> Ground:
    """What is under a picture at `COARSE_SIDE`, its negative for `bright` ink, by closings so wide."""
    paper, reach = paper_of(lit, reaches)
    smooth = as_bytes(cv2.blur(paper, (3, 3)))
    return Ground(smooth, bright, reach / max(lit.shape), _has_edges(smooth))


def ink_on(ground: Ground, grey: Grey) -> Grey:
    """The ink of a grey picture at any scale: uint8 [H, W], 0 paper to 255 black on white.

    The value is the share of light that the ink takes away, 255 * (paper - grey) / paper, the same in
    light and in shadow; for bright ink that of the negative.
    """
    paper = ground.paper
    if paper.shape != grey.shape:
        paper = as_bytes(cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR))
    lit = as_bytes(cv2.bitwise_not(grey)) if ground.bright else grey
    if ground.hard:
        paper = as_bytes(cv2.min(paper, _closed(lit, round(ground.reach * max(grey.shape)))))
    # Between two values of the paper lies no darker one, so that the small one tells.
    dark = ground.hard or cv2.minMaxLoc(ground.paper)[0] < DARKEST_PAPER
    # OpenCV's maximum takes a fifth of numpy's time on bytes.
    divisor = cv2.max(paper, np.full_like(paper, DARKEST_PAPER)) if dark else paper
    # Subtraction saturates: what is brighter than its paper is no ink.
    return as_bytes(cv2.divide(cv2.subtract(paper, lit), divisor, scale=255))


def steepest(closed: Grey) -> float:
    """By how much the pixels of a square of three differ at most in what a closing left, or a little more."""
    # Its dark parts are wider than that, so that no two differ by more than those two apart do, each way.
    pairs = (closed[2:], closed[:-2]), (closed[:, 2:], closed[:, :-2])
    return sum([cv2.norm(one, other, cv2.NORM_INF) for one, other in pairs])


def _has_edges(paper: Grey) -> bool:
    """Whether the light on the paper changes from one pixel to the next, as at a hard shadow."""
    if steepest(paper) <= STEEP * max(DARKEST_PAPER, cv2.minMaxLoc(paper)[0]):
        return False  # most pages end here
    square = np.ones((3, 3), np.uint8)
    light = cv2.dilate(paper, square)
    loss = cv2.subtract(light, cv2.erode(paper, square))
    return bool(np.any(loss > STEEP * cv2.max(light, np.full_like(light, DARKEST_PAPER))))


def _closed(lit: Grey, width: int) -> Grey:
    """The closing with a square of about `width` pixels; beyond the edge it is dark, as for `paper_of`."""
    around = width // 2 + 1
    square = np.ones((2 * around - 1, 2 * around - 1), np.uint8)
    padded = cv2.copyMakeBorder(lit, around, around, around, around, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, square)
    return as_bytes(closed[around:-around, around:-around])


def paper_of(coarse: Grey, reaches: Sequence[int] = REACHES) -> tuple[Grey, int]:
    """The paper under dark ink, and the width of the closing that tells it.

    That is the next wider one than the narrowest that swallows the strokes. Where none does for sure, it
    is the next wider one than that which comes nearest to it.
    Beyond the picture's edge all is taken as dark, so that a table's dark corner stays background,
    while a stroke that touches the edge is still swallowed.
    """
    # Whatever a closing reaches beyond the edge is black.
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
    """The largest or least value of each square of `width` pixels, uint8 [n], from that of `done`.

    `values` are those of a picture with `stride` pixels a row; a square's value stands at its upper
    left pixel. Each step may double the squares, so that five calls on bytes in a row make 25 of 1: for
    wide squares half of the time of OpenCV's, which also has to begin anew for each.
    """
    for step in (stride, 1):
        reached = done
        while reached < width:
            further = min(reached, width - reached)
            values = pick(values[further * step :], values[: -further * step])
            reached += further
    return values


def _lift(coarse: Grey, closed: Grey) -> float:
    """How much a closing lifts the dark: strokes, which are dark, outweigh soft shadows, which are large."""
    lift = cv2.subtract(closed, coarse)
    return cv2.norm(cv2.multiply(lift, lift, scale=1 / 255), cv2.NORM_L2SQR)


def is_bright(grey: Grey) -> bool:
    """Whether the ink is brighter than its ground, as chalk on slate.

    Ink covers less of its surroundings than the ground does, so against the local mean it deviates
    further: the third moment has the sign of the ink. Both sides of a shadow's edge cancel. Where strokes
    are broad the surroundings have to be wide; where patches of shade leave the deviations nearly even all
    the same, what is narrow tells, as strokes are.
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
    """That of the deviations from the mean of a square around each pixel, `window` pixels wide."""
    # Every second row is enough: strokes stay as wide, and thousands of pixels are left.
    rows = grey[::2]
    mean = cv2.blur(rows, (window, window // 2 | 1))
    deviation = cv2.subtract(rows, mean, dtype=cv2.CV_32F).ravel()
    squares = deviation * deviation
    second, third = float(squares.sum()), float(np.dot(squares, deviation))
    return float(third * len(deviation) ** 0.5 / max(second, 1e-9) ** 1.5)


def shrink(grey: Grey, longest: int) -> Grey:
    """Average to at most about `longest` pixels on the longer side, by a whole factor.

    Whole factors take OpenCV's fast path where they divide the size; the last rows and columns that
    do not fill a block are averaged into their neighbours.
    """
    return reduce_by(grey, max(grey.shape) // longest)


def reduce_by(grey: Grey, factor: int) -> Grey:
    """Average blocks of `factor` x `factor` pixels; a picture that is small already, 0 or 1, stays."""
    # Two by two has a fast path in OpenCV of its own, six times as fast as four by four.
    while factor > 1 and factor % 2 == 0 and grey.shape[0] % 2 == 0 and grey.shape[1] % 2 == 0:
        size = (grey.shape[1] // 2, grey.shape[0] // 2)
        grey, factor = as_bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA)), factor // 2
    if factor < 2:
        return grey
    if factor == 3 and grey.shape[0] % 3 == 0 and grey.shape[1] % 3 == 0:
        # A mean of nine is never half-way between two levels, and OpenCV has a fast path for all of them.
        return np.ascontiguousarray(cv2.blur(grey, (3, 3), anchor=(0, 0))[::3, ::3])
    size = (max(1, grey.shape[1] // factor), max(1, grey.shape[0] // factor))
    return as_bytes(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
