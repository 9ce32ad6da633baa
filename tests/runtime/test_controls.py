"""What keys and the mouse do to the live view, tested without a window."""

from __future__ import annotations

import pytest
from made_up import digit

from edgedigits.results import Box
from edgedigits.webcam.controls import Controls


def controls(**settings: object) -> Controls:
    made = Controls(snapshot=lambda: "saved", **settings)  # type: ignore[arg-type]
    made.size = (640, 480)
    return made


@pytest.mark.parametrize(
    ("keys", "attribute", "value"),
    [
        ("q", "quit", True),
        ("\x1b", "quit", True),
        (" ", "frozen", True),
        ("p", "frozen", True),
        ("  ", "frozen", False),
        ("t", "smoothing", False),
        ("tT", "smoothing", True),  # with caps lock
        ("s", "message", "saved"),
        ("x", "message", ""),  # not a key of ours
        ("7", "message", "start with --collect DIR to save corrections"),
    ],
)
def test_keys(keys: str, attribute: str, value: object) -> None:
    state = controls()
    for key in keys:
        state.key(ord(key))
    assert getattr(state, attribute) == value


def test_no_key_and_keys_with_modifiers() -> None:
    state = controls()
    state.key(-1)
    assert not state.quit
    state.key(0x100000 | ord("q"))  # num lock, as some toolkits report it
    assert state.quit


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (0xFF50, "Home under X, whose last byte is P"),
        (0xFF51, "Left, Q"),
        (0xFF52, "Up, R"),
        (0xFF53, "Right, S"),
        (0xFF54, "Down, T"),
        (0x10FF51, "Left with num lock"),
        (0xFFE1, "Shift alone"),
        (0xFFB7, "7 on GTK's keypad"),
        (0x6D1, "a Cyrillic letter"),
        (0x250000, "Left on Windows"),
        (0x700000, "F1 on Windows"),
        (0xF702, "Left on a Mac"),
    ],
)
def test_keys_that_are_no_letters_do_nothing(code: int, key: str) -> None:
    """Regression: only the last byte of an arrow key's code was checked, and Left closed the window."""
    state = controls(region=(1, 2, 30, 40))
    before = vars(state).copy()
    state.key(code)
    assert vars(state) == before, key


def test_escape_quits_by_its_name_under_x_too() -> None:
    state = controls()
    state.key(0xFF1B)
    assert state.quit


@pytest.mark.parametrize(
    ("start", "end", "region"),
    [
        ((100, 100), (200, 150), (100, 100, 100, 50)),
        ((200, 150), (100, 100), (100, 100, 100, 50)),  # drawn backwards
        ((600, 400), (900, 700), (600, 400, 40, 80)),  # beyond the picture
        ((100, 100), (103, 103), None),  # a click with an unsteady hand
        ((100, 100), (110, 200), None),  # too narrow to hold a digit
    ],
)
def test_a_drag_sets_the_region(start: tuple[int, int], end: tuple[int, int], region: Box | None) -> None:
    state = controls()
    state.press(*start)
    state.drag(*end)
    state.release(*end)
    assert state.region == region
    assert state.dragged is None
    state.key(ord("r"))
    assert state.region is None


def test_moving_without_the_button_does_nothing() -> None:
    state = controls()
    state.drag(300, 300)
    state.release(300, 300)
    assert state.region is None


def test_label_keys_are_about_the_shape_that_was_clicked() -> None:
    labelled: list[tuple[Box, str]] = []
    state = controls(collect=lambda shape, label: labelled.append((shape.box, label)) or "ok")
    state.key(ord("4"))
    assert state.message == "there is no shape to label"
    left, middle, right = ((x, 200, 30, 40) for x in (50, 300, 500))
    state.shapes = [digit(1, left), digit(2, middle), digit(3, right)]
    state.key(ord("4"))
    state.press(510, 220)
    state.release(510, 220)
    state.key(ord("n"))
    assert labelled == [(middle, "4"), (right, "none")], "without a click the one in the middle"
