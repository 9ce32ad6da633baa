"""Skeletons of printed letters: thin, connected, never Greek, and not lost when bent."""

from __future__ import annotations

import unicodedata

import cv2
import numpy as np

from edgedigits_train.outliers import glyphs, letters


def test_thinning_leaves_a_line_of_one_pixel_and_the_shape() -> None:
    ink = np.zeros((40, 40), np.uint8)
    cv2.circle(ink, (20, 20), 12, 1, 5)
    thinned = glyphs.thin(ink > 0)
    assert thinned.sum() < 0.35 * ink.sum()
    assert not (thinned & (ink == 0)).any(), "thinning only takes away"
    holes = cv2.connectedComponents((~thinned).astype(np.uint8), connectivity=4)[0] - 1
    assert holes == 2, "the ring stays closed: its inside and its outside"


def test_no_greek_letter_is_taught_because_greek_measures_the_rejection() -> None:
    names = [unicodedata.name(sign) for sign in letters.GLYPHS]
    assert len(set(names)) == len(names) > 500
    assert not [name for name in names if name.startswith("GREEK")]


def test_every_letter_has_ink_however_it_is_bent() -> None:
    rng = np.random.default_rng(3)
    for letter, skeleton in zip(letters.catalogue(), glyphs.skeletons(), strict=True):
        bent = glyphs.bent(skeleton, rng)
        assert bent.shape == (glyphs.SIDE, glyphs.SIDE)
        assert bent.max() > 100, letter


def test_each_face_adds_letters_of_its_own_form_and_leaves_out_what_passes_for_digits() -> None:
    by_face = {
        face.file: [one.sign for one in letters.catalogue() if one.face == face] for face in letters.FACES
    }
    assert min(len(signs) for signs in by_face.values()) > 200
    assert set(by_face["DejaVuSans.ttf"]) == set(letters.GLYPHS), "the first face has them all"
    for face in letters.FACES:
        assert not set(face.without) & set(by_face[face.file]), face.file
        assert set(face.without) <= set(letters.GLYPHS), "what is left out would be there otherwise"
