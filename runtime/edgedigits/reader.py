"""Picture in, Reading out: segment, canonical, classifier, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from edgedigits import segment
from edgedigits.choose import Candidate, Predictor, choose, judge
from edgedigits.errors import UsageError
from edgedigits.lines import lines_of
from edgedigits.pictures import Picture, to_grey
from edgedigits.results import NOT_A_DIGIT, Digit, Reading

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
        page = segment.page_of(to_grey(picture))
        pieces, typical = segment.blobs_of(page)
        segmented = perf_counter()
        candidates = choose(page, pieces, typical, self.classifier)
        return _reading(picture, page, candidates, started, segmented)

    def read_single(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a picture as one digit: its ink belongs together, whatever it looks like."""
        started = perf_counter()
        page = segment.page_of(to_grey(picture))
        whole = segment.whole_of(page)
        segmented = perf_counter()
        candidates = judge(page, [whole] if whole else [], self.classifier)
        return _reading(picture, page, candidates, started, segmented)


def _reading(
    picture: Picture, page: segment.Page, candidates: Sequence[Candidate], started: float, segmented: float
) -> Reading:
    """Put the candidates in order and into the picture's own pixels."""
    classified = perf_counter()
    kept = [candidate for candidate in candidates if candidate.label != NOT_A_DIGIT]
    lines = lines_of([candidate.blob.box for candidate in kept])
    digits = tuple(_digit(page, kept[place], number) for number, line in enumerate(lines) for place in line)
    rejected = tuple(_digit(page, other, 0) for other in candidates if other.label == NOT_A_DIGIT)
    text = "\n".join("".join(str(kept[place].label) for place in line) for line in lines)
    timing = {
        "segment": 1000 * (segmented - started),
        "classify": 1000 * (classified - segmented),
        "total": 1000 * (perf_counter() - started),
    }
    height, width = picture.shape[:2]
    return Reading(text, digits, timing, (width, height), rejected)


def _digit(page: segment.Page, candidate: Candidate, line: int) -> Digit:
    return Digit(
        candidate.label,
        candidate.confidence,
        candidate.probabilities,
        segment.box_in_picture(page, candidate.blob.box),
        candidate.digit_score,
        line,
        candidate.uncertain_split,
    )
