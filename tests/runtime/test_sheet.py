"""Sheets on tables: their position, and pictures of which nothing may be cut off."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import handwriting
import numpy as np
import numpy.typing as npt
import pytest
from surfaces import wood

from edgedigits import Classifier, Reader
from edgedigits.ink.background import COARSE_SIDE, shrink
from edgedigits.ink.cut import covered, cut_out
from edgedigits.ink.shapes import four_corners, squareness, with_corners
from edgedigits.ink.sheet import sheet_of

Grey = npt.NDArray[np.uint8]
SHAPE = (480, 640)
SHEET = (120, 80, 400, 300)
"""x, y, width and height of a sheet in the picture."""


def page(light: float = 210) -> Grey:
    """Return paper with two lines of writing, the second near the lower right corner."""
    picture = np.full(SHAPE, light, np.uint8)
    write(picture, 160, 160)
    write(picture, 300, 340)
    return picture


def write(picture: Grey, x: int, y: int) -> None:
    cv2.putText(picture, "40796", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 30, 4, cv2.LINE_AA)


def on(table: Grey, sheet: Grey | None = None) -> Grey:
    """Put a sheet on a table."""
    x, y, width, height = SHEET
    picture = table.copy()
    picture[y : y + height, x : x + width] = (page() if sheet is None else sheet)[
        y : y + height, x : x + width
    ]
    return picture


def bare(light: int) -> Grey:
    return np.full(SHAPE, light, np.uint8)


def keys() -> Grey:
    """A keyboard out of focus: flat, dark keys with narrow gaps."""
    board = bare(70)
    for y in range(-5, SHAPE[0], 33):
        for x in range(-7, SHAPE[1], 33):
            cv2.rectangle(board, (x, y), (x + 29, y + 29), 49, cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(board, (0, 0), 1.2))


def edged() -> Grey:
    """A dark table with an edge along three sides of the picture."""
    table = bare(150)
    table[6:-6, 6:] = 28
    return table


def laid_on(light: int) -> Grey:
    """A sheet with a pen beside it on the table."""
    table = bare(light)
    cv2.line(table, (30, 40), (60, 300), light // 2, 5, cv2.LINE_AA)
    return on(table)


def shaded(picture: Grey, x: int, y: int) -> Grey:
    """Add a hard shadow to the right of x and below y."""
    dark = picture.copy()
    dark[y:, x:] = dark[y:, x:] // 2
    return dark


def ringed() -> Grey:
    picture = bare(210)
    cv2.circle(picture, (320, 240), 190, 30, 60, cv2.LINE_AA)
    write(picture, 230, 260)
    return picture


def sunlit() -> Grey:
    picture = page(110)
    x, y, width, height = 140, 60, 420, 150
    picture[y : y + height, x : x + width] = 2 * picture[y : y + height, x : x + width]
    return picture


def creased() -> Grey:
    """Four folds around what might be a sheet; the light differs on both sides of each."""
    rows, columns = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float32)
    x, y, width, height = SHEET
    light = np.ones(SHAPE, np.float32)
    for away in (columns - x, x + width - columns, rows - y, y + height - rows):
        light *= 1 + 0.15 * np.tanh(away) * np.exp(-np.abs(away) / 40)
    return np.clip(page(180) * light, 0, 255).astype(np.uint8)


def cut_below() -> Grey:
    """A sheet that continues below the picture's rim."""
    x, y, width, _ = SHEET
    picture = wood()
    picture[y:, x : x + width] = page()[y:, x : x + width]
    return picture


@pytest.mark.parametrize(
    ("draw", "sure", "why"),
    [
        (lambda: on(bare(60)), True, "a dark table"),
        (lambda: on(bare(250), page(150)), True, "a dark sheet on a white one"),
        (lambda: on(wood()), True, "grain, which has strokes"),
        (lambda: on(keys()), True, "keys, which have texture, but neither outlines nor rough tops"),
        (lambda: on(bare(90), cv2.bitwise_not(page(255))), True, "a slate as black as can be"),
        (lambda: on(edged()), True, "the table was taken for a sheet as large as the picture"),
        (lambda: laid_on(45), True, "a table darker than any shadow, and something on it"),
        (lambda: laid_on(110), False, "the same, but the sheet could be a patch of sun"),
        (cut_below, False, "cut off by the picture below"),
        (lambda: on(bare(60), shaded(page(), 300, 220)), False, "a shadow over its corner"),
        (lambda: on(bare(60), shaded(page(), 0, 240)), False, "a shadow over its lower half"),
        (page, None, "the page is the picture"),
        (lambda: shaded(page(), 300, 220), None, "a shadow over a page that is the picture"),
        (lambda: shaded(page(), 0, 240), None, "a shadow over the lower half of one"),
        (sunlit, False, "a patch of sun, and writing in the shade as well"),
        (ringed, None, "a ring, with the same paper on both sides"),
        (creased, None, "the paper between the folds of a sheet, which was taken for another"),
        (lambda: on(bare(60), bare(210)), None, "an empty sheet"),
        (lambda: on(page(110), page()), False, "a card on a page that is written on"),
    ],
)
def test_which_pictures_show_a_sheet(draw: Callable[[], Grey], sure: bool | None, why: str) -> None:
    picture = draw()
    if "card" in why:
        write(picture, 20, 460)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert (sheet and sheet.is_sure) == sure, why
    if sheet is not None and draw is not sunlit:
        x, y, width, height = (side / 4 for side in SHEET)
        left, top, across, down = cv2.boundingRect(sheet.mask)
        assert abs(left - x) <= 5
        assert abs(top - y) <= 5
        assert abs(left + across - x - width) <= 5
        assert top + down >= y + height - 5
        assert cv2.countNonZero(sheet.mask) > 0.85 * width * height, why


def test_the_tinted_rows_of_a_table_may_be_a_part_of_a_page() -> None:
    """Regression: they were surely sheets, among other things on a table, and nothing else was read."""
    picture = np.full((720, 960), 200, np.uint8)
    for row in (174, 422):
        picture[row : row + 124, 50:910] = 110
    for y in range(136, 720, 124):
        for x in range(70, 900, 172):
            cv2.putText(picture, "47", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 2.6, 30, 10, cv2.LINE_AA)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert not sheet.is_sure


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (28, 28), (60, 500)])
def test_small_pictures_are_read_whole(shape: tuple[int, int]) -> None:
    grey = np.full(shape, 200, np.uint8)
    cut = cut_out(grey)
    assert cut.grey.shape == shape
    assert cut.mask is None


def test_a_second_card_is_not_lost() -> None:
    """Regression: in the grain of wood only the larger one was read, without what stood near its edge."""
    picture = wood()
    for left, width in ((40, 320), (400, 210)):
        picture[90:390, left : left + width] = 220
        write(picture, left + 20, 250)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert sheet.mask[60, 50] == 255
    assert sheet.mask[60, 125] == 255


def test_a_card_that_is_written_up_to_its_edges_is_not_lost() -> None:
    """Regression: writing at its edge made a notch, and beside another sheet the card was no sheet."""
    picture = wood()
    for left, width in ((40, 320), (400, 210)):
        picture[90:390, left : left + width] = 220
        write(picture, left + 20, 250)
    cv2.putText(picture, "507", (405, 140), cv2.FONT_HERSHEY_SIMPLEX, 2.6, 40, 9, cv2.LINE_AA)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert sheet.mask[60, 50] == 255
    assert sheet.mask[60, 125] == 255


def test_a_card_near_the_rim_is_not_cut_off_by_it() -> None:
    """Regression: filling its notches also filled what was between it and the rim, and it was no sheet."""
    picture = wood()
    for left, top, width in ((330, 60, 300), (12, 90, 300)):
        picture[top : top + 300, left : left + width] = 220 if left > 100 else 150
        write(picture, left + 20, 250)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert sheet.mask[60, 100] == 255
    assert sheet.mask[60, 20] == 255
    assert not sheet.mask[60, 0]


def crumpled(light: int) -> Grey:
    """A sheet on wood with three patches of paper; what lies between these has another brightness."""
    picture = wood()
    if light:
        picture[40:440, 80:560] = light
    for left, top, width, height in ((80, 40, 180, 400), (330, 40, 230, 150), (330, 280, 230, 160)):
        picture[top : top + height, left : left + width] = 220
    soft = cv2.GaussianBlur(picture, (0, 0), 3)
    picture[44:436, 84:556] = soft[44:436, 84:556]
    write(picture, 100, 160)
    write(picture, 340, 110)
    write(picture, 340, 380)
    return picture


@pytest.mark.parametrize(
    ("light", "one", "why"),
    [
        (170, True, "paper in the shade of folds"),
        (0, False, "cards on wood"),
    ],
)
def test_a_crumpled_sheet_is_one(light: int, one: bool, why: str) -> None:
    """Regression: three of its patches were sheets by themselves, and half of the digits stood between."""
    sheet = sheet_of(shrink(crumpled(light), COARSE_SIDE))
    assert sheet is not None
    assert (sheet.mask[60, 74] == 255) == one, why
    assert sheet.mask[30, 100] == 255, why


def test_writing_across_the_edge_of_a_shadow_does_not_divide_a_sheet() -> None:
    """Regression: only the part in the light was read, since digits were notches between it and the shade."""
    picture = on(wood() // 2)
    for x in range(140, 480, 50):
        handwriting.write(picture, "3", (x, 200), 30, 8, 60)
    picture[230:380, 120:520] //= 2
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert sheet.mask[28, 40] == 255
    assert sheet.mask[60, 100] == 255
    assert sheet.mask[90, 125] == 255


def test_tiles_at_the_rim_are_no_cards() -> None:
    """Regression: five tiles above a sheet were sheets, too, and the edge of each was an 8."""
    picture = bare(130)
    for y in range(7, 480, 128):
        for x in range(7, 640, 128):
            picture[y : y + 114, x : x + 114] = 80
            cv2.circle(picture, (x + 57, y + 57), 6, 30, cv2.FILLED)
    picture[160:400, 120:520] = 210
    write(picture, 160, 240)
    write(picture, 300, 360)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert sheet.mask[70, 80] == 255
    assert not sheet.mask[15, 50]


def test_a_table_around_a_sheet_is_no_part_of_it_in_the_shade() -> None:
    """Regression: gaps between tiles divided a table in two, and either half was joined with the page."""
    picture = bare(50)
    for x in range(0, SHAPE[1], 64):
        picture[:, x : x + 3] = 80
    picture = on(picture)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert not sheet.mask[60, 5]


def test_all_slips_on_a_table_are_read() -> None:
    """Regression: of several notes only the largest was read, or none if another one lay around it."""
    table = bare(60)
    for left, top in ((60, 60), (360, 80), (150, 300)):
        table[top : top + 110, left : left + 200] = 215
        handwriting.write(table, "2", (left + 30, top + 25), 30)
        handwriting.write(table, "7", (left + 110, top + 25), 30)
    sheet = sheet_of(shrink(table, COARSE_SIDE))
    assert sheet is not None
    assert [sheet.mask[y // 4, x // 4] for x, y in ((80, 150), (380, 170), (170, 390))] == [255] * 3
    assert Reader(Classifier.load()).read(table).text.replace("\n", "") == "272727"


def test_the_cut_lies_where_it_says() -> None:
    picture = on(bare(60))
    cut = cut_out(picture)
    left, top = cut.origin
    height, width = cut.grey.shape
    assert (cut.grey == picture[top : top + height, left : left + width]).all()
    assert cut.mask is not None


def test_what_is_covered_looks_like_paper() -> None:
    picture = on(bare(60))
    mask = np.zeros(SHAPE, np.uint8)
    mask[100:360, 140:500] = 255
    paper = covered(picture, mask)
    assert (paper[mask > 0] == picture[mask > 0]).all()
    assert paper[mask == 0].min() > 150


def test_what_stands_in_the_shade_is_read_beside_a_patch_of_sun() -> None:
    picture = bare(110)
    picture[60:210, 140:560] = 220
    for y in (110, 330):
        for place, digit in enumerate("2372"):
            handwriting.write(picture, digit, (190 + 70 * place, y), 40)
    assert Reader(Classifier.load()).read(picture).text == "2372\n2372"


SLIP = (150, 200, 260, 90)
"""A slip of paper: x, y, width and height."""


def slip(table: Grey, light: int = 215) -> Grey:
    """A slip that bold digits fill up to its corners."""
    x, y, width, height = SLIP
    picture = table.copy()
    picture[y : y + height, x : x + width] = light
    for line in (y + 35, y + 78):
        cv2.putText(picture, "4079613", (x + 14, line), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 30, 3, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (bare(60), "a dark table, which covers more of the picture than a page has to"),
        (bare(120), "a grey one"),
        (wood() // 2, "grain"),
        (keys(), "keys"),
    ],
)
def test_slips_are_found_up_to_their_corners(table: Grey, why: str) -> None:
    sheet = sheet_of(shrink(slip(table), COARSE_SIDE))
    assert sheet is not None, why
    x, y, width, height = (side / 4 for side in SLIP)
    left, top, across, down = cv2.boundingRect(sheet.mask)
    assert max(abs(left - x), abs(top - y), abs(left + across - x - width), abs(top + down - y - height)) <= 4
    assert cv2.countNonZero(sheet.mask) > 0.95 * across * down, why


def test_a_slip_in_a_room_is_no_other_than_what_is_as_bright() -> None:
    """Regression: the lit half of a sheet held into a room was cut out, and the half in the shade lost."""
    rng = np.random.default_rng(1)
    room = bare(60)
    for _ in range(60):
        x, y, size = rng.integers(640), rng.integers(480), rng.integers(20, 80)
        cv2.rectangle(room, (x, y), (x + size, y + size // 2), int(rng.integers(160, 240)), cv2.FILLED)
    x, y, width, height = SLIP
    room[y - 40 : y + height + 40, x - 40 : x + width + 40] = 60
    sheet = sheet_of(shrink(slip(room), COARSE_SIDE))
    assert sheet is None


@pytest.mark.parametrize("corner", [(130, 130), (440, 130), (130, 375), (440, 375)])
def test_writing_in_a_corner_does_not_cut_it_off(corner: tuple[int, int]) -> None:
    """Regression: a digit half its height from both edges was excluded from the sheet's outline."""
    picture = on(wood())
    x, y = corner
    cv2.putText(picture, "33", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 30, 7, cv2.LINE_AA)
    sheet = sheet_of(shrink(picture, COARSE_SIDE))
    assert sheet is not None
    assert sheet.mask[(y - 15) // 4, (x + 30) // 4] == 255
    x, y, width, height = SHEET
    assert cv2.countNonZero(sheet.mask) > 0.88 * width * height / 16


@pytest.mark.parametrize(
    ("points", "found", "why"),
    [
        ([(0, 0), (80, 0), (80, 60), (0, 60)], [(0, 0), (80, 0), (80, 60), (0, 60)], "four already"),
        ([(0, 0), (80, 0), (80, 40), (60, 60), (0, 60)], [(0, 0), (80, 0), (80, 60), (0, 60)], "one is off"),
        (
            [(20, 0), (60, 0), (80, 10), (80, 50), (70, 60), (10, 60), (0, 45), (0, 10)],
            [(0, 0), (80, 0), (80, 60), (0, 60)],
            "all are",
        ),
        ([(0, 0), (80, 0), (40, 60)], None, "a triangle"),
    ],
)
def test_four_corners(
    points: list[tuple[float, float]], found: list[tuple[float, float]] | None, why: str
) -> None:
    corners = four_corners(points)
    assert (corners and sorted((round(x), round(y)) for x, y in corners)) == (found and sorted(found)), why


def test_patches_of_any_shape_have_a_squareness() -> None:
    """Regression: two separate parts raised an error, and edges that hardly meet a numpy warning."""
    two, bent, line = (np.zeros((60, 80), np.uint8) for _ in range(3))
    two[10:50, 5:30] = two[10:50, 50:75] = 255
    assert 0.6 < squareness(two) < 0.8
    points = np.array([(2, 30), (20, 29), (40, 29), (60, 30), (78, 31), (60, 33), (40, 34), (20, 33)])
    cv2.fillConvexPoly(bent, points.astype(np.int32), 255)
    assert squareness(bent) < 1
    line[30] = 255
    assert squareness(line) == 0
    for patch in (two, bent, line):
        assert (with_corners(patch, patch) >= patch).all()
