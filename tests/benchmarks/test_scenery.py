"""Drawn scenery, printed words, and what pieces of both look like to the reader."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits.results import Digit, Reading
from edgedigits_bench import evidence
from edgedigits_bench.drawn.paper import Floats
from edgedigits_bench.drawn.printing import FACES, paragraphs, print_word, word
from edgedigits_bench.drawn.scenery import SIZES, draw_scenery, score_scenery


def test_scenery_is_the_same_for_the_same_seed() -> None:
    picture = draw_scenery((320, 240), np.random.default_rng(3))
    assert picture.shape == (240, 320, 3)
    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, draw_scenery((320, 240), np.random.default_rng(3)))
    assert (picture != draw_scenery((320, 240), np.random.default_rng(4))).mean() > 0.5


def test_scenery_has_the_spectrum_of_photographs() -> None:
    # Field, "Relations between the statistics of natural images and the response properties of cortical
    # cells", JOSA A 4 (1987): the power falls with about the square of the frequency.
    slopes = []
    for seed in range(6):
        grey = draw_scenery((512, 512), np.random.default_rng(seed)).mean(axis=2)
        power = np.abs(np.fft.fft2((grey - grey.mean()) * np.outer(np.hanning(512), np.hanning(512)))) ** 2
        radius = np.hypot(*np.meshgrid(*[np.fft.fftfreq(512)] * 2))
        bands = [power[(radius >= low) & (radius < 2 * low)].mean() for low in (1 / 64, 1 / 32, 1 / 16)]
        slopes.append(np.log2(bands[0] / bands[2]) / 2)
    assert 1.4 < np.median(slopes) < 2.8


class Always:
    """A reader that finds one digit in every picture."""

    def read(self, picture: np.ndarray) -> Reading:
        digits = tuple(
            Digit(1, 1.0, (0.1,) * 10, (0, 0, 9, 9), 1.0, 0, False) for _ in range(picture.shape[1] // 640)
        )
        return Reading("", digits, {"total": 1.0}, (9, 9))


def test_reported_digits_are_counted() -> None:
    counts = score_scenery(Always(), 4, 0)  # type: ignore[arg-type]
    assert counts == {"pictures": 4, "reported": 5, "with_any": 4}
    assert [width // 640 for width, _ in SIZES] == [1, 1, 2]


def test_hardly_a_digit_is_told_of_things() -> None:
    # Regression: the reader reported eleven digits in one picture before it judged all pieces together.
    counts = score_scenery(Reader(Classifier.load()), 6, 7)
    assert counts["reported"] <= 6


@pytest.mark.parametrize("face", FACES)
def test_words_are_printed_upright_and_to_size(face: str) -> None:
    rng = np.random.default_rng(2)
    drawn = [word(face, 40, rng) for _ in range(12)]
    assert all(ink.dtype == np.float32 for ink in drawn)
    assert all(0.9 < ink.max() <= 1 for ink in drawn)
    # Words of small letters on the line are lower; letters that descend below it make a word higher.
    assert all(25 <= len(ink) <= 58 for ink in drawn)
    assert max(len(ink) for ink in drawn) > 36


@pytest.mark.parametrize(
    ("left", "bottom", "printed", "why"),
    [
        (20, 100, True, "room on all sides"),
        (390, 100, False, "the page ends"),
        (20, 15, False, "above its upper edge"),
    ],
)
def test_a_word_needs_room(left: float, bottom: float, printed: bool, why: str) -> None:
    page: Floats = np.zeros((200, 420), np.float32)
    rng = np.random.default_rng(2)
    after = print_word(page, word("DejaVuSans", 34, rng), left, bottom, 40, rng)
    assert bool(page.any()) == printed, why
    assert after > left + 40, why


@pytest.mark.parametrize("seed", range(3))
def test_paragraphs_leave_the_writing_clear(seed: int) -> None:
    ink: Floats = np.zeros((720, 960), np.float32)
    ink[330:390, 200:700] = 1
    page = paragraphs(ink, np.random.default_rng(seed), 60)
    rows = page.any(axis=1)
    assert not rows[328:392].any()
    assert rows[:328].sum() > 100
    assert rows[392:].sum() > 100
    assert page.any(axis=0).sum() > 600  # all across the page
    np.testing.assert_array_equal(page, paragraphs(ink, np.random.default_rng(seed), 60))


def test_evidence_of_drawn_pages(shared: Path) -> None:
    from edgedigits_train.data import load

    images, labels = load(shared / "data" / "mnist.npz").part("train")
    classifier = Classifier.load()
    counts = evidence.measure(Reader(classifier), classifier.threshold, images, labels, 1, 5)
    assert sum(counts["digits"].values()) > 300
    best = {name: counts[name][("other", 0)] / sum(counts[name].values()) for name in counts}
    assert best["digits"] > 0.6
    assert best["scenery"] < 0.02
    assert counts["letters"][("refused", 0)] > 0.2 * sum(counts["letters"].values())


def test_table_of_evidence() -> None:
    counts = {
        "digits": Counter({("other", 0): 75, ("refused", 0): 25}),
        "letters": Counter({("other", 0): 10, ("refused", 0): 90}),
        "scenery": Counter({("refused", 0): 100}),
    }
    lines = list(evidence.table(counts))
    assert lines[0].split() == ["percent", "digits", "letters", "scenery", "ratio"]
    assert lines[1].split() == ["other", "0", "75.00", "10.00", "0.00", "15.000"]
    assert lines[7].split() == ["refused", "0", "25.00", "90.00", "100.00", "0.263"]
