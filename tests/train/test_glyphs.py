"""Skeletons of printed letters: thin, whole, never Greek, and bent without being lost."""

from __future__ import annotations

import unicodedata

import cv2
import numpy as np

from edgedigits_train import glyphs


def test_thinning_leaves_a_line_of_one_pixel_and_the_shape() -> None:
    ink = np.zeros((40, 40), np.uint8)
    cv2.circle(ink, (20, 20), 12, 1, 5)
    thinned = glyphs.thin(ink > 0)
    assert thinned.sum() < 0.35 * ink.sum()
    assert not (thinned & (ink == 0)).any(), "thinning only takes away"
    holes = cv2.connectedComponents((~thinned).astype(np.uint8), connectivity=4)[0] - 1
    assert holes == 2, "the ring stays closed: its inside and its outside"


def test_no_greek_letter_is_taught_because_greek_measures_the_rejection() -> None:
    names = [unicodedata.name(sign) for sign in glyphs.GLYPHS]
    assert len(set(names)) == len(names) > 500
    assert not [name for name in names if name.startswith("GREEK")]


def test_every_letter_has_ink_however_it_is_bent() -> None:
    rng = np.random.default_rng(3)
    for sign, skeleton in zip(glyphs.GLYPHS, glyphs.skeletons(), strict=True):
        bent = glyphs.bent(skeleton, rng)
        assert bent.shape == (glyphs.SIDE, glyphs.SIDE)
        assert bent.max() > 100, sign
