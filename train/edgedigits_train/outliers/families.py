"""Make outliers, pictures that show no digit: the eleventh class of the training mix.

A network that has only ever seen digits calls a coffee stain an 8. Here it also sees random combinations
of strokes, letters of stroke fonts and of many scripts, hand-drawn signs, digits that `remade` turned into
something else, rules, blots and textures. What a person would take for a digit is left out where that is
known beforehand (an O, an l); elsewhere it is too rare to do harm.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.canonical import canonical
from edgedigits_train.outliers import glyphs, remade
from edgedigits_train.outliers.signs import curve, strokes_of_sign

Image = npt.NDArray[np.uint8]
Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]

SIDE = 28
_CANVAS = 96
"""Side of the canvas: strokes are drawn large and framed down, so that their edges are grey like a pen's."""
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYacdefghjkmnpqrtuvwxy&%#@?=+*<>"
"""Without letters that pass for digits in some hand: O o 0, I i l | 1, S s 5, Z z 2, b 6. (g and q stay:
with the straight or hooked tail of a stroke font they are letters.)"""
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)


def framed(canvas: Image) -> Image:
    """Soften and frame the canvas like any ink; a blank one stays blank."""
    return canonical(np.asarray(cv2.GaussianBlur(canvas, (0, 0), 1.2), np.uint8) // 8 * 8)


def _pen(canvas: Image, points: npt.NDArray[np.float64], width: int) -> None:
    cv2.polylines(canvas, [np.rint(points * 16).astype(np.int32)], False, 255, width, cv2.LINE_AA, 4)


def _one_stroke(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return points [n, 2] in canvas pixels: a line, an arc, a wave, a loop with a tail, or a hook."""
    centre = rng.uniform(0.3, 0.7, 2)
    angle, size = rng.uniform(0, 2 * np.pi), rng.uniform(0.12, 0.34)
    t = np.linspace(0, 1, 24)
    kind = rng.integers(5)
    if kind == 0:
        local = np.stack([2 * t - 1, 0.15 * rng.standard_normal() * np.sin(np.pi * t)], 1)
    elif kind == 1:
        sweep = rng.uniform(1.5, 5.5)
        local = np.stack([np.cos(sweep * t), np.sin(sweep * t) * rng.uniform(0.4, 1)], 1)
    elif kind == 2:
        local = np.stack([2 * t - 1, rng.uniform(0.2, 0.6) * np.sin(rng.uniform(1.5, 4) * np.pi * t)], 1)
    elif kind == 3:
        turn = rng.uniform(5.5, 8.5) * t
        radius = 1 - rng.uniform(0, 0.8) * t
        local = np.stack([radius * np.cos(turn) + rng.uniform(-1, 1) * t, radius * np.sin(turn)], 1)
    else:
        corner = rng.uniform(-1, 1, (3, 2))
        local = np.concatenate([np.linspace(corner[0], corner[1], 12), np.linspace(corner[1], corner[2], 12)])
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.asarray((centre + size * local @ np.array([[cosine, sine], [-sine, cosine]])) * _CANVAS)


def scribble(rng: np.random.Generator) -> Image:
    """Draw three to five random strokes: pseudo-letters, crosses, tangles.

    Not two: every sixth pair would be a digit.
    """
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    width = int(rng.integers(4, 12))
    strokes = [_one_stroke(rng) for _ in range(rng.integers(3, 6))]
    if rng.random() < 0.5:
        # Without lifting the pen: each stroke begins where the one before ended.
        for before, after in pairwise(strokes):
            after += before[-1] - after[0]
    for points in strokes:
        _pen(canvas, points, width)
    return framed(canvas)


def script(rng: np.random.Generator) -> Image:
    """Draw one or two smooth curves through a few random points: loops, hooks, letters."""
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    width = int(rng.integers(4, 11))
    movements = 1 if rng.random() < 0.4 else 2
    for _ in range(movements):
        # A single curve through fewer points is a digit too often.
        points = rng.uniform(0.15, 0.85, (int(rng.integers(8 - 2 * movements, 9)), 2)) * _CANVAS
        for part in curve(points):
            _pen(canvas, part, width)
    return framed(canvas)


def letter(rng: np.random.Generator) -> Image:
    """Draw a letter or symbol of one of OpenCV's stroke fonts, slanted and stretched."""
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    sign = str(rng.choice(list(_LETTERS)))
    cv2.putText(
        canvas, sign, (24, 68), int(rng.choice(_FONTS)), 2.0, 255, int(rng.integers(2, 9)), cv2.LINE_AA
    )
    shear = np.array([[rng.uniform(0.7, 1.3), rng.uniform(-0.5, 0.5), 0], [rng.uniform(-0.3, 0.3), 1, 0]])
    shear[:, 2] = 48 - shear[:, :2] @ [48, 48]
    return framed(np.asarray(cv2.warpAffine(canvas, shear, (_CANVAS, _CANVAS)), np.uint8))


def glyph(rng: np.random.Generator) -> Image:
    """Draw a letter of one of ten scripts, bent as in handwriting."""
    return framed(glyphs.draw(rng))


def sign(rng: np.random.Generator) -> Image:
    """Draw a handwritten sign, as used with money, sums, remarks or lists."""
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    width = int(rng.integers(3, 10))
    for points in strokes_of_sign(rng):
        _pen(canvas, _CANVAS * (0.5 + 0.35 * points), width)
    return framed(canvas)


def rule(rng: np.random.Generator) -> Image:
    """Draw a few straight lines across the frame, mostly upright or level: rules, ticks, parts of tables."""
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    for _ in range(rng.integers(1, 4)):
        at, lean = rng.uniform(10, 86), rng.uniform(-14, 14)
        points = np.array([[-4, at - lean], [100, at + lean]])
        _pen(canvas, points if rng.random() < 0.7 else points[:, ::-1], int(rng.integers(2, 10)))
    out: Image = np.asarray(cv2.resize(canvas, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    # A single upright line is a 1, so a lone rule stays level and full-width instead of being framed.
    return out if out[:, [0, -1]].any() else out.T.copy()


def blot(rng: np.random.Generator) -> Image:
    """Draw stains, dots and filled shapes."""
    canvas = np.zeros((_CANVAS, _CANVAS), np.uint8)
    for _ in range(rng.integers(1, 5)):
        centre = [int(v) for v in rng.integers(24, 72, 2)]
        axes = [int(v) for v in rng.integers(6, 30, 2)]
        cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 180)), 0, 360, 255, -1, cv2.LINE_AA)
    if rng.random() < 0.3:
        ragged = cv2.resize(
            rng.random((12, 12), np.float32), (_CANVAS, _CANVAS), interpolation=cv2.INTER_CUBIC
        )
        canvas[ragged > 0.65] = 0
    return framed(canvas)


def texture(rng: np.random.Generator) -> Image:
    """Draw noise of any grain, sometimes thresholded, down to an almost blank frame."""
    side = int(rng.integers(3, 29))
    field = cv2.resize(rng.random((side, side), np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.5:
        field = (field > rng.uniform(0.3, 0.8)).astype(np.float32)
    return np.asarray(np.clip(field * rng.uniform(0.05, 1), 0, 1) * 255, np.uint8)


_DRAWN: tuple[tuple[Callable[[np.random.Generator], Image], float], ...] = (
    (scribble, 0.1),
    (script, 0.12),
    (letter, 0.06),
    (glyph, 0.3),
    (sign, 0.0),
    (rule, 0.04),
    (blot, 0.04),
    (texture, 0.02),
)
_FROM_DIGITS: tuple[tuple[Callable[[Images, Labels, np.random.Generator], Image], float], ...] = (
    (remade.mirrored, 0.18),
    (remade.crossed, 0.1),
    (remade.flagged, 0.06),
    (remade.compound, 0.08),
    (remade.strokes, 0.05),
    (remade.part, 0.05),
    (remade.touching, 0.08),
)
FAMILIES = tuple(maker.__name__ for maker, _ in (*_DRAWN, *_FROM_DIGITS))


def make_outliers(
    count: int, digits: Images, labels: Labels, rng: np.random.Generator, *, signs: float = 0.0
) -> Images:
    """Return `count` outliers, uint8 [count, 28, 28], bright on black, framed like MNIST.

    `digits` uint8 [N, 28, 28] and `labels` [N] are training pictures, from which some outliers are made.
    `signs`, 0..1, is the share of signs; 0 draws the same outliers as before signs were added.
    """
    shares = np.array([share for _, share in (*_DRAWN, *_FROM_DIGITS)])
    shares = shares / shares.sum() * (1 - signs)
    shares[FAMILIES.index("sign")] = signs
    out = np.zeros((count, SIDE, SIDE), np.uint8)
    for index, kind in enumerate(rng.choice(len(shares), count, p=shares)):
        out[index] = _one(kind, digits, labels, rng)
    return out


def of_family(name: str, count: int, digits: Images, labels: Labels, rng: np.random.Generator) -> Images:
    """Return `count` outliers, at least one, of one of `FAMILIES`; otherwise like `make_outliers`."""
    kind = FAMILIES.index(name)
    return np.stack([_one(kind, digits, labels, rng) for _ in range(count)])


def _one(kind: int, digits: Images, labels: Labels, rng: np.random.Generator) -> Image:
    """Return one outlier of the family with this index in `FAMILIES`."""
    if kind < len(_DRAWN):
        return _DRAWN[kind][0](rng)
    return _FROM_DIGITS[kind - len(_DRAWN)][0](digits, labels, rng)
