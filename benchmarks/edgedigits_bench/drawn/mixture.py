"""Further settings that make a page hard, from which pages with several difficulties are drawn."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from edgedigits_bench.drawn import paper

SETTINGS: Final[tuple[tuple[dict[str, Any], ...], ...]] = (
    # printed on the paper, or lying on it
    (
        {"marks": (paper.rules,)},
        {"marks": (paper.grid,)},
        {"marks": (paper.specks,)},
        {"marks": (paper.rules, paper.specks)},
    ),
    # light
    (
        {"light": paper.hard_shadow},
        {"light": paper.dappled},
        {"light": paper.creases},
        {"light": paper.vignette},
    ),
    # pen
    ({"pen": (-3, -2)}, {"pen": (2, 4)}, {"darkness": (0.3, 0.5)}, {"dry": 0.2}, {"pressure": 0.6}),
    # camera
    (
        {"noise": (6.0, 10.0)},
        {"blur": (1.5, 2.5)},
        {"slope": 8.0, "perspective": 0.06},
        {"size": (640, 480), "height": (28, 45)},
    ),
    # handwriting
    (
        {"gap": (0.0, 0.4)},
        {"headline": (2.0, 3.0), "height": (24, 45)},
        {"framed": True, "gap": (1.1, 1.6)},
        {"signs": True, "gap": (0.5, 1.0)},
    ),
    # surface
    (
        {"table": True},
        {"held": True, "rows": (1, 3)},
        {"ghost": 0.2},
        {"wiped": 0.25},
        {"coloured": True},
        {"bright": True},
    ),
)
"""Groups of settings of `difficulties.Style`; a page has at most one from each."""


def mixed(several: tuple[int, int], rng: np.random.Generator) -> dict[str, Any]:
    """Draw the settings of one page: between least and greatest `several` groups, one setting of each."""
    count = int(rng.integers(several[0], several[1] + 1))
    settings: dict[str, Any] = {}
    for group in rng.choice(len(SETTINGS), count, replace=False):
        choice = SETTINGS[group]
        settings |= choice[int(rng.integers(len(choice)))]
    return settings
