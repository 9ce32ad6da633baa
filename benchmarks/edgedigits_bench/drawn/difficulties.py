"""The difficulties: kinds of drawn pages, one problem each, so that a score tells what broke; or several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits_bench.drawn import bindings, forms, paper, printing, symbols

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Style:
    """Settings of one page. Lengths are in pixels, shares in 0..1; pairs are (least, greatest)."""

    size: tuple[int, int] = (960, 720)
    """Width and height of the page."""
    height: tuple[int, int] = (45, 90)
    """Height of the digits of a page."""
    headline: tuple[float, float] = (0.0, 0.0)
    """Height of the digits in a first line, relative to the others; 0 for no headline."""
    rows: tuple[int, int] = (1, 4)
    close: bool = False
    """Whether the camera is so close that a few digits fill the picture; they may stand near its edges."""
    gap: tuple[float, float] = (0.35, 1.2)
    """Gap between neighbours, as a share of the digit height; negative where they touch."""
    pitch: tuple[float, float] = (1.6, 2.2)
    """Distance from one row to the next, in digit heights."""
    darkness: tuple[float, float] = (0.6, 0.95)
    """Share of the light that the ink absorbs."""
    pen: tuple[int, int] = (-1, 1)
    """Change of the stroke width, in pixels of a digit 40 high."""
    slope: float = 2.0
    """Greatest slope of the lines, in degrees either way."""
    turned: tuple[float, float] = (0.0, 0.0)
    """Angle by which the camera is turned, in degrees either way, paper included."""
    perspective: float = 0.0
    """Greatest shift of a corner, as a share of the size."""
    blur: tuple[float, float] = (0.4, 1.0)
    """Standard deviation of the camera's blur."""
    noise: tuple[float, float] = (1.0, 4.0)
    """Standard deviation of the sensor noise, in grey levels."""
    exposure: tuple[float, float] = (1.0, 1.0)
    """Share of the full light."""
    sharpened: tuple[float, float] = (0.0, 0.0)
    """Strength of the camera's unsharp mask."""
    bright: bool = False
    marks: tuple[Callable[[Floats, np.random.Generator, float], Floats], ...] = ()
    """Other ink on the page: functions of the ink, 0..1, a generator and the digit height."""
    light: Callable[[tuple[int, int], np.random.Generator], Floats] = field(default=paper.gradient)
    dry: float = 0.0
    """Share of the ink that a dry pen leaves out."""
    pressure: float = 0.0
    """Share of the ink that is missing where the hand presses least; the pressure varies over each digit."""
    table: bool = False
    """Whether the page is a sheet that lies on something."""
    margin: tuple[float, float] = (0.0, 0.0)
    """Margin of that sheet around the writing, in digit heights; 0 keeps the whole page."""
    held: bool = False
    """Whether the page is a sheet held in front of a camera."""
    cast: Callable[[tuple[int, int], np.random.Generator], Floats] | None = None
    """Light that falls on what is around the sheet, too."""
    coloured: bool = False
    """Whether pen and paper differ in colour rather than in brightness."""
    framed: bool = False
    """Whether each digit stands in a box or ring."""
    blanks: bool = False
    """Whether each digit stands on a blank of a form."""
    barred: bool = False
    """Whether bars stand above and below numbers, as in fractions and sums."""
    ghost: float = 0.0
    """Greatest share of the ink on the back that shines through, mirrored and blurred."""
    wiped: float = 0.0
    """Greatest share that is left of earlier writing wiped off a board."""
    signs: bool = False
    """Whether commas, points and arithmetic signs stand between digits."""
    corrected: bool = False
    """Whether the page was corrected, with rings around numbers, and ticks and crosses beside them."""
    figures: bool = False
    """Whether something is drawn around numbers or beside them: hearts, trees, brackets, scales."""
    shaded_rows: bool = False
    """Whether some rows are tinted, as in tables."""
    patterns: tuple[str, ...] = ()
    """Patterns of the rows, as in `symbols`, if they hold more than digits."""
    raised: float = 0.0
    """Probability of an exponent, a digit of half the height, behind a digit."""
    drill: bool = False
    """Whether all digits of a page are the same, as on sheets for collecting samples."""
    words: float = 0.0
    """Probability of a printed word in front of a digit."""
    capital: tuple[float, float] = (0.8, 1.0)
    """Height of the word's capitals, as a share of the digit height."""
    tiles: bool = False
    """Whether it shows pictures of single digits side by side instead of a page."""
    cut: tuple[float, float] | None = None
    """Margin around a line that is cut out of the page, as a share of its height; None cuts nothing out."""
    screen: bool = False
    """Whether the page is shown on a screen, between bars."""
    several: tuple[int, int] = (0, 0)
    """How many settings of `mixture` a page has in addition to these."""


_PLAIN: Final = Style()
_ALONE: Final[dict[str, Style]] = {
    "plain": _PLAIN,
    "ruled": replace(_PLAIN, marks=(paper.rules,)),
    "grid": replace(_PLAIN, marks=(paper.grid,)),
    "notebook": replace(_PLAIN, marks=(paper.rules,), pen=(-3, -2)),
    "pencil": replace(_PLAIN, marks=(paper.rules,), darkness=(0.25, 0.4)),
    "askew": replace(_PLAIN, marks=(paper.rules,), turned=(8.0, 20.0), darkness=(0.35, 0.95), pen=(-2, 1)),
    "squared": replace(_PLAIN, marks=(paper.grid,), pen=(-2, 0), height=(22, 34)),
    "shadow": replace(_PLAIN, light=paper.hard_shadow),
    "dappled": replace(_PLAIN, light=paper.dappled),
    "creased": replace(_PLAIN, light=paper.creases),
    "vignette": replace(_PLAIN, light=paper.vignette),
    "headline": replace(_PLAIN, height=(28, 45), headline=(2.0, 5.0)),
    "sloped": replace(_PLAIN, slope=10.0, perspective=0.06),
    "faint": replace(_PLAIN, darkness=(0.15, 0.3), noise=(1.0, 2.5)),
    "dry": replace(_PLAIN, dry=0.25),
    "crayon": replace(_PLAIN, dry=0.3, pen=(1, 5), height=(60, 120), rows=(1, 3), gap=(0.35, 0.8)),
    "pressed": replace(_PLAIN, pressure=0.7),
    "thin": replace(_PLAIN, pen=(-3, -2)),
    "thick": replace(_PLAIN, pen=(3, 6), height=(90, 180), rows=(1, 2), gap=(0.5, 1.0)),
    "small": replace(_PLAIN, size=(640, 480), height=(22, 30), noise=(2.0, 5.0)),
    "noisy": replace(_PLAIN, size=(640, 480), noise=(8.0, 16.0), blur=(0.8, 1.6)),
    "grainy": replace(_PLAIN, size=(640, 480), height=(35, 60), darkness=(0.2, 0.35), noise=(8.0, 14.0)),
    "chalk": replace(_PLAIN, bright=True),
    "dim": replace(_PLAIN, bright=True, exposure=(0.12, 0.35), noise=(1.0, 3.0)),
    "sharpened": replace(_PLAIN, marks=(paper.rules,), sharpened=(1.0, 3.0), pen=(-2, 1)),
    "touching": replace(_PLAIN, gap=(-0.1, 0.25)),
    "specks": replace(_PLAIN, marks=(paper.specks,)),
    "large": replace(_PLAIN, size=(4000, 3000), height=(150, 420)),
    "table": replace(_PLAIN, table=True),
    "note": replace(_PLAIN, table=True, margin=(0.25, 0.8), height=(35, 70)),
    "held": replace(_PLAIN, held=True, height=(50, 110), rows=(1, 3)),
    "boxed": replace(_PLAIN, framed=True, gap=(1.1, 1.6)),
    "bordered": replace(_PLAIN, framed=True, gap=(1.1, 1.6), marks=(forms.border,)),
    "blanks": replace(_PLAIN, blanks=True, slope=0.5, pen=(-2, 1)),
    "bound": replace(_PLAIN, marks=(bindings.binding,)),
    "coloured": replace(_PLAIN, coloured=True),
    "bleed": replace(_PLAIN, ghost=0.22),
    "wiped": replace(_PLAIN, wiped=0.3),
    "signs": replace(_PLAIN, signs=True, gap=(0.5, 1.0)),
    "amounts": replace(_PLAIN, patterns=symbols.PATTERNS, gap=(0.12, 0.4), height=(45, 75), rows=(3, 5)),
    "raised": replace(_PLAIN, raised=0.4, gap=(0.5, 1.2), pen=(-2, 1)),
    "corrected": replace(
        _PLAIN, corrected=True, patterns=symbols.NUMBERS, gap=(0.12, 0.4), height=(45, 75), rows=(3, 5)
    ),
    "figures": replace(
        _PLAIN,
        figures=True,
        patterns=symbols.APART,
        gap=(0.1, 0.3),
        height=(32, 46),
        rows=(2, 4),
        pitch=(2.7, 3.2),
    ),
    "shaded": replace(_PLAIN, shaded_rows=True, rows=(3, 6), height=(40, 65)),
    "drill": replace(_PLAIN, drill=True, rows=(3, 6), height=(35, 70)),
    "words": replace(_PLAIN, words=0.25, gap=(0.1, 0.35), height=(35, 60)),
    "listed": replace(_PLAIN, patterns=symbols.LISTS, gap=(0.12, 0.4), height=(40, 65), rows=(3, 6)),
    "dated": replace(_PLAIN, patterns=symbols.DATES, gap=(0.12, 0.4), height=(40, 65), rows=(3, 6)),
    "barred": replace(_PLAIN, barred=True, gap=(0.2, 0.5), height=(40, 65)),
    "labelled": replace(_PLAIN, words=0.15, capital=(0.2, 0.6), gap=(0.2, 0.7)),
    "printed": replace(_PLAIN, marks=(printing.paragraphs,)),
    "cropped": replace(_PLAIN, cut=(0.0, 0.15), rows=(1, 1), several=(0, 2)),
    "tiles": replace(_PLAIN, tiles=True),
    "screen": replace(_PLAIN, screen=True, several=(0, 1)),
    "mixed": replace(_PLAIN, several=(2, 3)),
    "close": replace(
        _PLAIN,
        close=True,
        size=(640, 480),
        height=(150, 330),
        rows=(1, 1),
        gap=(0.2, 0.8),
        slope=4.0,
        several=(0, 2),
    ),
}
_TOGETHER: Final[dict[str, Style]] = {  # two problems, of which one hides what tells the other
    "exercise": replace(_ALONE["corrected"], marks=(paper.rules,)),
    "fields": replace(_ALONE["boxed"], marks=(paper.rules,), darkness=(0.3, 0.6)),
    "shady": replace(_ALONE["note"], cast=paper.hard_shadow),
    "dusk": replace(_ALONE["dappled"], darkness=(0.35, 0.6)),
    "unfocused": replace(_ALONE["amounts"], blur=(1.2, 2.0)),
}
DIFFICULTIES: Final = {**_ALONE, **_TOGETHER}
