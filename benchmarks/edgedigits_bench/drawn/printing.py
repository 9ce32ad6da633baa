"""Printed words, as forms and notes have them beside numbers: many of their letters look like digits."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edgedigits_bench.drawn.paper import Floats

WORDS: Final = (
    "Amount April Blood Bottle Box Bus Cash Date Degrees Due From Gate Glass Hello Hill Hours Item June "
    "Kilo Level Line Litres March Miles Monday Name Noon North Number Old Paid Page Possible Price Quiz "
    "Room School Size Sold Street Sum Tel Time To Total Week Yes Zero Zone"
)
"""What is printed, with spaces between."""
FACES: Final = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansMono", "STIXGeneralItalic")
"""Fonts that come with matplotlib."""
CAPITAL: Final = 0.72
"""Height of a capital letter, as a share of the font's size."""


def word(face: str, capital: float, rng: np.random.Generator) -> Floats:
    """One of `WORDS`, in small letters, capitals or both: its ink, 0..1, float32 [h, w].

    `capital` is the height of a capital letter in pixels.
    """
    import matplotlib
    from matplotlib.ft2font import FT2Font

    text = str(rng.choice(WORDS.split()))
    text = (text, text.upper(), text.lower())[int(rng.integers(3))]
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{face}.ttf"))
    font.set_size(capital / CAPITAL, 72)
    font.set_text(text)
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.array(font.get_image(), np.uint8)
    x, y, w, h = cv2.boundingRect(ink)
    return np.asarray(ink[y : y + h, x : x + w] / np.float32(255), np.float32)


def print_word(
    ink: Floats, face: str, left: float, bottom: float, height: float, rng: np.random.Generator
) -> float:
    """Print a word on a page's ink, 0..1, float32 [H, W], if it has room there.

    Returns where, across the page, something else may begin. `left` and `bottom` are where the word begins
    and what it stands on, `height` is that of the page's digits.
    """
    drawn = word(face, height * rng.uniform(0.8, 1.0), rng)
    x, y = round(left + 0.3 * height), round(bottom) - len(drawn)
    if y >= 0 and y + len(drawn) <= len(ink) and x + drawn.shape[1] <= ink.shape[1]:
        area = ink[y : y + len(drawn), x : x + drawn.shape[1]]
        np.maximum(area, drawn, out=area)
    return float(x + drawn.shape[1] + height * rng.uniform(0.6, 1.2))
