"""Isolated marks, and lines that are no writing."""

from __future__ import annotations

import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.candidates import Candidate
from edgedigits.signs.strays import strays_of

SHAPE = (480, 640)


def mark(
    x: int, y: int, height: int = 40, darkness: float = 200, quality: float = 0.99, label: int = 4
) -> Candidate:
    frame = np.zeros((28, 28), np.uint8)
    return Candidate(
        Blob((x, y, 25, height), ()), frame, darkness, darkness, label, 1.0, (0.1,) * 10, quality
    )


WRITING = [mark(60 + 40 * place, 100) for place in range(5)]


@pytest.mark.parametrize(
    ("alone", "stray"),
    [
        (mark(300, 300), False),  # a digit in a line of its own is a digit
        (mark(300, 300, darkness=50), True),  # the pale edge of a shadow
        (mark(300, 300, height=100), True),  # a line of the drawing
        (mark(300, 300, height=15), True),  # a speck with a shape
        (mark(300, 300, quality=0.8), True),  # a hair
        (mark(300, 440), True),  # cut by the picture's rim
    ],
)
def test_a_mark_alone(alone: Candidate, stray: bool) -> None:
    found = strays_of([*WRITING, alone], [[0, 1, 2, 3, 4], [5]], SHAPE)
    assert found == ({5} if stray else frozenset())


@pytest.mark.parametrize(
    ("darkness", "quality", "stray"),
    [
        (50, 0.5, True),  # grain in a shadow
        (50, 0.99, False),  # hard pencil, well written
        (200, 0.5, False),  # ink, badly written
        (30, 0.99, True),  # pieces of a pale grid, each of which looks like a good 1
    ],
)
def test_a_pale_line(darkness: float, quality: float, stray: bool) -> None:
    line = [mark(60 + 40 * place, 300, 40, darkness, quality) for place in range(2)]
    found = strays_of([*WRITING, *line], [[0, 1, 2, 3, 4], [5, 6]], SHAPE)
    assert found == ({5, 6} if stray else frozenset())


@pytest.mark.parametrize(
    ("x", "darkness", "quality", "stray"),
    [
        (600, 60, 0.2, True),  # a finger at the end of a line, accepted because nearly all else are digits
        (600, 60, 0.99, False),  # the pen ran dry
        (600, 200, 0.2, False),  # badly written
    ],
)
def test_a_pale_mark_in_a_line_of_ink(x: int, darkness: float, quality: float, stray: bool) -> None:
    found = strays_of([*WRITING, mark(x, 100, 40, darkness, quality)], [[0, 1, 2, 3, 4, 5]], SHAPE)
    assert found == ({5} if stray else frozenset())


def test_what_is_left_of_a_line_of_ghosts_is_alone() -> None:
    # Regression: beside one edge of a finger, too pale for writing, the other at the rim was read as a 6.
    finger = [mark(60, 2, 28, 57, 0.93), mark(90, 8, 16, 33, 0.86)]
    assert strays_of([*WRITING, *finger], [[5, 6], [0, 1, 2, 3, 4]], SHAPE) == {5, 6}


@pytest.mark.parametrize(
    ("labels", "height", "darkness", "stray"),
    [
        ((1, 1, 7), 15, 100, True),  # the grain of a table: thirty were read around a sheet
        ((1, 1, 1), 40, 60, True),  # pieces of a grid
        ((1, 1, 7), 38, 190, False),  # a line of the same writing
        ((1, 4, 1), 15, 100, False),  # small and pale, but not only strokes
    ],
)
def test_a_row_of_strokes(labels: tuple[int, ...], height: int, darkness: float, stray: bool) -> None:
    row = [mark(60 + 40 * place, 300, height, darkness, label=label) for place, label in enumerate(labels)]
    found = strays_of([*WRITING, *row], [[0, 1, 2, 3, 4], [5, 6, 7]], SHAPE)
    assert found == (frozenset({5, 6, 7}) if stray else frozenset())


def test_a_page_of_strokes_alone_tells_of_a_mark_beside_them() -> None:
    """Rows of 1s and 7s may be all that is written; a hair beside them is none of it."""
    row = [mark(60 + 40 * place, 100, label=label) for place, label in enumerate((1, 7, 1, 1, 7))]
    alone = mark(300, 300, darkness=50, label=1)
    assert strays_of([*row, alone], [[0, 1, 2, 3, 4], [5]], SHAPE) == {5}


def test_pieces_of_a_pale_grid_do_not_outvote_the_pen() -> None:
    grid = [mark(20 + 9 * place, 300, 25, 30, 0.99) for place in range(60)]
    found = strays_of([*WRITING, *grid], [[0, 1, 2, 3, 4], list(range(5, 65))], SHAPE)
    assert found == frozenset(range(5, 65))


def test_too_little_writing_to_compare_with() -> None:
    candidates = [mark(60, 100), mark(100, 100), mark(300, 300, darkness=20, quality=0.6)]
    assert strays_of(candidates, [[0, 1], [2]], SHAPE) == frozenset()
