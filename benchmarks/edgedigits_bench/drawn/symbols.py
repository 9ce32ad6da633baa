"""Handwritten signs of amounts, sums, dates and remarks, and the patterns in which they stand with digits."""

from __future__ import annotations

from typing import Final

import numpy as np

from edgedigits_bench.drawn.paper import Floats, trace

Line = list[tuple[float, float]]
"""Points of a stroke: x and y from the centre of a sign, in halves of the digit height."""

DIGIT: Final = "d"
PATTERNS: Final = (
    *("$d", "$dd", "$d.dd", "€dd", "€d,dd", "dd€", "£dd", "£d.dd"),
    *("d%", "dd%", "d.d%", "#d", "#dd", "dd @ $d"),
    *("d+d=dd", "dd+d=dd", "dd-d=d", "dxd=dd", "ddxd=ddd", "dd÷d=d", "d<dd", "dd>d"),
    *("dd.dd.dd", "dd-dd-dddd", "dd:dd", "(ddd) ddd-dddd", "+dd ddd dddd", "[dd]", "(d)"),
    *("d+d=?", "dd?", "dd!", "dd&d"),
)
"""Patterns of rows: `DIGIT` is a digit, and a space is half its height wide."""
WORD: Final = "w"
LISTS: Final = ("d w", "dd w", "d x w", "dd w w", "w d", "ddd w")
DATES: Final = ("d/d", "dd/dd", "dd/dd/dd", "dd/dd/dddd", "d:d", "dd:dd", "dd:dd-dd:dd")
"""The same for lists, where `WORD` is a word, and for dates and times."""
NUMBERS: Final = ("d", "dd", "ddd", "dddd", "dddddd", "dd ddd", "ddd  dd")
APART: Final = (
    *("d       d", "d      d      dd", "dd       d       d"),
    *("dd        dd", "ddd       dd", "dd      d     d"),
)
SPACE: Final = 0.5


def _arc(x: float, y: float, across: float, down: float, start: float = 0, end: float = 360) -> Line:
    way = np.radians(np.linspace(start, end, 24))
    return [(x + across * float(np.cos(a)), y + down * float(np.sin(a))) for a in way]


SIGNS: Final[dict[str, list[Line]]] = {
    "$": [
        [*_arc(0, -0.4, 0.55, 0.4, -30, -270), *_arc(0, 0.4, 0.55, 0.4, -90, 150)],
        [(0.05, -1.15), (-0.05, 1.15)],
    ],
    "€": [_arc(0.2, 0, 0.7, 0.9, 50, 310), [(-0.8, -0.15), (0.4, -0.15)], [(-0.8, 0.2), (0.3, 0.2)]],
    "£": [
        [*_arc(0.1, -0.5, 0.4, 0.4, -30, -180), (-0.25, 0.2), (-0.5, 0.9), (0.6, 0.85)],
        [(-0.6, 0.1), (0.3, 0.1)],
    ],
    "%": [_arc(-0.45, -0.5, 0.28, 0.35), _arc(0.45, 0.5, 0.28, 0.35), [(0.6, -0.95), (-0.6, 0.95)]],
    "#": [
        [(-0.3, -0.9), (-0.45, 0.9)],
        [(0.4, -0.9), (0.25, 0.9)],
        [(-0.7, -0.3), (0.7, -0.35)],
        [(-0.75, 0.35), (0.65, 0.3)],
    ],
    "@": [_arc(0.05, 0.05, 0.3, 0.35), [(0.35, -0.3), (0.35, 0.3), *_arc(0, 0, 0.85, 0.9, 20, -310)]],
    "&": [
        [(0.7, 0.9), (-0.3, -0.4), *_arc(0, -0.65, 0.32, 0.3, 170, 400), (-0.5, 0.3)],
        [(-0.5, 0.3), (-0.5, 0.75), (-0.1, 0.95), (0.4, 0.6), (0.65, 0.1)],
    ],
    "+": [[(-0.55, 0), (0.55, 0.03)], [(0, -0.55), (0.03, 0.55)]],
    "x": [[(-0.45, -0.45), (0.45, 0.5)], [(0.45, -0.5), (-0.45, 0.45)]],
    "÷": [[(-0.55, 0), (0.55, 0)], [(0, -0.5), (0.03, -0.5)], [(0, 0.5), (0.03, 0.5)]],
    "=": [[(-0.55, -0.25), (0.55, -0.22)], [(-0.55, 0.25), (0.55, 0.25)]],
    "-": [[(-0.5, 0), (0.5, 0.03)]],
    "<": [[(0.45, -0.55), (-0.45, 0), (0.45, 0.55)]],
    ">": [[(-0.45, -0.55), (0.45, 0), (-0.45, 0.55)]],
    "/": [[(0.55, -1.3), (-0.55, 1.3)]],
    ".": [[(0, 0.95), (0.03, 0.95)]],
    ",": [[(0, 0.8), (0, 1), (-0.1, 1.3)]],
    ":": [[(0, -0.4), (0.03, -0.4)], [(0, 0.5), (0.03, 0.5)]],
    "(": [_arc(0.3, 0, 0.45, 1.25, 130, 230)],
    ")": [_arc(-0.3, 0, 0.45, 1.25, -50, 50)],
    "[": [[(0.25, -1.1), (-0.2, -1.1), (-0.2, 1.1), (0.25, 1.1)]],
    "]": [[(-0.25, -1.1), (0.2, -1.1), (0.2, 1.1), (-0.25, 1.1)]],
    "?": [[*_arc(0, -0.5, 0.45, 0.4, 180, 390), (0.1, 0.05), (0, 0.4)], [(0, 0.85), (0.03, 0.85)]],
    "!": [[(0, -0.95), (0, 0.4)], [(0, 0.85), (0.03, 0.85)]],
}


def draw(ink: Floats, sign: str, left: float, top: float, height: float, rng: np.random.Generator) -> float:
    """Draw a sign on a page's ink, 0..1, float32 [H, W], and return its width in pixels.

    It begins at `left`; `top` and `height` are those of the digits beside it. Slant, proportions and stroke
    width vary from sign to sign, as in handwriting.
    """
    if sign == " ":
        return SPACE * height
    slant, tilt = rng.uniform(-0.25, 0.1), rng.uniform(-0.05, 0.05)
    bend = np.array([[rng.uniform(0.8, 1.1), slant], [tilt, rng.uniform(0.85, 1.05)]])
    thickness = max(1, round(height * rng.uniform(0.07, 0.12)))
    strokes = [np.asarray(stroke) @ bend.T for stroke in SIGNS[sign]]
    first = min(float(stroke[:, 0].min()) for stroke in strokes)
    last = max(float(stroke[:, 0].max()) for stroke in strokes)
    start = np.array([left - first * height / 2 + thickness / 2, top + height / 2])
    for stroke in strokes:
        trace(ink, start + height / 2 * stroke, 1.0, thickness)
    return (last - first) * height / 2 + thickness
