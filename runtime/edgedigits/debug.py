"""Debug pictures: write what the reader saw at each step into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import Blob
from edgedigits.ink.page import Page
from edgedigits.pictures import as_bytes, numbered, write_new
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import NOT_A_DIGIT

Image = npt.NDArray[np.uint8]

TILE: Final = 84
"""Side of a frame on the contact sheet in pixels; each pixel of the frame is three wide."""
COLUMNS: Final = 10
_RED: Final = (60, 60, 230)
_GREEN: Final = (60, 170, 40)
_ORANGE: Final = (0, 140, 250)


def write_stages(
    folder: Path,
    grey: Image,
    page: Page,
    pieces: Sequence[Blob],
    candidates: Sequence[Candidate],
    lines: Sequence[Sequence[Candidate]],
) -> None:
    """Write `1_grey.png` to `6_frames.png` into `folder`, which is created if it is missing.

    If `folder` already holds such pictures, they stay, and these go to `folder-2` and so on. Raises `OSError`
    if they cannot be written.

    All but the frames are at working scale, and show only the sheet of paper if one was found. Digits are
    green, doubtful splits orange, and what was left out red. The frames are in reading order, followed by
    those that were left out: "none" is not a digit to the classifier; "9?" looks like one but was not read as
    one.
    """
    folder = _free(folder)
    size = (page.ink.shape[1], page.ink.shape[0])
    left, top = page.origin
    right, bottom = left + round(size[0] * page.scale[0]), top + round(size[1] * page.scale[1])
    height, width = grey.shape
    # A close crop had paper added around it.
    beyond = max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width)
    part = grey[max(0, top) : bottom, max(0, left) : right]
    wide = cv2.copyMakeBorder(part, *beyond, cv2.BORDER_REPLICATE)
    small = cv2.resize(wide, size, interpolation=cv2.INTER_AREA)
    # Ink is the share of light that is missing, so dividing by the rest gives the paper back.
    kept = np.maximum(255.0 - page.ink, 1.0)
    lit = 255.0 - small if page.bright else small.astype(np.float64)
    paper = np.minimum(lit * 255 / kept, 255).astype(np.uint8)
    write_new(folder / "1_grey.png", as_bytes(small))
    write_new(folder / "2_background.png", 255 - paper if page.bright else paper)
    write_new(folder / "3_ink.png", page.ink)
    boxes = cv2.cvtColor(page.ink, cv2.COLOR_GRAY2BGR)
    for blob in pieces:
        x, y, width, height = blob.box
        cv2.drawContours(boxes, blob.contours, -1, _ORANGE, 1)
        cv2.rectangle(boxes, (x, y), (x + width, y + height), _RED, 1)
    write_new(folder / "4_boxes.png", as_bytes(boxes))
    write_new(folder / "5_lines.png", _lines(page, lines))
    digits = [candidate for line in lines for candidate in line]
    read = {id(candidate) for candidate in digits}
    others = [candidate for candidate in candidates if id(candidate) not in read]
    write_new(folder / "6_frames.png", _sheet(digits, others))


def _free(folder: Path) -> Path:
    """Return the first of `folder`, `folder-2` and so on that holds no stages; create it if it is missing."""
    target = next(one for one in numbered(folder.absolute()) if not any(one.glob("[1-6]_*.png")))
    target.mkdir(parents=True, exist_ok=True)
    return target


def _lines(page: Page, lines: Sequence[Sequence[Candidate]]) -> Any:
    canvas = cv2.cvtColor(255 - page.ink, cv2.COLOR_GRAY2BGR)
    for line in lines:
        centres = []
        for candidate in line:
            x, y, width, height = candidate.blob.box
            colour = _ORANGE if candidate.uncertain_split else _GREEN
            cv2.rectangle(canvas, (x, y), (x + width, y + height), colour, 1)
            cv2.putText(canvas, str(candidate.label), (x, y - 2), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 1)
            centres.append((x + width // 2, y + height // 2))
        cv2.polylines(canvas, [np.array(centres, np.int32)], False, _RED, 1)
    return canvas


def _sheet(digits: Sequence[Candidate], others: Sequence[Candidate]) -> Image:
    """Return the frames that the classifier saw, with its answer and the quality in percent below each."""
    count = len(digits) + len(others)
    sheet = np.full((max(1, -(-count // COLUMNS)) * (TILE + 18), COLUMNS * (TILE + 4), 3), 90, np.uint8)
    for place, candidate in enumerate([*digits, *others]):
        top, left = place // COLUMNS * (TILE + 18), place % COLUMNS * (TILE + 4)
        tile = cv2.resize(candidate.frame, (TILE, TILE), interpolation=cv2.INTER_NEAREST)
        sheet[top : top + TILE, left : left + TILE] = tile[:, :, None]
        read = place < len(digits)
        label = "none" if candidate.label == NOT_A_DIGIT else f"{candidate.label}{'' if read else '?'}"
        text = f"{label} {100 * candidate.quality:.0f}"
        colour = _GREEN if read else _RED
        cv2.putText(sheet, text, (left, top + TILE + 13), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1)
    return sheet
