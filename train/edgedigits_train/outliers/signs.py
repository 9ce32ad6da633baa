"""Handwritten signs that stand beside digits: of money, sums, remarks and lists.

Stroke fonts have a single shape for each, and the letters of many scripts include none, while a page of
prices or sums has one in every row. Signs that alone are a 1 or a 0 in some hand are left out: brackets,
slashes, bars, the degree sign.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Stroke = list[tuple[float, float]]


def _ring(x: float, y: float, across: float, down: float, start: float = 0, end: float = 360) -> Stroke:
    """Return points of an ellipse around (x, y), or of an arc of it, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 9))
    return [(x + across * float(np.cos(a)), y + down * float(np.sin(a))) for a in angles]


_S: Final[Stroke] = [
    (0.5, -0.65),
    (0.05, -0.85),
    (-0.45, -0.5),
    (0, -0.05),
    (0.45, 0.4),
    (0.05, 0.85),
    (-0.5, 0.6),
]
_WAVE: Final[Stroke] = [(-0.7, 0.1), (-0.4, -0.2), (0, 0), (0.4, 0.2), (0.7, -0.1)]
_LOBE: Final[Stroke] = [(-0.75, 0), (-0.6, -0.6), (-0.15, -0.55)]
_ROUND: Final[dict[str, list[Stroke]]] = {
    "dollar": [_S, [(0, -1.15), (0, 1.15)]],
    "dollar of two bars": [_S, [(-0.12, -1.1), (-0.12, 1.1)], [(0.12, -1.1), (0.12, 1.1)]],
    "dollar, its bar not drawn through": [_S, [(0.03, -1.2), (0, -0.7)], [(0, 0.7), (-0.03, 1.2)]],
    "euro": [_ring(0.2, 0, 0.7, 0.9, 50, 310), [(-0.8, -0.15), (0.4, -0.15)], [(-0.8, 0.2), (0.3, 0.2)]],
    "cent": [_ring(0.1, 0, 0.6, 0.7, 45, 315), [(0.15, -1.1), (0.05, 1.1)]],
    "pound": [
        [(0.5, -0.6), (0.2, -0.9), (-0.15, -0.6), (-0.1, 0.2), (-0.5, 0.9), (0.6, 0.8)],
        [(-0.5, 0.1), (0.3, 0.1)],
    ],
    "percent": [_ring(-0.45, -0.5, 0.3, 0.35), _ring(0.45, 0.5, 0.3, 0.35), [(0.6, -0.95), (-0.6, 0.95)]],
    "small percent": [_ring(-0.4, -0.55, 0.25, 0.3), _ring(0.4, 0.55, 0.25, 0.3), [(0.5, -0.8), (-0.5, 0.8)]],
    "at": [
        _ring(0, 0, 0.3, 0.35),
        [(0.35, -0.35), (0.35, 0.3), (0.7, 0.3), *_ring(0, 0, 0.9, 0.95, 0, -300)],
    ],
    "ampersand": [
        [(0.7, 0.9), (-0.25, -0.35), (-0.3, -0.75), (0.05, -0.95), (0.3, -0.65), (-0.5, 0.3)],
        [(-0.5, 0.3), (-0.45, 0.8), (0, 0.95), (0.45, 0.6), (0.65, 0.1)],
    ],
    "small dollar": [
        [(0.45, -0.3), (0, -0.6), (-0.35, -0.3), (0.3, 0.1), (0.3, 0.5), (-0.1, 0.7)],
        [(0, -1), (0, 1)],
    ],
    "question": [
        [(-0.45, -0.5), (-0.1, -0.95), (0.4, -0.6), (0.05, -0.1), (0, 0.4)],
        [(0, 0.85), (0.03, 0.88)],
    ],
    "about": [_WAVE, [(-0.7, 0.6), (-0.4, 0.3), (0, 0.5), (0.4, 0.7)]],
    "heart": [[(0, 0.8), *_LOBE, (0, -0.2), *[(-x, y) for x, y in reversed(_LOBE)], (0, 0.8)]],
    "face": [
        _ring(0, 0, 0.9, 0.9),
        [(-0.3, -0.3), (-0.28, -0.25)],
        [(0.3, -0.3), (0.28, -0.25)],
        _ring(0, 0.1, 0.45, 0.4, 20, 160),
    ],
    "infinity": [
        [(-0.9, 0.3), (-0.3, -0.35), (0.3, 0.35), (0.9, 0), (0.3, -0.35), (-0.3, 0.35), (-0.9, -0.1)]
    ],
}
"""Strokes whose points are joined by a smooth curve; x and y from the centre, in halves of the height."""
_STRAIGHT: Final[dict[str, list[Stroke]]] = {
    "yen": [
        [(-0.7, -0.9), (0, 0), (0.7, -0.9)],
        [(0, 0), (0, 0.95)],
        [(-0.45, 0.15), (0.45, 0.15)],
        [(-0.45, 0.5), (0.45, 0.5)],
    ],
    "number": [
        [(-0.3, -0.9), (-0.45, 0.9)],
        [(0.4, -0.9), (0.25, 0.9)],
        [(-0.7, -0.3), (0.7, -0.35)],
        [(-0.75, 0.35), (0.65, 0.3)],
    ],
    "plus": [[(-0.6, 0), (0.6, 0)], [(0, -0.6), (0, 0.6)]],
    "broad plus": [[(-0.8, 0), (0.8, 0)], [(0, -0.6), (0, 0.6)]],
    "high plus": [[(-0.5, 0), (0.5, 0)], [(0, -0.8), (0, 0.8)]],
    "times": [[(-0.6, -0.6), (0.6, 0.6)], [(0.6, -0.6), (-0.6, 0.6)]],
    "divided by": [[(-0.6, 0), (0.6, 0)], [(0, -0.5), (0.03, -0.47)], [(0, 0.5), (0.03, 0.53)]],
    "equals": [[(-0.6, -0.25), (0.6, -0.25)], [(-0.6, 0.25), (0.6, 0.25)]],
    "unequal": [[(-0.6, -0.25), (0.6, -0.25)], [(-0.6, 0.25), (0.6, 0.25)], [(0.35, -0.8), (-0.35, 0.8)]],
    "plus or minus": [[(-0.6, -0.4), (0.6, -0.4)], [(0, -1), (0, 0.2)], [(-0.6, 0.6), (0.6, 0.6)]],
    "less": [[(0.55, -0.65), (-0.55, 0), (0.55, 0.65)]],
    "more": [[(-0.55, -0.65), (0.55, 0), (-0.55, 0.65)]],
    "at most": [[(0.55, -0.7), (-0.55, -0.1), (0.55, 0.4)], [(-0.5, 0.8), (0.55, 0.8)]],
    "exclamation": [[(0, -0.95), (0, 0.35)], [(0, 0.85), (0.03, 0.88)]],
    "arrow": [[(-0.9, 0), (0.9, 0)], [(0.45, -0.4), (0.9, 0), (0.45, 0.4)]],
    "arrow back": [[(0.9, 0), (-0.9, 0)], [(-0.45, -0.4), (-0.9, 0), (-0.45, 0.4)]],
    "arrow down": [[(0, -0.9), (0, 0.9)], [(-0.4, 0.45), (0, 0.9), (0.4, 0.45)]],
    "tick": [[(-0.5, 0.1), (-0.15, 0.8), (0.7, -0.9)]],
    "low tick": [[(-0.6, 0.05), (-0.2, 0.6), (0.7, -0.5)]],
    "asterisk": [[(0, -0.6), (0, 0.6)], [(-0.5, -0.3), (0.5, 0.3)], [(0.5, -0.3), (-0.5, 0.3)]],
    "star": [[(-0.5, 0.8), (0, -0.95), (0.5, 0.8), (-0.8, -0.25), (0.8, -0.25), (-0.5, 0.8)]],
    "root": [[(-0.8, 0.1), (-0.5, 0), (-0.25, 0.9), (0.15, -0.95), (0.9, -0.95)]],
    "box": [[(-0.8, -0.7), (0.8, -0.7), (0.8, 0.7), (-0.8, 0.7), (-0.8, -0.7)]],
}
"""The same for strokes whose points are corners."""
_SIGNS: Final = [*((sign, True) for sign in _ROUND.values()), *((sign, False) for sign in _STRAIGHT.values())]
_BEND: Final = 0.09
"""Standard deviation of a hand's deviation from the points of a sign, in halves of its height."""


def strokes_of_sign(rng: np.random.Generator) -> list[Points]:
    """Draw a random sign in a random hand: points [n, 2] of each stroke, from its centre, in half-heights."""
    sign, smooth = _SIGNS[rng.integers(len(_SIGNS))]
    bend = np.array([[rng.uniform(0.55, 1.25), rng.uniform(-0.4, 0.25)], [rng.uniform(-0.15, 0.15), 1]])
    drawn = []
    for stroke in sign:
        # Each stroke deviates as a whole, and each of its points by itself.
        points = np.array(stroke) + rng.normal(0, _BEND, 2) + rng.normal(0, _BEND, (len(stroke), 2))
        drawn.append((np.concatenate(curve(points)) if smooth else points) @ bend.T)
    return drawn


def curve(points: Points) -> list[Points]:
    """Join points [n, 2], n >= 2, by a Catmull-Rom spline, the usual curve through given points.

    Returns the points [10, 2] of each of its n - 1 segments.
    """
    t = np.linspace(0, 1, 10)[:, None]
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    return [
        b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    ]
