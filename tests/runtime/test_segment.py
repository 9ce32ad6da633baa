"""From pictures to ink and pieces, on pages drawn here: no model needed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edgedigits import segment
from edgedigits.canonical import canonical
from edgedigits.ink.background import COARSE_SIDE, REACHES, ground_of, ink_on, paper_of, shrink
from edgedigits.ink.cut import cut_out
from edgedigits.ink.page import Page, page_of
from edgedigits.ink.strokes import LARGEST, strengthen, stroke_width
from edgedigits.pieces.connected import written_on
from edgedigits.results import Box
from edgedigits.segment import crops_of

Picture = np.ndarray
SEVEN = [(0, 0), (30, 0), (10, 60)]
ONE = [(10, 0), (10, 60)]
ZED = [(0, 0), (30, 0), (0, 60), (30, 60)]


def page(shape: tuple[int, int] = (480, 640), paper: float = 200) -> Picture:
    return np.full(shape, paper, np.float32)


def draw(
    target: Picture, strokes: list[tuple[int, int]], at: tuple[int, int], width: int, share: float
) -> None:
    """Remove a share of the light along a line."""
    mask = np.zeros(target.shape, np.float32)
    points = np.array(strokes, np.int32) + np.array(at, np.int32)
    cv2.polylines(mask, [points], False, 1.0, width)
    target *= 1 - share * mask


def written(width: int = 5, share: float = 0.8, paper: float = 200) -> Picture:
    """Return four shapes of about 30 x 60 in a row."""
    picture = page(paper=paper)
    for place, shape in enumerate((SEVEN, ONE, ZED, SEVEN)):
        draw(picture, shape, (120 + 100 * place, 200), width, share)
    return picture


def boxes_of(picture: Picture) -> list[Box]:
    boxes = segment.frames_of(np.clip(picture, 0, 255).astype(np.uint8))[1]
    return sorted(boxes)


def lit(picture: Picture, kind: str) -> Picture:
    rows, columns = np.mgrid[0:480, 0:640].astype(np.float32)
    light = np.ones_like(picture)
    if kind == "gradient":
        light = 1 - 0.6 * columns / 640
    elif kind == "vignette":
        light = 1 / (1 + 4 * ((rows / 480 - 0.5) ** 2 + (columns / 640 - 0.5) ** 2))
    elif kind == "hard shadow":
        light[:, 300:] = 0.4
    elif kind == "table":
        light[:60], light[:, 600:] = 0.15, 0.15
    elif kind == "leaves":
        # Regression: patches of shade as large as the writing outweighed it, and were taken for strokes.
        patches = np.hypot((rows - 30) % 200 - 100, (columns - 10) % 180 - 90) < 75
        light = cv2.GaussianBlur(np.where(patches, 0.7, 1.0).astype(np.float32), (0, 0), 8)
    elif kind == "blinds":
        # With equal amounts of light and shade, the choice of ground was random.
        stripes = np.sin((columns + rows) * 2 * np.pi / 220) > 0
        light = cv2.GaussianBlur(np.where(stripes, 0.8, 1.0).astype(np.float32), (0, 0), 2)
    return picture * light


@pytest.mark.parametrize("kind", ["even", "gradient", "vignette", "hard shadow", "table", "leaves", "blinds"])
@pytest.mark.parametrize("negative", [False, True])
def test_finds_each_shape_in_any_light_and_polarity(kind: str, negative: bool) -> None:
    picture = lit(written(), kind)
    boxes = boxes_of(255 - picture if negative else picture)
    assert len(boxes) == 4
    for box, left in zip(boxes, (118, 228, 318, 418), strict=True):
        assert box[0] == pytest.approx(left, abs=4)
        assert box[1] == pytest.approx(198, abs=4)
        assert box[3] == pytest.approx(65, abs=6)


@pytest.mark.parametrize(
    ("width", "share"),
    [
        (2, 0.8),  # a fine liner
        (5, 0.15),  # hard pencil
        (14, 0.8),  # a marker, nearly closing the corners
    ],
)
def test_pens(width: int, share: float) -> None:
    assert len(boxes_of(written(width, share))) == 4


def test_ink_is_the_share_of_light_taken_away() -> None:
    picture = lit(written(share=0.5), "gradient").astype(np.uint8)
    ink = ink_on(ground_of(shrink(picture, COARSE_SIDE)), picture)
    # The middle of the 1's stroke, which gets less light than the first 7.
    assert ink[230, 230] == pytest.approx(128, abs=8)
    assert np.median(ink) < 8


@pytest.mark.parametrize(
    ("shape", "stroke"),
    [
        ((120, 160), 2),  # a page of 640x480, reduced to this size
        ((120, 160), 6),  # the narrowest closing does not remove the stroke
        ((120, 160), 12),
        ((160, 40), 4),  # upright and narrow
        ((9, 7), 2),  # smaller than a closing in either direction
        ((1, 1), 1),
    ],
)
def test_paper_is_one_of_the_closings_with_black_around(shape: tuple[int, int], stroke: int) -> None:
    rng = np.random.default_rng(stroke)
    coarse = rng.integers(180, 220, shape).astype(np.uint8)
    for x, y in rng.integers(0, 160, (8, 2)).tolist():
        cv2.line(coarse, (x, y), (x + 25, y + 10), 60, stroke)
    closings = []
    for width in REACHES:
        padded = cv2.copyMakeBorder(coarse, width, width, width, width, cv2.BORDER_CONSTANT, value=0)
        closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8))
        closings.append(closed[width:-width, width:-width])
    paper, _ = paper_of(coarse)
    assert any(np.array_equal(paper, closing) for closing in closings[1:])


def test_specks_and_the_rim_are_left_out() -> None:
    picture = written()
    generator = np.random.default_rng(0)
    for x, y in generator.integers(20, 460, (40, 2)):
        if not 180 < y < 280:
            cv2.circle(picture, (int(x), int(y)), 2, 60.0, -1)
    picture[:, :3] = 20
    picture[470:, :] = 20
    assert len(boxes_of(picture)) == 4


@pytest.mark.parametrize("scale", [0.5, 2, 6])
def test_boxes_are_in_pixels_of_the_picture_at_any_size(scale: float) -> None:
    large = cv2.resize(written(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    boxes = boxes_of(large)
    assert len(boxes) == 4
    np.testing.assert_allclose(np.array(boxes) / scale, boxes_of(written()), atol=6)


def test_large_pictures_are_read_at_the_scale_of_their_strokes() -> None:
    thick = cv2.resize(written(5), None, fx=6, fy=6)
    fine = page((2880, 3840))
    for place in range(4):
        draw(fine, ZED, (900 + 100 * place, 1200), 3, 0.8)
    thick_page, fine_page = (segment.look(cut_out(picture.astype(np.uint8)))[0] for picture in (thick, fine))
    assert thick_page.scale[0] >= 5
    assert fine_page.scale[0] <= 3
    assert len(boxes_of(fine)) == 4


def test_bright_ink_on_a_slate_with_few_strokes() -> None:
    picture = page(paper=60)
    draw(picture, ONE, (300, 200), 5, -2.0)
    assert page_of(picture.astype(np.uint8)).bright
    assert len(boxes_of(picture)) == 1


def test_frames_keep_what_is_ink_and_drop_the_neighbour() -> None:
    # The boxes of two slanted strokes overlap: neither frame may show the other's ink.
    picture = page()
    for left in (200, 226):
        draw(picture, [(40, 0), (0, 60)], (left, 200), 5, 0.8)
    frames, boxes = segment.frames_of(picture.astype(np.uint8))
    assert boxes[0][0] + boxes[0][2] > boxes[1][0] or boxes[1][0] + boxes[1][2] > boxes[0][0]
    for frame in frames:
        assert cv2.connectedComponents((frame > 60).astype(np.uint8))[0] == 2
        assert frame.max() >= 250


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (2, 2), (30, 30), (480, 640)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_blank_pictures_have_no_candidates(shape: tuple[int, int], value: int) -> None:
    frames, boxes = segment.frames_of(np.full(shape, value, np.uint8))
    assert frames.shape == (0, 28, 28)
    assert boxes == ()


def test_pure_noise_does_not_flood_the_classifier() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (480, 640)).astype(np.uint8)
    assert len(segment.frames_of(noise)[0]) < 2000


def test_stroke_width_ignores_long_rules_and_noise() -> None:
    ink = np.zeros((300, 400), np.uint8)
    for x in range(50, 350, 40):
        ink[100:160, x : x + 5] = 200
    assert stroke_width(ink, 20) == 5
    ink[50::60] = 200
    ink[51::60] = 200
    ink[::7, ::11] = 200
    assert stroke_width(ink, 20) <= 5
    assert stroke_width(np.zeros((5, 5), np.uint8), 20) == 0


def test_stroke_width_on_squares_of_hairlines() -> None:
    """Regression: the length of the hairlines was used, and pages were reduced until the digits vanished."""
    squares = np.zeros((240, 320), np.uint8)
    for place in range(0, 320, 12):
        cv2.line(squares, (0, place), (319, place - 8), 40)
        cv2.line(squares, (place, 0), (place + 6, 239), 40)
    assert stroke_width(squares, 20) == 1  # hairlines alone
    for left in range(100, 250, 25):
        cv2.line(squares, (left, 60), (left + 5, 100), 180, 3)
    assert 3 <= stroke_width(squares, 20) <= 5


def test_digits_are_strengthened_together_as_alone() -> None:
    # Faint beside black, thin beside thick, and one without ink: neighbours in the strip must not matter.
    rng = np.random.default_rng(4)
    crops = [np.zeros((height, 20), np.uint8) for height in (40, 25, 33, 30)]
    for crop, level, wide in zip(crops, (60, 250, 140), (1, 6, 3), strict=False):
        crop[:, 5 : 5 + wide] = level
        crop[8 : 8 + wide, :] = level
        crop[crop > 0] += rng.integers(0, 5, np.count_nonzero(crop), np.uint8)
    together, darkness = strengthen(crops, 21)
    for crop, strong, dark in zip(crops, together, darkness, strict=True):
        (alone,), (own,) = strengthen([crop], 21)
        np.testing.assert_array_equal(strong, alone)
        assert dark == own
        assert dark[1] <= dark[0]
        assert strong.max() == (255 if dark[0] else 0)
    assert together[0].shape > crops[0].shape  # a hair's stroke is widened


@pytest.mark.parametrize(
    ("size", "why"),
    [(300, "as it is"), (700, "a digit with a thin pen"), (3000, "a line across a photograph took a minute")],
)
def test_large_pieces_are_framed_small(size: int, why: str) -> None:
    ink = np.zeros((size + 20, size + 20), np.uint8)
    cv2.line(ink, (10, 10), (10 + size // 2, 10 + size), 180, 2)
    (blob,) = written_on(ink, 20, 0).pieces
    strong, dark = crops_of(Page(ink, 20, 2.0, (1.0, 1.0), False), [blob])
    assert max(strong[0].shape) <= 1.3 * LARGEST, why
    assert dark[0][0] == 180, why  # a hairline stays as dark as it is
    frame = canonical(strong[0])
    assert frame.max() > 200, why
    assert 6 < np.count_nonzero(frame.max(axis=0) > 100) < 18, why


def test_only_boxes_that_meet_no_other_are_alone() -> None:
    ink = np.zeros((100, 200), np.uint8)
    ink[10:40, 10:20] = 200  # alone
    ink[10:40, 60:63] = ink[38:40, 60:90] = 200  # an L, and a piece within its box
    ink[12:25, 75:80] = 200
    ink[60:90, 30:40] = ink[70:73, 41:43] = 200  # a speck next to it lies in no box but its own
    found = {piece.box: piece.alone for piece in written_on(ink, 100, 0).pieces}
    assert found == {
        (10, 10, 10, 30): True,
        (60, 10, 30, 30): False,
        (75, 12, 5, 13): False,
        (30, 60, 10, 30): True,
    }
