"""Turn the stages of a picture into a Reading: digits in order, boxes in pixels of the given picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter

from edgedigits import segment
from edgedigits.debug import write_stages
from edgedigits.looks import Looks
from edgedigits.pieces.candidates import Candidate
from edgedigits.results import NOT_A_DIGIT, Box, Digit, Reading
from edgedigits.rotate import box_before
from edgedigits.stages import Stages


def reading_of(stages: Stages, classifier: Looks, started: float, debug: Path | None) -> Reading:
    """Return the reading; `started` is its start by `perf_counter`, `debug` a folder for the stages."""
    segmented = perf_counter()
    height, width = stages.grey.shape
    size = (height, width) if stages.degrees in (90, 270) else (width, height)

    def digit(candidate: Candidate, label: int, line: int) -> Digit:
        box = _within(segment.box_in_picture(stages.page, candidate.blob.box), width, height)
        return Digit(
            label,
            candidate.confidence,
            candidate.probabilities,
            box_before(box, stages.degrees, size),
            candidate.digit_score,
            line,
            candidate.uncertain_split,
        )

    written = [[stages.kept[index] for index in line] for line in stages.lines]
    digits = tuple([digit(one, one.label, number) for number, line in enumerate(written) for one in line])
    rejected: tuple[Digit, ...] = ()
    if len(digits) < len(stages.candidates):
        accepted = {id(one) for line in written for one in line}
        others = [other for other in stages.candidates if id(other) not in accepted]
        rejected = tuple([digit(other, NOT_A_DIGIT, 0) for other in others])
    text = "\n".join(["".join([str(one.label) for one in line]) for line in written])
    ended = perf_counter()
    timing = {
        "segment": 1000 * (segmented - started - classifier.seconds),
        "classify": 1000 * classifier.seconds,
        "total": 1000 * (ended - started),
    }
    if debug is not None:
        write_stages(debug, stages.grey, stages.page, stages.pieces, stages.candidates, written)
    return Reading(text, digits, timing, size, rejected)


def placed(reading: Reading, corner: tuple[int, int], shape: tuple[int, ...]) -> Reading:
    """Return the reading of a part of a picture, in pixels of the whole.

    `corner` is where the part begins, x and y; `shape` is that of the whole picture.
    """
    if shape[:2] == reading.size[::-1]:
        return reading  # nearly all
    left, top = corner

    def moved(digit: Digit) -> Digit:
        x, y, width, height = digit.box
        return replace(digit, box=(x + left, y + top, width, height))

    return replace(
        reading,
        digits=tuple(map(moved, reading.digits)),
        size=(shape[1], shape[0]),
        rejected=tuple(map(moved, reading.rejected)),
    )


def _within(box: Box, width: int, height: int) -> Box:
    """Clip a box to the picture: it may reach into paper that was added around a closely cut picture."""
    x, y, across, down = box
    left, top = max(0, x), max(0, y)
    return left, top, max(1, min(width, x + across) - left), max(1, min(height, y + down) - top)
