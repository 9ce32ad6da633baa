"""Show a page on a screen: between the even bars of a film, a slide or a window, or on a phone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.results import Box
from edgedigits_bench.drawn.camera import coded
from edgedigits_bench.scoring import Truth

Bytes = npt.NDArray[np.uint8]

LEVELS: Final = ((0, 30), (60, 140), (240, 256))
"""Grey levels of bars: a film's or a phone's, a desktop's, a slide's."""
ABOVE: Final = (0.0, 0.12, 0.6)
BESIDE: Final = (0.0, 0.12, 0.3)
"""Widths of the bars above and below and of those at the sides, as shares of the picture's longer side."""
PHONE: Final = 0.5
"""From this width on, the bars above and below are those of a phone held upright, with none beside."""
CODED: Final = (60, 96)
"""JPEG qualities, as of a screenshot that was sent to somebody."""


def on_screen(picture: Bytes, truth: Truth, rng: np.random.Generator) -> tuple[Bytes, Truth]:
    """Return a page, uint8 [H, W, 3] BGR, between bars, scaled and coded as JPEG, and its truth there."""
    above, beside = 0.0, 0.0
    while not (above or beside):
        above = float(rng.choice(ABOVE))
        beside = 0.0 if above >= PHONE else float(rng.choice(BESIDE))
    level = int(rng.integers(*LEVELS[int(rng.integers(len(LEVELS)))]))
    top, left = (round(share * max(picture.shape)) for share in (above, beside))
    shown: Any = cv2.copyMakeBorder(picture, top, top, left, left, cv2.BORDER_CONSTANT, value=(level,) * 3)
    if above >= PHONE:
        phone_signs(shown, level)
    scale = float(rng.uniform(0.6, 1.0))
    shown = cv2.resize(shown, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    shown = coded(shown, int(rng.integers(*CODED)))

    def moved(box: Box) -> Box:
        x, y, width, height = box
        return (
            round((x + left) * scale),
            round((y + top) * scale),
            round(width * scale),
            round(height * scale),
        )

    return shown, replace(truth, boxes=tuple(map(moved, truth.boxes)))


def phone_signs(screen: Bytes, level: int) -> None:
    """Draw the clock, battery and buttons of a phone onto its screen of that grey level."""
    unit = screen.shape[1] / 36
    ink, thick = (20 if level > 128 else 240,) * 3, max(1, round(unit / 6))
    face = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(
        screen, "9:41", (round(2 * unit), round(2.4 * unit)), face, unit / 18, ink, thick, cv2.LINE_AA
    )
    corners = (round(31 * unit), round(1.2 * unit)), (round(34 * unit), round(2.4 * unit))
    cv2.rectangle(screen, *corners, ink, thick)  # the battery
    low = round(len(screen) - 4 * unit)
    for place in (0.25, 0.5, 0.75):
        centre = round(place * screen.shape[1]), low
        cv2.circle(screen, centre, round(1.2 * unit), ink, thick, cv2.LINE_AA)
    line = [(round(share * screen.shape[1]), round(len(screen) - unit)) for share in (0.35, 0.65)]
    cv2.line(screen, line[0], line[1], ink, max(1, round(unit / 4)))
