"""What people draw around numbers and beside them: outlines, trees, brackets, scales, long divisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from edgedigits.lines import lines_of
from edgedigits.results import Box
from edgedigits_bench.drawn.corrections import ring, surrounding
from edgedigits_bench.drawn.paper import Floats, Points, Shape, trace

Rows = Sequence[Sequence[Box]]
"""The boxes of a page's numbers, row by row."""

APART: Final = 1.0
"""Least gap between two numbers of a row, as a share of the digit height."""


def figures(shape: Shape, boxes: Sequence[Box], rng: np.random.Generator, height: float) -> Floats:
    """Draw one kind of figure in one pen, 0..1, float32 [H, W], for digits of this height."""
    page = np.zeros(shape, np.float32)
    darkness, thickness = float(rng.uniform(0.5, 0.95)), max(2, round(height * rng.uniform(0.05, 0.1)))
    kinds: Sequence[Callable[[Rows, np.random.Generator, float], list[Points]]] = (
        outlines,
        tree,
        brackets,
        scales,
        divisions,
    )
    kind = kinds[int(rng.integers(len(kinds)))]
    for stroke in kind(numbers_of(boxes, height), rng, height):
        trace(page, stroke, darkness, thickness)
    return page


def numbers_of(boxes: Sequence[Box], height: float) -> list[list[Box]]:
    """Return the bounding boxes of the numbers in each row of digits."""
    rows = []
    for line in lines_of(boxes):
        numbers = [[boxes[line[0]]]]
        for one, other in pairwise([boxes[index] for index in line]):
            if other[0] - one[0] - one[2] > APART * height:
                numbers.append([])
            numbers[-1].append(other)
        rows.append([surrounding(number) for number in numbers])
    return rows


def outlines(rows: Rows, rng: np.random.Generator, height: float) -> list[Points]:
    """Return an outline around each number: a heart, star, diamond, triangle or cloud, with room in it."""
    turn = np.linspace(0, 2 * np.pi, 121)
    drawn = []
    for x, y, width, tall in (number for row in rows for number in row):
        corners = int(rng.choice([0, 3, 4, 7, 9]))
        if corners == 3:
            shape = np.array([(0, -2.2), (2.2, 1.4), (-2.2, 1.4), (0, -2.2)])
        elif corners == 4:
            shape = 2.1 * np.array([(0, -1), (1, 0), (0, 1), (-1, 0), (0, -1)])
        elif corners:
            reach = np.where(np.arange(2 * corners + 1) % 2, 1.5, 2.1)
            way = np.linspace(0, 2 * np.pi, 2 * corners + 1)
            shape = np.column_stack([reach * np.cos(way), reach * np.sin(way)])
        elif rng.random() < 0.5:
            across = 16 * np.sin(turn) ** 3
            down = 13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn)
            shape = np.column_stack([across, -down]) / 7
        else:
            reach = 1.5 + 0.2 * np.abs(np.sin(4 * turn))
            shape = np.column_stack([reach * np.cos(turn), reach * np.sin(turn)])
        half = np.array([max(width, 0.8 * height), height]) / 2 * rng.uniform(0.95, 1.15)
        drawn.append(np.asarray((x + width / 2, y + tall / 2) + half * shape))
    return drawn


def tree(rows: Rows, rng: np.random.Generator, height: float) -> list[Points]:
    """Return a ring around each number, and a line from each to the nearest number of the row above."""
    drawn = [[ring(number, height, rng) for number in row] for row in rows]
    lines = []
    for above, below in pairwise(drawn):
        for one in below:
            end = np.array([one[:, 0].mean(), one[:, 1].min()])
            feet = [np.array([other[:, 0].mean(), other[:, 1].max()]) for other in above]
            lines.append(np.stack([min(feet, key=lambda foot: float(abs(foot - end).sum())), end]))
    return [stroke for row in drawn for stroke in row] + lines


def brackets(rows: Rows, rng: np.random.Generator, height: float) -> list[Points]:
    """Return a pair of brackets around all rows: ( ), [ ], { } or | |."""
    x, y, width, tall = surrounding([number for row in rows for number in row])
    way = np.linspace(-1, 1, 41)
    bulge = {
        0: -(way**2),
        1: -(np.abs(way) > 0.99).astype(np.float64),
        2: np.exp(-((way / 0.12) ** 2)) - np.clip((np.abs(way) - 0.9) / 0.1, 0, 1),
        3: np.zeros(41),
    }[int(rng.integers(4))]
    deep, away = height * rng.uniform(0.2, 0.4), height * rng.uniform(0.6, 0.9)
    level = y + tall / 2 + (tall / 2 + height * rng.uniform(0.1, 0.3)) * way
    return [
        np.column_stack([side + turned * deep * bulge, level])
        for side, turned in ((x - away, -1), (x + width + away, 1))
    ]


def scales(rows: Rows, rng: np.random.Generator, height: float) -> list[Points]:
    """Return a line above each row with a mark above each number and some between them."""
    drawn = []
    for row in rows:
        left, top, width, _ = surrounding(row)
        level = top - height * rng.uniform(0.45, 0.6)
        drawn.append(np.array([(left - height, level), (left + width + height, level)]))
        middles = [x + across / 2 for x, _, across, _ in row]
        for x in middles + [(one + other) / 2 for one, other in pairwise(middles)]:
            reach = height * rng.uniform(0.2, 0.28)
            drawn.append(np.array([(x, level - reach), (x + rng.normal(0, 0.03 * height), level + reach)]))
    return drawn


def divisions(rows: Rows, rng: np.random.Generator, height: float) -> list[Points]:
    """Return the sign of a root or of a long division around each number."""
    drawn = []
    for x, y, width, tall in (number for row in rows for number in row):
        away, top, foot = height * rng.uniform(0.12, 0.25), y - 0.2 * height, y + tall
        start = x - away
        if rng.random() < 0.5:
            hook = [(start - 0.35 * height, foot - 0.4 * height), (start - 0.2 * height, foot), (start, top)]
        else:
            bend = np.linspace(1, -1, 12)
            hook = [(start - 0.2 * height * b * b, (top + foot) / 2 + (foot - top) / 2 * b) for b in bend]
        drawn.append(np.array([*hook, (x + width + away, top)]))
    return drawn
