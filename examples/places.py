"""The example pages that lie somewhere, or were cut out of something."""

from __future__ import annotations

import cv2
import numpy as np
import paper
from pages import BLACK, BLUE, CREAM, WHITE, Picture
from paper import write


def keyboard(rng: np.random.Generator) -> Picture:
    """A note on a keyboard, which has more strokes than the note."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "60417", (190, 190), 95, 8, rng, slope=0.01)
    write(mask, "8392", (230, 420), 95, 8, rng, slope=0.02)
    page = paper.penned(mask, WHITE, BLUE, rng)
    keys = paper.keys(paper.sheet(mask.shape, (0.42, 0.43, 0.44), rng), 58, (0.13, 0.13, 0.14))
    page = paper.place(page, keys, [(0.13, 0.10), (0.90, 0.06), (0.94, 0.91), (0.09, 0.88)])
    return paper.camera(paper.light(page, (0.4, 0.2), 0.3), rng)


def shelf(rng: np.random.Generator) -> Picture:
    """A note held up before a shelf of books, whose backs are strokes as well."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "5283", (160, 150), 170, 13, rng, slope=0.02)
    write(mask, "90476", (110, 430), 160, 13, rng, slope=0.01)
    page = paper.penned(mask, WHITE, BLACK, rng)
    books = paper.books(paper.sheet(mask.shape, (0.16, 0.20, 0.25), rng), 150, rng)
    page = paper.place(page, books, [(0.40, 0.30), (0.81, 0.34), (0.79, 0.82), (0.37, 0.77)])
    return paper.camera(paper.light(page, (0.6, 0.3), 0.4), rng)


def slip(rng: np.random.Generator) -> Picture:
    """A slip of paper on a desk, written on up to its corners."""
    mask = np.zeros((300, 960), np.float32)
    write(mask, "70214 9365", (26, 28), 98, 9, rng, slope=0.004, gap=0.3)
    write(mask, "58093 1746", (22, 172), 98, 9, rng, slope=-0.004, gap=0.3)
    page = paper.penned(mask, CREAM, BLACK, rng)
    desk = paper.sheet((720, 960), (0.14, 0.21, 0.30), rng, grain=0.03)
    page = paper.place(page, desk, [(0.20, 0.36), (0.81, 0.32), (0.82, 0.57), (0.19, 0.60)])
    return paper.camera(paper.light(page, (0.4, 0.3), 0.35), rng)


def notes(rng: np.random.Generator) -> Picture:
    """Three notes on one desk, each with a number."""
    seen = paper.sheet((720, 960), (0.16, 0.22, 0.31), rng, grain=0.03)
    for text, colour, corners in (
        ("7302", WHITE, [(0.06, 0.09), (0.44, 0.06), (0.46, 0.36), (0.07, 0.38)]),
        ("5819", CREAM, [(0.55, 0.13), (0.93, 0.17), (0.91, 0.46), (0.53, 0.42)]),
        ("4620", (0.62, 0.90, 0.95), [(0.24, 0.58), (0.63, 0.55), (0.65, 0.88), (0.25, 0.90)]),
    ):
        mask = np.zeros((300, 500), np.float32)
        write(mask, text, (60, 85), 115, 10, rng, slope=0.01)
        seen = paper.place(paper.penned(mask, colour, BLUE, rng), seen, corners)
    return paper.camera(paper.light(seen, (0.4, 0.3), 0.3), rng)


def cutting(rng: np.random.Generator) -> Picture:
    """A number that was cut out of its page so close that its digits touch the edges."""
    mask = np.zeros((300, 960), np.float32)
    write(mask, "0381 5926", (90, 80), 110, 9, rng, slope=0.012, gap=0.3)
    page = paper.penned(mask, CREAM, BLUE, rng)
    x, y, width, height = cv2.boundingRect((mask > 0.5).astype(np.uint8))
    seen = paper.camera(paper.light(page, (0.2, 0.3), 0.35), rng)
    return seen[y : y + height, x : x + width]


def tiles(rng: np.random.Generator) -> Picture:
    """Pictures of single digits side by side, as a data set is shown: white on black, on a white page."""
    page = np.ones((340, 640, 3), np.float32)
    for row, text in enumerate(("582073", "914860", "367215")):
        for place, sign in enumerate(text):
            mask = np.zeros((90, 90), np.float32)
            write(mask, sign, (24, 17), 56, 7, rng)
            top, left = 20 + 104 * row, 16 + 104 * place
            page[top : top + 90, left : left + 90] = cv2.GaussianBlur(mask, (0, 0), 1.2)[:, :, None]
    return (page * 255 + 0.5).astype(np.uint8)
