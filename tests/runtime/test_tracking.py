"""Steadiness of the tracker, on made-up readings: no model, no camera, no clock."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from edgedigits.lines import lines_of
from edgedigits.results import Box, Digit, Reading
from edgedigits.webcam.tracking import Tracker

SIZE = (640, 480)
FPS = 20
Shape = tuple[int, int, int]
"""Label, x and y of a digit 30 wide and 40 high."""


def digit(label: int, box: Box, share: float = 0.95, line: int = 0) -> Digit:
    rest = (1 - share) / 9
    probabilities = tuple(share if n == label else rest for n in range(10))
    return Digit(label, share, probabilities, box, line=line)


def reading(shapes: Iterable[Shape], share: float = 0.95) -> Reading:
    """Return a reading as the reader gives it: in reading order, with the line of each digit."""
    given = list(shapes)
    boxes = [(x, y, 30, 40) for _, x, y in given]
    digits = [
        digit(given[index][0], boxes[index], share, number)
        for number, line in enumerate(lines_of(boxes))
        for index in line
    ]
    return Reading("", tuple(digits), size=SIZE)


def row(text: str, x: int = 100, y: int = 200, step: int = 50) -> list[Shape]:
    return [(int(character), x + step * place, y) for place, character in enumerate(text)]


class Watch:
    """Feeds a tracker and records the announced texts by time."""

    def __init__(self, fps: float = FPS, **settings: float) -> None:
        self.tracker = Tracker(**settings)
        self.fps = fps
        self.time = 0.0
        self.texts: list[str] = []

    def see(self, shapes: Iterable[Shape], frames: int = 1, share: float = 0.95) -> str:
        for _ in range(frames):
            self.steady = self.tracker.update(reading(shapes, share), self.time)
            self.texts.append(self.steady.text)
            self.time += 1 / self.fps
        return self.texts[-1]

    @property
    def changes(self) -> list[str]:
        """The texts that replaced another one, in order."""
        return [after for before, after in zip(self.texts, self.texts[1:], strict=False) if before != after]


@pytest.mark.parametrize(
    ("fps", "stable", "frames"),
    [
        (20, 0.3, 7),  # 0, 0.05 .. 0.3 s
        (10, 0.3, 4),
        (1, 0.3, 2),  # frames are further apart than the span: two sightings are the minimum
        (20, 0, 1),  # no waiting time
    ],
)
def test_a_digit_is_announced_after_the_span_at_any_frame_rate(
    fps: float, stable: float, frames: int
) -> None:
    watch = Watch(fps, stable=stable)
    if frames > 1:
        assert watch.see(row("7"), frames - 1) == ""
    assert watch.see(row("7")) == "7"


def test_a_flash_is_never_announced() -> None:
    watch = Watch()
    for _ in range(10):
        watch.see(row("7"), 3)
        watch.see([], 3)
    assert set(watch.texts) == {""}


def test_lines_are_kept_apart_and_in_order() -> None:
    watch = Watch()
    assert watch.see(row("895", y=300) + row("1247", y=200), 10) == "1247\n895"
    assert [d.line for d in watch.steady.digits] == [0, 0, 0, 0, 1, 1, 1]


def test_short_misses_are_bridged_and_long_ones_are_not() -> None:
    watch = Watch(forget=0.5)
    watch.see(row("1247"), 10)
    missing = [shape for shape in row("1247") if shape[0] != 2]
    assert watch.see(missing, 9) == "1247", "the missing digit keeps its place"
    assert watch.see(row("1247")) == "1247"
    assert watch.see(missing, 9) == "1247", "one sighting is enough to be kept again"
    assert watch.see(missing, 3) == "147"


def test_a_whole_line_may_be_missed() -> None:
    watch = Watch()
    first, second, third = row("12", y=100), row("34", y=200), row("56", y=300)
    watch.see(first + second + third, 10)
    assert watch.see(first + third, 5) == "12\n34\n56"
    assert watch.see(first + third, 10) == "12\n56"


def test_labels_that_alternate_do_not_flicker() -> None:
    watch = Watch()
    for _ in range(40):
        watch.see(row("4"), 1)
        watch.see(row("9"), 1)
    assert len(set(filter(None, watch.texts))) <= 1


def test_one_wrong_frame_in_five_changes_nothing() -> None:
    watch = Watch()
    watch.see(row("4"), 10)
    for _ in range(20):
        watch.see(row("9"))
        watch.see(row("4"), 4)
    assert set(watch.texts[10:]) == {"4"}


def test_a_digit_that_is_replaced_in_place_is_replaced_in_time() -> None:
    watch = Watch()
    watch.see(row("4"), 30)
    assert watch.see(row("9"), 10) == "9", "within half a second"
    assert watch.changes == ["4", "9"], "at once from the one to the other"


def test_a_doubtful_label_is_not_announced() -> None:
    assert Watch().see(row("4"), 40, share=0.5) == ""


@pytest.mark.parametrize(
    ("box", "why"),
    [
        ((0, 200, 30, 40), "left"),
        ((610, 200, 30, 40), "right"),
        ((300, 1, 30, 40), "top, a pixel of the blur's margin away"),
        ((300, 440, 30, 40), "bottom"),
    ],
)
def test_what_the_edge_cuts_off_is_no_digit(box: Box, why: str) -> None:
    tracker = Tracker()
    for n in range(20):
        steady = tracker.update(Reading("", (digit(3, box),), size=SIZE), n / FPS)
    assert steady.text == "", why


def test_a_digit_that_leaves_the_picture_is_let_go() -> None:
    watch = Watch()
    watch.see(row("8", x=580), 10)
    for x in range(585, 660, 5):
        watch.see([(8, min(x, 610), 200)])
    assert watch.texts[9] == "8"
    assert watch.texts[-1] == ""


def test_a_new_scene_does_not_mix_with_the_last_one() -> None:
    """A fast pan: the next digit is announced before the previous one would be forgotten."""
    watch = Watch(forget=1)
    watch.see(row("8", x=500), 10)
    watch.see([], 3)
    watch.see(row("7", x=100), 10)
    assert watch.changes == ["8", "7"]


def test_a_digit_that_was_last_expected_at_the_edge_is_gone_when_it_is_missed() -> None:
    watch = Watch(forget=1)
    page = row("12", x=500)
    for n in range(10):
        watch.see([(label, x + 4 * n, y) for label, x, y in page])
    assert watch.texts[-1] == "12"
    watch.see([(1, 500 + 4 * 12, 200)])
    watch.see([(1, 500 + 4 * 15, 200)])
    assert watch.see([(1, 500 + 4 * 18, 200)]) == "1"


@pytest.mark.parametrize("fps", [5, 15, 30])
@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (row("1247"), row("3850", x=130, y=260), "no digit in common"),
        (row("30264") + row("1247", y=100), row("3850") + row("2961", y=290), "some fall in place by chance"),
        (row("30264"), row("385029617", x=60, y=210), "the new page has more"),
        (row("385029617", x=60, y=210), row("30264"), "the new page has less"),
        (row("12"), row("31", y=300), "of two one is the same"),
    ],
)
def test_a_cut_is_announced_as_one_change(
    before: list[Shape], after: list[Shape], why: str, fps: float
) -> None:
    """Regression: old digits near new ones kept the old page alive, and both were announced as one text."""
    watch = Watch(fps)
    old = watch.see(before, 2 * round(fps))
    new = watch.see(after, 2 * round(fps))
    assert watch.changes == [old, new], why
    assert sorted(new.replace("\n", "")) == sorted(str(label) for label, _, _ in after), why


@pytest.mark.parametrize(
    ("shapes", "why"),
    [
        (row("30264")[:2], "a hand covers most of the page, and the rest is still the same"),
        (row("30264")[:3] + row("88", x=400, y=300), "the hand is read as digits, too"),
        (row("39264"), "a digit is misread"),
        (row("39261"), "two are"),
        (row("59861"), "four of five are, for a moment"),
        (row("3850", x=130, y=260), "another page, for a moment"),
    ],
)
def test_what_passes_in_a_moment_changes_nothing(shapes: list[Shape], why: str) -> None:
    watch = Watch()
    watch.see(row("30264"), 20)
    watch.see(shapes, 3)
    watch.see(row("30264"), 20)
    assert set(watch.texts[10:]) == {"30264"}, why


def test_another_page_that_cannot_be_read_clears_the_text() -> None:
    """The old page is gone, however long it takes until the new one settles."""
    watch = Watch()
    watch.see(row("1247"), 20)
    for n in range(30):
        watch.see(row(str(1111 * (n % 10)).zfill(4), x=130, y=260))
    assert watch.changes == ["1247", ""]


def test_what_vanishes_together_is_let_go_together() -> None:
    """Zooming in: the digits leave the view within a few frames of one another."""
    watch = Watch()
    page = row("12345")
    watch.see(page, 10)
    for left in (4, 3, 2, 1):
        watch.see(page[:left], 3)
    watch.see(page[:1], 15)
    assert watch.changes == ["12345", "1"]


def test_what_comes_up_together_is_announced_together() -> None:
    watch = Watch()
    watch.see(row("12"), 2)
    watch.see(row("1234"), 10)
    assert watch.changes == ["1234"]


def test_something_that_never_settles_does_not_hold_the_others_back_for_long() -> None:
    watch = Watch()
    for n in range(10):
        watch.see([*row("12"), (n % 10, 400, 200)])
    assert watch.texts[-1] == "12"


@pytest.mark.parametrize("step", [3, 20, 45, -45])
def test_a_moving_page_keeps_its_text(step: int) -> None:
    """45 px per frame is nearly the distance between digits: only the page's motion tells them apart."""
    watch = Watch()
    start = 100 if step > 0 else 400
    watch.see(row("1247", x=start), 10)
    for n in range(1, 6):
        assert watch.see(row("1247", x=start + n * step)) == "1247"


def test_a_page_of_equal_digits_may_move_too() -> None:
    watch = Watch()
    watch.see(row("1111"), 10)
    for n in range(1, 10):
        assert watch.see(row("1111", x=100 + 20 * n)) == "1111"


def test_missed_digits_move_along_with_the_page() -> None:
    watch = Watch()
    watch.see(row("1247"), 10)
    for n in range(1, 6):
        shapes = row("1247", x=100 + 10 * n)
        watch.see(shapes[:2] + shapes[3:])
    boxes = {d.label: d.box for d in watch.steady.digits}
    assert boxes[4][0] == pytest.approx(100 + 2 * 50 + 5 * 10, abs=2)


def test_a_wobbling_line_does_not_change_the_text() -> None:
    """Two digits on the border between being one line and two."""
    watch = Watch()
    watch.see([(1, 100, 200), (2, 150, 225)], 12)
    settled = watch.texts[-1]
    for _ in range(20):
        watch.see([(1, 100, 200), (2, 150, 235)])
        watch.see([(1, 100, 200), (2, 150, 225)])
    assert set(watch.texts[12:]) == {settled}


def test_an_order_that_lasts_is_taken_over() -> None:
    watch = Watch()
    watch.see([(1, 100, 200), (2, 150, 200)], 12)
    assert watch.see([(1, 100, 200), (2, 150, 238)], 12) == "1\n2"


def test_a_source_that_starts_over_starts_the_tracker_over() -> None:
    watch = Watch()
    watch.see(row("7"), 10)
    watch.time = 0.0
    assert watch.see(row("7")) == ""


def test_the_announced_confidence_is_that_of_the_announced_label() -> None:
    watch = Watch()
    watch.see(row("4"), 7)
    watch.see(row("9"))
    (only,) = watch.steady.digits
    assert only.label == 4
    assert only.confidence == pytest.approx((6 * 0.95 + 0.05 / 9) / 7)
    assert sum(only.probabilities) == pytest.approx(1)


def test_a_picture_of_unknown_size_has_no_edge() -> None:
    tracker = Tracker(stable=0)
    assert tracker.update(Reading("", (digit(3, (0, 0, 30, 40)),)), 0.0).text == "3"


def test_a_full_page_is_followed() -> None:
    watch = Watch()
    shapes = [s for line in range(9) for s in row("1234567890", y=20 + 50 * line, step=55, x=40)]
    assert watch.see(shapes, 8) == "\n".join(["1234567890"] * 9)
    moved = [(label, x + 10, y) for label, x, y in shapes]
    assert watch.see(moved, 2) == "\n".join(["1234567890"] * 9)
