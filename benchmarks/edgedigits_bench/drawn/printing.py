"""Printed words, as on forms and notes beside numbers: many of their letters look like digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from edgedigits_bench.drawn.paper import Floats

WORDS: Final = (
    "Amount April Blood Bottle Box Bus Cash Date Degrees Due From Gate Glass Hello Hill Hours Item June "
    "Kilo Level Line Litres March Miles Monday Name Noon North Number Old Paid Page Possible Price Quiz "
    "Room School Size Sold Street Sum Tel Time To Total Week Yes Zero Zone"
)
"""The words that are printed, separated by spaces."""
FACES: Final = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSansMono", "STIXGeneralItalic")
"""Fonts that come with matplotlib."""
CAPITAL: Final = 0.72
"""Height of a capital letter, as a share of the font size."""


def word(face: str, capital: float, rng: np.random.Generator) -> Floats:
    """Draw one of `WORDS` in small letters, capitals or both: its ink, 0..1, float32 [h, w].

    `capital` is the height of a capital letter in pixels.
    """
    text = str(rng.choice(WORDS.split()))
    return _ink_of((text, text.upper(), text.lower())[int(rng.integers(3))], _font(face, capital))


def _font(face: str, capital: float) -> Any:
    import matplotlib
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{face}.ttf"))
    font.set_size(capital / CAPITAL, 72)
    return font


def _ink_of(text: str, font: Any) -> Floats:
    font.set_text(text)
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.array(font.get_image(), np.uint8)
    x, y, w, h = cv2.boundingRect(ink)
    return np.asarray(ink[y : y + h, x : x + w] / np.float32(255), np.float32)


def paragraphs(ink: Floats, rng: np.random.Generator, height: float) -> Floats:
    """Draw printed text above and below the writing, as in letters and forms: float32 [H, W], 0..1.

    `ink` is the writing, float32 [H, W]; `height` is that of its digits. Printed capitals are at most half
    as high, and at least 8 pixels.
    """
    page = np.zeros_like(ink)
    capital = float(rng.uniform(8, max(8.0, height / 2)))
    font = _font(str(rng.choice(FACES)), capital)
    darkness, pitch = rng.uniform(0.5, 0.9), capital * rng.uniform(1.6, 2.2)
    left, most = round(0.05 * ink.shape[1]), round(0.9 * ink.shape[1])
    _, top, _, down = cv2.boundingRect((ink > 0).astype(np.uint8))
    for start, end in ((0.03 * len(ink), top - pitch), (top + down + capital, 0.97 * len(ink) - pitch)):
        for y in np.arange(start, end, pitch).astype(int):
            line = _ink_of(_text(font, most, rng), font)
            page[y : y + len(line), left : left + line.shape[1]] = darkness * line
    return page


def _text(font: Any, most: int, rng: np.random.Generator) -> str:
    """Return as many words as fit into a line of `most` pixels."""
    words = rng.permutation(WORDS.split()).tolist()
    text = words[0]
    for other in words[1:]:
        longer = f"{text} {other.lower()}"
        font.set_text(longer)
        if font.get_width_height()[0] / 64 > most:  # measured in 64ths
            break
        text = longer
    return str(text)


def print_word(
    ink: Floats, drawn: Floats, left: float, bottom: float, height: float, rng: np.random.Generator
) -> float:
    """Print a word on a page's ink, 0..1, float32 [H, W], if there is room for it.

    `drawn` is the `word`; `left` and `bottom` are the start of its base line, and `height` is that of the
    page's digits. Returns the x at which the next thing may begin.
    """
    x, y = round(left + 0.3 * height), round(bottom) - len(drawn)
    if y >= 0 and y + len(drawn) <= len(ink) and x + drawn.shape[1] <= ink.shape[1]:
        area = ink[y : y + len(drawn), x : x + drawn.shape[1]]
        np.maximum(area, drawn, out=area)
    return float(x + drawn.shape[1] + height * rng.uniform(0.6, 1.2))
