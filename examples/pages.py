"""The example pages that fill their pictures: writing on paper, on boards and in forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import paper
from paper import write

Picture = npt.NDArray[Any]
BLUE, BLACK, GRAPHITE = (0.52, 0.22, 0.13), (0.17, 0.15, 0.15), (0.33, 0.32, 0.32)
RED = (0.20, 0.18, 0.72)
WHITE, CREAM = (0.90, 0.92, 0.93), (0.80, 0.88, 0.92)


def note(rng: np.random.Generator) -> Picture:
    """A plain note with a blue ballpoint pen, lamp from the left."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "1247", (210, 150), 120, 9, rng, slope=0.02)
    write(mask, "895", (250, 330), 118, 9, rng, slope=0.03)
    write(mask, "30264", (170, 510), 112, 9, rng, slope=0.02)
    page = paper.penned(mask, WHITE, BLUE, rng)
    page = paper.view(page, (0.24, 0.36, 0.50), [(0.07, 0.06), (0.95, 0.03), (0.98, 0.97), (0.03, 0.94)], rng)
    return paper.camera(paper.light(page, (0.3, 0.2), 0.32), rng)


def ruled(rng: np.random.Generator) -> Picture:
    """A school book: printed rules and a margin line, the writing sits on the rules."""
    mask = np.zeros((720, 960), np.float32)
    page = paper.rules(paper.sheet(mask.shape, WHITE, rng), 60, 48, (0.86, 0.70, 0.58), margin=118)
    for row, text in enumerate(("5081 36", "947 2250", "16 7389", "40 625")):
        write(mask, text, (165, 92 + 120 * row), 74, 6, rng, slope=0.004)
    page = paper.lay(page, paper.ballpoint(mask, rng), BLACK)
    return paper.camera(paper.light(page, (0.65, 0.35), 0.28), rng)


def shade(rng: np.random.Generator) -> Picture:
    """A hard shadow right across the writing."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "62803", (170, 150), 135, 10, rng, slope=0.02, gap=0.34)
    write(mask, "4719", (230, 410), 140, 10, rng, slope=-0.01, gap=0.34)
    page = paper.penned(mask, CREAM, BLACK, rng)
    page = paper.shadow(page, [(0.30, -0.1), (0.92, -0.1), (0.72, 1.2), (0.46, 1.2)], 0.42, 3)
    return paper.camera(paper.light(page, (0.1, 0.1), 0.15), rng)


def sloped(rng: np.random.Generator) -> Picture:
    """Lines that climb by six degrees, of different lengths."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "7314", (120, 190), 92, 8, rng, slope=0.105)
    write(mask, "208965", (110, 370), 96, 8, rng, slope=0.105)
    write(mask, "53", (150, 545), 96, 8, rng, slope=0.105)
    page = paper.penned(mask, CREAM, BLUE, rng)
    page = paper.view(page, (0.30, 0.31, 0.33), [(0.02, 0.08), (0.93, 0.01), (0.99, 0.93), (0.08, 0.99)], rng)
    return paper.camera(paper.light(page, (0.7, 0.7), 0.35), rng)


def chalked(
    mask: Picture,
    board: paper.Colour,
    dust: float,
    chalk: paper.Colour,
    lamp: tuple[float, float],
    rng: np.random.Generator,
) -> Picture:
    """Write in chalk on a board, with `dust` from what was wiped off, brightest at `lamp`."""
    page = paper.sheet(mask.shape, board, rng, 0.008)
    page = page + dust * np.clip(paper.clouds(mask.shape, 70, rng), 0, 1)[:, :, None]
    page = paper.lay(page, paper.chalk(mask, rng), chalk)
    return paper.camera(paper.light(page, lamp, 0.25), rng, noise=0.008)


def slate(rng: np.random.Generator) -> Picture:
    """Chalk on slate: bright on dark, with the traces of what was wiped off."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "3850", (190, 130), 170, 15, rng, gap=0.3)
    write(mask, "2961", (210, 410), 170, 15, rng, slope=0.02, gap=0.3)
    return chalked(mask, (0.22, 0.24, 0.22), 0.035, (0.90, 0.93, 0.93), (0.4, 0.3), rng)


def pencil(rng: np.random.Generator) -> Picture:
    """A faint, hard pencil."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "9025", (230, 170), 115, 5, rng)
    write(mask, "76148", (190, 400), 115, 5, rng, slope=0.015)
    page = paper.lay(paper.sheet(mask.shape, WHITE, rng), paper.pencil(mask, rng, 0.55), GRAPHITE)
    return paper.camera(paper.light(page, (0.6, 0.1), 0.3), rng, noise=0.010)


def touching(rng: np.random.Generator) -> Picture:
    """A hurried hand: some neighbours touch."""
    mask = np.zeros((560, 960), np.float32)
    write(mask, "5", (160, 190), 150, 11, rng)
    write(mask, "00", (305, 190), 150, 11, rng, gap=0.055)
    write(mask, "28", (585, 190), 150, 11, rng, gap=0.085)
    page = paper.penned(mask, WHITE, BLUE, rng)
    return paper.camera(paper.light(page, (0.2, 0.7), 0.25), rng)


def phone(rng: np.random.Generator) -> Picture:
    """A note as a phone held upright takes it."""
    mask = np.zeros((1200, 900), np.float32)
    for row, text in enumerate(("0176", "5523", "984")):
        write(mask, text, (150, 250 + 270 * row), 150, 11, rng, slope=0.02)
    page = paper.penned(mask, CREAM, BLACK, rng)
    page = paper.view(page, (0.16, 0.22, 0.30), [(0.08, 0.04), (0.93, 0.07), (0.98, 0.95), (0.03, 0.97)], rng)
    page = paper.shadow(page, [(0.55, 1.2), (1.2, 0.62), (1.2, 1.2)], 0.25, 40)
    return paper.camera(paper.light(page, (0.3, 0.2), 0.3), rng)


def upstrokes(rng: np.random.Generator) -> Picture:
    """1s with a long upstroke, as most schools teach them, among 7s."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "¹7¹4", (170, 150), 125, 9, rng, slope=0.01)
    write(mask, "20¹¹7", (430, 330), 120, 9, rng, slope=0.01, gap=0.3)
    write(mask, "7¹93¹", (150, 520), 120, 9, rng, slope=0.015)
    page = paper.penned(mask, WHITE, BLUE, rng)
    return paper.camera(paper.light(page, (0.7, 0.2), 0.3), rng)


def corrected(rng: np.random.Generator) -> Picture:
    """Answers, corrected in red: a ring that touches what it goes around, ticks, a cross, a line below."""
    mask, red = np.zeros((720, 960), np.float32), np.zeros((720, 960), np.float32)
    write(mask, "4827", (210, 90), 110, 8, rng, slope=0.01)
    write(mask, "302", (225, 300), 110, 8, rng, slope=0.01)
    write(mask, "6158", (215, 510), 110, 8, rng, slope=0.01)
    write(red, ["tick"], (760, 90), 110, 7, rng)  # type: ignore[arg-type]
    write(red, ["cross"], (760, 310), 90, 7, rng)  # type: ignore[arg-type]
    write(red, ["tick"], (770, 510), 100, 7, rng)  # type: ignore[arg-type]
    way = np.linspace(2.2, 2.2 + 2 * np.pi * 0.99, 60)
    around = np.stack([185 * np.cos(way), 88 * np.sin(way)], 1) * np.linspace(1, 0.97, 60)[:, None]
    paper.pen(red, [around], (352, 362), 1.0, 7, rng)
    paper.pen(red, [np.array([(205.0, 632.0), (400.0, 626.0), (590.0, 630.0)])], (0, 0), 1.0, 7, rng)
    page = paper.penned(mask, WHITE, BLUE, rng)
    page = paper.lay(page, paper.ballpoint(red, rng), RED)
    return paper.camera(paper.light(page, (0.3, 0.3), 0.3), rng)


def exercise(rng: np.random.Generator) -> Picture:
    """An exercise in percentages on ruled paper, with a circled result that rules cross."""
    mask = np.zeros((720, 960), np.float32)
    page = paper.rules(paper.sheet(mask.shape, WHITE, rng), 64, 44, (0.74, 0.62, 0.52))
    turn = np.linspace(0, 2 * np.pi, 30)
    ring = np.stack([0.17 * np.sin(turn), 0.17 * np.cos(turn)], 1)
    slash = np.array([(0.75, 0.0), (0.2, 1.0)])
    percent = [np.add(ring, (0.18, 0.2)), slash, np.add(ring, (0.8, 0.8))]
    for row, text in enumerate(("45", "370")):
        write(mask, text, (180, 80 + 190 * row), 88, 7, rng, slope=0.005)
        paper.pen(mask, percent, (190 + 85 * len(text), 84 + 190 * row), 80, 7, rng)
    write(mask, "1628", (260, 484), 92, 7, rng, slope=0.01)
    way = np.linspace(2.2, 2.2 + 2 * np.pi * 0.99, 60)
    around = np.stack([225 * np.cos(way), 84 * np.sin(way)], 1)
    paper.pen(mask, [around], (410, 530), 1.0, 7, rng)
    page = paper.lay(page, paper.ballpoint(mask, rng), BLACK)
    return paper.camera(paper.light(page, (0.6, 0.3), 0.28), rng)


def board(rng: np.random.Generator) -> Picture:
    """Red chalk on a green board, which is as bright."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "5174", (190, 140), 150, 14, rng, gap=0.3)
    write(mask, "80236", (150, 420), 150, 14, rng, slope=0.01, gap=0.3)
    return chalked(mask, (0.33, 0.45, 0.26), 0.03, (0.30, 0.24, 0.80), (0.6, 0.3), rng)


def form(rng: np.random.Generator) -> Picture:
    """A printed form: a box for each digit."""
    mask = np.zeros((560, 960), np.float32)
    page = paper.sheet(mask.shape, WHITE, rng)
    for row, text in enumerate(("307251", "946 8")):
        for place, sign in enumerate(text):
            left, top = 130 + 120 * place, 90 + 210 * row
            page = paper.box(page, (left, top, 92, 128), (0.45, 0.50, 0.42))
            if sign != " ":
                write(mask, sign, (left + 24 + rng.uniform(-6, 6), top + 20 + rng.uniform(-5, 5)), 88, 7, rng)
    page = paper.lay(page, paper.ballpoint(mask, rng), BLUE)
    return paper.camera(paper.light(page, (0.7, 0.2), 0.25), rng)


def letter(rng: np.random.Generator) -> Picture:
    """A printed letter with numbers written between its paragraphs."""
    mask, print_ = np.zeros((720, 960), np.float32), np.zeros((720, 960), np.float32)
    for y in (60, 96, 132, 168, 330, 366, 530, 566, 602, 638):
        words = ["".join(rng.choice(list("AKMNRWX"), rng.integers(2, 7))) for _ in range(12)]
        write(print_, " ".join(words), (90, y), 13, 1.7, rng, gap=0.32, looseness=0)
    write(mask, "40825", (210, 220), 78, 7, rng, slope=0.01)
    write(mask, "7316", (290, 420), 80, 7, rng, slope=0.02)
    page = paper.lay(paper.sheet(mask.shape, WHITE, rng), paper.ballpoint(print_, rng), BLACK)
    page = paper.lay(page, paper.ballpoint(mask, rng), BLUE)
    return paper.camera(paper.light(page, (0.3, 0.3), 0.3), rng)


def shopping(rng: np.random.Generator) -> Picture:
    """A list: one number before each word, all in the same hand."""
    mask = np.zeros((720, 960), np.float32)
    page = paper.rules(paper.sheet(mask.shape, CREAM, rng), 110, 88, (0.80, 0.74, 0.62))
    for row, (count, word) in enumerate(
        (("2", "MARKA"), ("6", "NAXW"), ("12", "KRAM"), ("4", "WARNA"), ("8", "XAMN"))
    ):
        y = 100 + 110 * row
        write(mask, count, (150, y), 70, 7, rng)
        write(mask, word, (330, y + 6), 62, 7, rng)
    page = paper.lay(page, paper.ballpoint(mask, rng), BLACK)
    return paper.camera(paper.light(page, (0.5, 0.2), 0.3), rng)


def crayon(rng: np.random.Generator) -> Picture:
    """A wax crayon on rough paper: strokes full of gaps."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "3850", (130, 110), 170, 30, rng, gap=0.3)
    write(mask, "2964", (150, 410), 170, 30, rng, slope=0.02, gap=0.3)
    page = paper.lay(paper.sheet(mask.shape, CREAM, rng), paper.crayon(mask, rng), RED)
    return paper.camera(paper.light(page, (0.4, 0.3), 0.25), rng)


def powers(rng: np.random.Generator) -> Picture:
    """A bound exercise book with powers: small digits behind large ones."""
    mask = np.zeros((720, 960), np.float32)
    page = paper.rules(paper.sheet(mask.shape, WHITE, rng), 60, 55, (0.86, 0.70, 0.58))
    for place, (base, exponent) in enumerate(("32", "54", "96", "73", "42", "85")):
        x, y = 190 + 230 * (place % 3), 150 + 240 * (place // 3)
        write(mask, base, (x, y), 100, 8, rng)
        write(mask, exponent, (x + 78, y - 26), 50, 6, rng)
    page = paper.bound(page, 48, rng)
    page = paper.lay(page, paper.ballpoint(mask, rng), BLUE)
    return paper.camera(paper.light(page, (0.6, 0.3), 0.25), rng)


def doodles(rng: np.random.Generator) -> Picture:
    """Letters and drawings among the digits: only the digits are to be read."""
    mask = np.zeros((720, 960), np.float32)
    write(mask, "RAX", (110, 110), 100, 8, rng)
    write(mask, "4096", (480, 115), 105, 8, rng)
    write(mask, ["flower"], (130, 265), 150, 6, rng)  # type: ignore[arg-type]
    write(mask, "83", (480, 330), 110, 8, rng)
    write(mask, "7152", (120, 555), 105, 8, rng)
    write(mask, "WNK", (560, 545), 100, 8, rng)
    write(mask, ["star"], (760, 310), 130, 6, rng)  # type: ignore[arg-type]
    page = paper.penned(mask, WHITE, BLUE, rng)
    return paper.camera(paper.light(page, (0.5, 0.4), 0.3), rng)
