"""Sheets of which a part lies in a hard shadow, and things that only look like two such parts."""

from __future__ import annotations

import cv2
import handwriting
import numpy as np
import numpy.typing as npt
import pytest
from surfaces import wood

from edgedigits.ink.afar import view_of
from edgedigits.ink.background import COARSE_SIDE, shrink
from edgedigits.ink.shaded import differ, joined
from edgedigits.ink.sheet import sheet_of

Grey = npt.NDArray[np.uint8]
Rect = tuple[int, int, int, int]
SLIP = (150, 160, 340, 160)
"""x, y, width and height of a sheet that covers less than a fifth of the picture."""


def slip(shadow: Rect, margin: int = 20) -> Grey:
    """Return a written slip on wood, of which the part within `shadow` has two fifths of the light."""
    picture = wood(54, 126)
    x, y, width, height = SLIP
    picture[y : y + height, x : x + width] = 200
    for row in (y + margin, y + height - margin - 50):
        for left in range(x + margin, x + width - margin - 30, 50):
            handwriting.write(picture, "3", (left, row), 24, 3, 50)
    left, top, across, down = shadow
    part = picture[top : top + down, left : left + across]
    part[:] = part * 0.4
    return picture


@pytest.mark.parametrize(
    ("shadow", "margin", "why"),
    [
        ((320, 0, 320, 480), 20, "its right half: the whole slip was left out"),
        ((0, 235, 380, 245), 20, "a corner: the lit part has the shape of an L"),
        ((400, 0, 240, 480), 20, "less than a quarter of it"),
        ((300, 0, 340, 480), 6, "half of it, and writing close to all edges, which hides them"),
    ],
)
def test_a_slip_partly_in_shadow_is_one_sheet(shadow: Rect, margin: int, why: str) -> None:
    """Regression: one part was the sheet, or none: small sheets were found by their brightness alone."""
    sheet = sheet_of(shrink(slip(shadow, margin), COARSE_SIDE))
    assert sheet is not None, why
    x, y, width, height = (side / 4 for side in SLIP)
    left, top, across, down = cv2.boundingRect(sheet.mask)
    assert abs(left - x) <= 5, why
    assert abs(top - y) <= 5, why
    assert abs(left + across - x - width) <= 5, why
    assert abs(top + down - y - height) <= 5, why
    assert not sheet.is_sure, "what is dark may be another thing"


def seen(table: int, *patches: tuple[Rect, int]) -> tuple[Grey, list[Grey]]:
    """Return a picture of written patches, each with its brightness, on a table, and their masks."""
    picture = np.full((120, 160), table, np.uint8)
    masks = []
    for (x, y, width, height), light in patches:
        picture[y : y + height, x : x + width] = light
        for left in range(x + 6, x + width - 6, 8):
            cv2.line(picture, (left, y + 8), (left, y + height - 8), light // 3, 1)
        mask = np.zeros(picture.shape, np.uint8)
        mask[y + 2 : y + height - 2, x + 2 : x + width - 2] = 255
        mask[y + 2 : y + 8, x + width // 2 : x + width // 2 + 9] = 0  # a notch from writing
        masks.append(mask)
    return picture, masks


LIT = ((30, 30, 50, 60), 200)
SHADED = ((80, 30, 40, 60), 90)


@pytest.mark.parametrize(
    ("table", "patches", "one", "why"),
    [
        (60, (LIT, SHADED), True, "side by side, and as high"),
        (130, (LIT, SHADED), True, "on a table brighter than the shade"),
        (60, (LIT, ((80, 10, 40, 60), 90)), False, "not as one sheet lies"),
        (30, (LIT, ((100, 30, 40, 60), 90)), False, "two cards on a dark table"),
    ],
)
def test_two_patches_are_one_sheet(
    table: int, patches: tuple[tuple[Rect, int], ...], one: bool, why: str
) -> None:
    picture, (sheet, patch) = seen(table, *patches)
    whole, most = joined(view_of(picture), sheet, [sheet, patch])
    assert bool((whole & patch).any()) == one, why
    assert most > 0.9, why


@pytest.mark.parametrize(
    ("light", "expected", "why"),
    [(90, True, "a shadow"), (160, True, "a pale one"), (180, False, "light falls off by as much")],
)
def test_parts_that_differ_in_light(light: int, expected: bool, why: str) -> None:
    picture, masks = seen(60, LIT, (SHADED[0], light))
    assert differ(view_of(picture), masks) == expected, why
