"""Outliers: complete, framed like digits, and never blank."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from stand_ins import digits

from edgedigits_train.mix import pages, pens
from edgedigits_train.outliers import families, remade

RNG = np.random.default_rng


def test_all_families_are_drawn_and_seeded() -> None:
    first, second = (families.make_outliers(300, *digits(), RNG(1)) for _ in range(2))
    assert first.shape == (300, 28, 28)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, second)
    assert len({frame.tobytes() for frame in first}) > 220, "the ten stand-ins are one, so a few repeat"


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0, 0), (0.25, 35, 65), (1.0, 200, 200)])
def test_signs_have_the_share_that_is_asked_for(
    share: float, low: int, high: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    drawn = [
        (lambda rng: calls.append(1) or families.sign(rng), part) if maker is families.sign else (maker, part)
        for maker, part in families._DRAWN
    ]
    monkeypatch.setattr(families, "_DRAWN", tuple(drawn))
    families.make_outliers(200, *digits(), RNG(5), signs=share)
    assert low <= len(calls) <= high


@pytest.mark.parametrize("name", ["scribble", "letter", "glyph", "sign", "rule", "blot"])
def test_a_drawn_outlier_has_ink(name: str) -> None:
    rng = RNG(2)
    for _ in range(50):
        frame = getattr(families, name)(rng)
        assert frame.shape == (28, 28)
        assert frame.dtype == np.uint8
        assert frame.max() > 100


@pytest.mark.parametrize(
    "name", ["mirrored", "crossed", "flagged", "compound", "strokes", "part", "touching"]
)
def test_an_outlier_of_digits_has_ink(name: str) -> None:
    rng = RNG(3)
    for _ in range(50):
        frame = getattr(remade, name)(*digits(), rng)
        assert frame.shape == (28, 28)
        assert frame.max() > 100


def test_a_rule_crosses_the_frame_from_side_to_side() -> None:
    """A single upright line is a 1."""
    assert all(families.rule(RNG(seed))[:, [0, -1]].any() for seed in range(200))


def test_a_scribble_has_three_strokes_or_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two would be a digit every sixth time."""
    drawn: list[int] = []
    one = families._one_stroke
    monkeypatch.setattr(families, "_one_stroke", lambda rng: drawn.append(1) or one(rng))
    counts = set()
    for seed in range(60):
        drawn.clear()
        families.scribble(RNG(seed))
        counts.add(len(drawn))
    assert counts == {3, 4, 5}


def test_half_a_digit_is_less_than_the_digit() -> None:
    images, labels = digits()
    halves = [remade.part(images, labels, RNG(seed)) for seed in range(20)]
    assert all(frame.sum() > 0 for frame in halves)
    assert all(not np.array_equal(frame, images[0]) for frame in halves)


@pytest.mark.parametrize(
    ("maker", "digit", "allowed"),
    [
        ("mirrored", 0, False),  # stays a 0
        ("mirrored", 1, False),  # stays a 1, or becomes level like a rule
        ("mirrored", 8, False),  # stays an 8
        ("mirrored", 3, True),  # an epsilon
        ("crossed", 7, False),  # many hands bar it
        ("crossed", 1, False),  # with a bar it may be a 7
        ("crossed", 4, False),  # has a cross of its own
        ("crossed", 2, False),  # barred like a Z, it stays a 2
        ("crossed", 9, False),  # its tail and a bar cross like a 4's strokes
        ("crossed", 0, True),  # a theta
        ("flagged", 0, True),  # a sigma or a Q
        ("flagged", 6, False),  # a 6 with a longer tail is a 6
        ("compound", 7, False),  # its lower half is a 1
        ("compound", 9, False),  # its upper half with a vertical stroke is a 9
        ("strokes", 1, True),  # two of them are an X or a T
        ("strokes", 7, False),  # already bent
        ("part", 4, False),  # its lower half is a 7, and its upper part is too short
        ("part", 6, False),  # its upper half is a 1
        ("part", 1, False),  # stays a 1
    ],
)
def test_only_what_stops_being_a_digit_is_made_into_none(
    maker: str, digit: int, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any of these labelled "none" would teach the network to refuse real digits."""
    monkeypatch.setattr(remade, "canonical", lambda ink: ink)  # it would change the marked value
    images, labels = digits()
    images = images // 255 * np.where(np.arange(10) == digit, 130, 129).astype(np.uint8)[:, None, None]
    made = [getattr(remade, maker)(images, labels, RNG(seed)) for seed in range(200)]
    assert any((frame == 130).sum() > 20 for frame in made) == allowed


@pytest.mark.parametrize(
    "digit",
    [
        8,  # an arch; the lower third of an 8 is a 0
        7,  # a bar; the lower third of a 7 is a 1
        9,  # an arch; the lower third of a 9 is a 1
    ],
)
def test_of_some_digits_the_upper_part_alone_is_none(digit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: halves were exchanged, and lower halves of 4s, which are 4s and 7s, were taught as none."""
    monkeypatch.setattr(remade, "canonical", lambda ink: ink)
    images, labels = digits()
    images = images.copy()
    images[digit, :14] = images[digit, :14] // 255 * 130
    images[digit, 14:] = images[digit, 14:] // 255 * 140
    made = [remade.part(images, labels, RNG(seed)) for seed in range(300)]
    assert any((frame == 130).any() for frame in made)
    assert not any((frame == 140).any() for frame in made)


def test_a_mirrored_2_or_5_is_not_made() -> None:
    """Each is the other's mirror image; only quarter turns of them are no digits."""
    images = np.zeros((10, 28, 28), np.uint8)
    images[2, 4:24, 12:16] = images[5, 4:24, 12:16] = 255  # vertical, so that a quarter turn shows
    made = [remade.mirrored(images, np.arange(10, dtype=np.uint8), RNG(seed)) for seed in range(300)]
    inked = [frame for frame in made if frame.any()]
    assert inked
    assert all(np.ptp(np.flatnonzero(frame.any(0))) == 19 for frame in inked)


def test_a_stroke_that_the_digit_hides_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: an 8 below a vertical stroke looked like a thick 1."""
    monkeypatch.setattr(remade, "canonical", lambda ink: ink)
    images, labels = digits()
    before = int((images[0] > 60).sum())
    for seed in range(60):
        assert int((remade.crossed(images, labels, RNG(seed)) > 60).sum()) > before * 1.05


def test_a_bar_that_leaves_the_frame_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is crossed out from edge to edge and beyond, and what lies beyond is framed as well."""
    monkeypatch.setattr(remade, "canonical", lambda ink: ink)
    images, labels = digits()
    cv2.ellipse(images[0], (14, 14), (10, 10), 0, 0, 360, 255, 2)
    images[:] = images[0]
    widest = max(np.ptp(np.flatnonzero(remade.crossed(images, labels, RNG(s)).any(0))) for s in range(60))
    assert widest >= 28


def test_a_short_bar_makes_a_letter_of_a_0_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A theta's bar need not reach the ring; in an 8 it is a blot, and the 8 stays an 8."""
    picked: list[tuple[int, ...]] = []
    shortest = {True: 99.0, False: 99.0}
    ring = np.zeros((28, 28), np.uint8)
    cv2.ellipse(ring, (14, 14), (9, 10), 0, 0, 360, 255, 2)
    draw = pens.stroke

    def pick(*among: object) -> np.ndarray:
        picked.append(among[-1])  # type: ignore[arg-type]
        return ring

    def stroke(points: np.ndarray, *others: object) -> np.ndarray:
        length = float(np.hypot(*(points[-1] - points[0])))
        zero = picked[-1] == (0,)
        shortest[zero] = min(shortest[zero], length)
        return draw(points, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(remade, "_pick", pick)
    monkeypatch.setattr(pens, "stroke", stroke)
    for seed in range(200):
        remade.crossed(*digits(), RNG(seed))
    assert shortest[True] < 0.4 * 20
    assert shortest[False] > 1.1 * 18


def test_no_outliers_is_an_empty_batch() -> None:
    assert families.make_outliers(0, *digits(), RNG(0)).shape == (0, 28, 28)


def test_pages_bring_frames_with_the_labels_that_were_written() -> None:
    """Rings and bars are written; each frame labelled as a bar must show one."""
    images, labels = digits()
    images = images.copy()
    images[1] = 0
    images[1][4:24, 12:16] = 255
    chosen = np.array([0, 1])
    frames, names = pages.pool(60, images[chosen], labels[chosen], seed=1)
    assert frames.shape == (60, 28, 28)
    assert set(names) <= {0, 1, pages.NONE}
    widths = (frames.max(1) > 60).sum(1)
    assert (widths[names == 1] < 9).all(), "a bar is narrow"
    assert (widths[names == 0] > 9).all(), "a ring is not"
    again, _ = pages.pool(60, images[chosen], labels[chosen], seed=1)
    np.testing.assert_array_equal(frames, again)
