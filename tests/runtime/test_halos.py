"""Bright halos around strokes: pictures that a camera has sharpened."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from handwriting import write

from edgedigits import Classifier, Reader
from edgedigits.ink.background import COARSE_SIDE, ground_of, shrink
from edgedigits.ink.halos import is_hazy, without_rims

LINES = ("238772", "732838", "827387")


def page(strength: float, noise: float = 1.0, *, bright: bool = False, ruled: bool = False) -> Any:
    """Return three lines of digits with noise, then sharpened by `strength`: uint8 [480, 640]."""
    picture = np.full((480, 640), 190.0, np.float32)
    if ruled:
        for y in range(60, 480, 70):
            cv2.line(picture, (0, y), (639, y - 8), 110, 2, cv2.LINE_AA)
    for row, line in enumerate(LINES):
        for place, sign in enumerate(line):
            write(picture, sign, (60 + 55 * place, 60 + 104 * row), 60, 3, 55)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.8)
    picture += np.random.default_rng(3).normal(0, noise, picture.shape)
    picture += strength * (picture - cv2.GaussianBlur(picture, (0, 0), 2))
    grey = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return ~grey if bright else grey


@pytest.mark.parametrize(
    ("picture", "rims", "why"),
    [
        (page(0), False, "as it was written"),
        (page(2.5), True, "sharpened"),
        (page(2.5, bright=True), True, "and on a dark ground, where rims are dark"),
        (page(2.5, ruled=True), True, "rules have rims as well"),
        (page(0, ruled=True), False, "rules without"),
        (page(0, 20), False, "noise is as bright everywhere"),
        (np.full((480, 640), 190, np.uint8), False, "an empty page"),
    ],
)
def test_rims_are_not_taken_for_paper(picture: Any, rims: bool, why: str) -> None:
    coarse = shrink(picture, COARSE_SIDE)
    ground = ground_of(coarse)
    dimmer = without_rims(ground, coarse, 20)
    assert (dimmer is not None) == rims, why
    if dimmer is not None:
        paper = 65 if ground.bright else 190
        around = dimmer.paper if not ground.bright else 255 - dimmer.paper.astype(int)
        assert np.abs(np.median(around) - paper) < 4, why


@pytest.mark.parametrize(
    ("ink", "hazy"),
    [
        (np.full((16, 16), 15, np.uint8), True),  # all paper
        (np.tile(np.uint8([0, 0, 0, 200]), (16, 4)), False),  # clear ink
        (np.tile(np.uint8([0, 15, 200, 15]), (16, 4)), True),  # ink and its surroundings
        (np.tile(np.uint8([0, 9, 200, 9]), (16, 4)), False),  # the surroundings are too faint to become ink
        (np.zeros((16, 16), np.uint8), False),
    ],
)
def test_what_is_nearly_ink_is_counted(ink: Any, hazy: bool) -> None:
    assert is_hazy(ink, 20) == hazy


@pytest.mark.parametrize("bright", [False, True])
@pytest.mark.parametrize("ruled", [False, True])
def test_a_sharpened_page_is_read(bright: bool, ruled: bool) -> None:
    """Regression: all paper near a halo was ink, and the last line of a ruled page merged with its rules."""
    reading = Reader(Classifier.load()).read(page(2, 2, bright=bright, ruled=ruled))
    assert reading.text.split("\n") == list(LINES)
