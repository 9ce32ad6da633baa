"""Rules near digits: the blanks and combs of forms, the bars of fractions and sums, the border of a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from edgedigits.lines import lines_of
from edgedigits.results import Box
from edgedigits_bench.drawn.corrections import surrounding
from edgedigits_bench.drawn.paper import Floats, Shape


def blanks(shape: Shape, boxes: Sequence[Box], rng: np.random.Generator, height: float) -> Floats:
    """Draw the ink of a form, 0..1, float32 [H, W]; usually each digit has its own short rule."""
    page = np.zeros(shape, np.float32)
    darkness = float(rng.uniform(0.3, 0.9))
    thickness = max(1, round(height * rng.uniform(0.03, 0.07)))
    below, beside = round(height * rng.uniform(0.08, 0.2)), round(0.1 * height)
    single, tick = rng.random() < 2 / 3, round(height * rng.uniform(0.2, 0.45))
    for line in lines_of(boxes):
        row = [boxes[index] for index in line]
        if single:
            for x, y, w, h in row:
                start, end = (x - beside, y + h + below), (x + w + beside, y + h + below)
                cv2.line(page, start, end, darkness, thickness, cv2.LINE_AA)
            continue
        foot = max(y + h for _, y, _, h in row) + below
        between = [(x + w + left) // 2 for (x, _, w, _), (left, _, _, _) in pairwise(row)]
        teeth = [row[0][0] - 2 * beside, *between, row[-1][0] + row[-1][2] + 2 * beside]
        cv2.line(page, (teeth[0], foot), (teeth[-1], foot), darkness, thickness)
        for x in teeth:
            cv2.line(page, (x, foot), (x, foot - tick), darkness, thickness)
    return page


def bars(shape: Shape, boxes: Sequence[Box], rng: np.random.Generator, height: float) -> Floats:
    """Draw bars in the digits' pen above or below one to three neighbours, here and there, touching none."""
    page = np.zeros(shape, np.float32)
    thickness = max(2, round(height * rng.uniform(0.07, 0.12)))
    for line in lines_of(boxes):
        for start in range(0, len(line), 3):
            row = [boxes[index] for index in line[start : start + int(rng.integers(1, 4))]]
            if rng.random() < 0.4:
                continue
            left, right = row[0][0], row[-1][0] + row[-1][2]
            away, beyond = height * rng.uniform(0.2, 0.3), height * rng.uniform(0.05, 0.15)
            above = min(y for _, y, _, _ in row) - away
            y = round(above if rng.random() < 0.5 else max(y + h for _, y, _, h in row) + away)
            cv2.line(page, (round(left - beyond), y), (round(right + beyond), y), 0.8, thickness, cv2.LINE_AA)
    return page


def shaded_rows(shape: Shape, boxes: Sequence[Box], rng: np.random.Generator, height: float) -> Floats:
    """Tint every second row of digits, or some, up to the same margins: the ink, 0..1, float32 [H, W]."""
    page = np.zeros(shape, np.float32)
    shade, share = float(rng.uniform(0.08, 0.35)), rng.choice([0.0, 0.4])
    left, top, width, tall = surrounding(boxes)
    before, after = rng.uniform(0.3, 1, 2) * height
    start, end = max(0, round(left - before)), round(left + width + after)
    rows = [surrounding([boxes[index] for index in line]) for line in lines_of(boxes)]
    edges = [top - 0.3 * height, top + tall + 0.3 * height]
    edges += [(y + down + lower) / 2 for (_, y, _, down), (_, lower, _, _) in pairwise(rows)]
    for place, (upper, lower) in enumerate(pairwise(sorted(edges))):
        if rng.random() < share or (not share and place % 2):
            page[max(0, round(upper)) : round(lower), start:end] = shade
    return page


def border(ink: Floats, rng: np.random.Generator, height: float) -> Floats:
    """Draw a line around the page, or two, printed or by hand: the ink, 0..1, float32 [H, W]."""
    page = np.zeros(ink.shape, np.float32)
    down, across = ink.shape
    darkness, thickness = float(rng.uniform(0.4, 0.9)), max(1, round(height * rng.uniform(0.03, 0.08)))
    inset, between = rng.uniform(0.01, 0.03) * across, (2.5 + 2 * rng.random()) * thickness
    by_hand = rng.random() < 1 / 3
    for line in range(1 + int(rng.random() < 1 / 3)):
        way = np.linspace(0, 1, 25)[:-1, None]
        near = inset + line * between
        corners = np.array(
            [(near, near), (across - near, near), (across - near, down - near), (near, down - near)]
        )
        sides = [(1 - way) * one + way * other for one, other in pairwise([*corners, corners[0]])]
        outline = np.concatenate(sides) + by_hand * rng.normal(0, 0.15 * inset, (96, 2))
        cv2.polylines(page, [np.rint(outline).astype(np.int32)], True, darkness, thickness, cv2.LINE_AA)
    return page
