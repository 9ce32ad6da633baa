"""Picture in, Reading out: segment, canonical, classifier, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from edgedigits import segment
from edgedigits.choose import Candidate, Predictor, choose, judge
from edgedigits.debug import write_stages
from edgedigits.errors import UsageError
from edgedigits.lines import lines_of
from edgedigits.pictures import Picture, to_grey
from edgedigits.pieces import Blob
from edgedigits.results import NOT_A_DIGIT, Digit, Reading
from edgedigits.rotate import best_turn, box_before, turned

ROTATIONS: Final = ("0", "90", "180", "270", "auto")


class Reader:
    """Reads every digit of a picture, in order, and leaves the rest alone.

    `rotate` turns the picture clockwise by that many degrees before it is read; "auto" chooses the
    turn whose digits the classifier is surest of. Safe to call from several threads.
    """

    def __init__(self, classifier: Predictor, *, rotate: str = "0") -> None:
        if rotate not in ROTATIONS:
            raise UsageError("unknown rotation", expected=", ".join(ROTATIONS), received=repr(rotate))
        self.classifier = classifier
        self.rotate = rotate

    def read(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a page: uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA, dark or bright ink.

        `debug` is a folder for pictures of each stage. Boxes are in pixels of `picture`. Raises
        `PictureError` for an array that is no such picture; a picture without digits gives an empty
        reading.
        """
        started = perf_counter()
        grey = to_grey(picture)
        degrees = self._turn(grey)
        grey = turned(grey, degrees)
        page = segment.page_of(grey)
        pieces, typical = segment.blobs_of(page)
        segmented = perf_counter()
        candidates = choose(page, pieces, typical, self.classifier)
        return _reading(grey, page, pieces, candidates, degrees, (started, segmented), debug)

    def read_single(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a picture as one digit: its ink belongs together, whatever it looks like."""
        started = perf_counter()
        grey = to_grey(picture)
        degrees = 0 if self.rotate == "auto" else int(self.rotate)
        grey = turned(grey, degrees)
        page = segment.page_of(grey)
        whole = segment.whole_of(page)
        pieces = [whole] if whole else []
        segmented = perf_counter()
        candidates = judge(page, pieces, self.classifier)
        return _reading(grey, page, pieces, candidates, degrees, (started, segmented), debug)

    def _turn(self, grey: Picture) -> int:
        """The clockwise turn to read at, in degrees."""
        if self.rotate != "auto":
            return int(self.rotate)
        page = segment.page_of(grey)
        return best_turn(page, segment.blobs_of(page)[0], self.classifier)


def _reading(
    grey: Picture,
    page: segment.Page,
    pieces: Sequence[Blob],
    candidates: Sequence[Candidate],
    degrees: int,
    times: tuple[float, float],
    debug: Path | None,
) -> Reading:
    """Put the candidates in order and into the pixels of the picture as it was given."""
    classified = perf_counter()
    kept = [candidate for candidate in candidates if candidate.label != NOT_A_DIGIT]
    lines = [[kept[place] for place in line] for line in lines_of([candidate.blob.box for candidate in kept])]
    height, width = grey.shape
    size = (height, width) if degrees in (90, 270) else (width, height)

    def digit(candidate: Candidate, line: int) -> Digit:
        box = box_before(segment.box_in_picture(page, candidate.blob.box), degrees, size)
        return Digit(
            candidate.label,
            candidate.confidence,
            candidate.probabilities,
            box,
            candidate.digit_score,
            line,
            candidate.uncertain_split,
        )

    digits = tuple(digit(candidate, number) for number, line in enumerate(lines) for candidate in line)
    rejected = tuple(digit(candidate, 0) for candidate in candidates if candidate.label == NOT_A_DIGIT)
    text = "\n".join("".join(str(candidate.label) for candidate in line) for line in lines)
    timing = {
        "segment": 1000 * (times[1] - times[0]),
        "classify": 1000 * (classified - times[1]),
        "total": 1000 * (perf_counter() - times[0]),
    }
    if debug is not None:
        write_stages(debug, grey, page, pieces, candidates, lines)
    return Reading(text, digits, timing, size, rejected)
