"""Read a picture: find its digits, classify them, and return a Reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from edgedigits import gaps, segment
from edgedigits.bars import Shown, shown
from edgedigits.close_ups import fills, may_fill, other_pages
from edgedigits.cropped import shows_more, with_margin
from edgedigits.errors import UsageError
from edgedigits.ink import filters
from edgedigits.ink.blob import Blob
from edgedigits.ink.cut import Cut, cut_out, patches_of, uncut, without
from edgedigits.ink.exposure import brightened, gain_of
from edgedigits.ink.page import Page, above_shade, page_from
from edgedigits.looks import Looks
from edgedigits.pictures import Picture
from edgedigits.pieces.candidates import Candidate, Predictor, sure
from edgedigits.pieces.choose import choose, in_company
from edgedigits.pieces.fainter import with_fainter
from edgedigits.pieces.layers import loses, upper_layer
from edgedigits.pieces.tight import tightened
from edgedigits.readings import placed, reading_of
from edgedigits.results import Reading
from edgedigits.rotate import TURNS, best_turn, turned
from edgedigits.small_print import is_clear, print_of
from edgedigits.stages import (
    DRAWINGS,
    FEW,
    MOST,
    Stages,
    as_one,
    beside,
    drawings_of,
    has_far_more,
    holds_more,
    in_lines,
    is_cluttered,
    is_noise,
    is_page_around,
    is_promising,
    may_hide_ink,
    rank,
    rescues,
    surely_written,
)

ROTATIONS: Final = ("0", "90", "180", "270", "auto")


class Reader:
    """Reads the digits of a picture in reading order, and leaves everything else out.

    `rotate` is the angle in degrees by which a picture is turned clockwise before it is read. "auto" reads it
    in all four orientations, which takes four times as long, and keeps the one in which most of the page
    becomes digits. Safe to call from several threads.
    """

    def __init__(self, classifier: Predictor, *, rotate: str = "0") -> None:
        if rotate not in ROTATIONS:
            known = ", ".join(map(repr, ROTATIONS))
            raise UsageError("unknown rotation", expected=f"a string, one of {known}", received=repr(rotate))
        self.classifier = classifier
        self.rotate = rotate

    def read(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a page: uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA, with dark or bright ink.

        Boxes are in pixels of `picture`. A picture without digits gives an empty reading. If the first look
        leaves doubt, the picture is read again in other ways and the best reading is kept; docs/reading.md
        lists the causes. On a page of mostly digits the threshold for one more is lower than the
        classifier's. `debug` is a folder for pictures of each stage. Raises `PictureError` if `picture` is
        not such an array.
        """
        started = perf_counter()
        classifier = Looks(self.classifier)
        stages, whole = _shown(picture, lambda grey: self._best(grey, classifier))
        return placed(reading_of(stages, classifier, started, debug), whole.corner, picture.shape)

    def _best(self, grey: Picture, classifier: Looks) -> Stages:
        """Return the stages of a grey picture, in its best orientation if `rotate` is "auto"."""
        turns = TURNS if self.rotate == "auto" else (int(self.rotate),)
        stages = [self._stages(turned(grey, degrees), degrees, classifier) for degrees in turns]
        return stages[best_turn([(one.page, one.kept) for one in stages]) if len(stages) > 1 else 0]

    def _stages(self, grey: Picture, degrees: int, classifier: Looks) -> Stages:
        """Return the stages of a picture, or of one with closed gaps if that is a page with more digits."""
        best = stages = self._as_it_is(grey, cut_out(grey), degrees, classifier)
        width = gaps.GAP
        for _ in range(gaps.ROUNDS):
            whole = gaps.closed(stages, width)
            if whole is None:
                break
            cut = cut_out(whole)
            if not is_promising(*segment.look(cut), classifier):
                width += gaps.GAP
                continue
            stages = self._as_it_is(whole, cut, degrees, classifier)
            if surely_written(stages) > FEW and not is_cluttered(stages):
                best = max(best, stages, key=rank)
        return best

    def _as_it_is(self, grey: Picture, cut: Cut, degrees: int, classifier: Looks) -> Stages:
        """Read a picture as a page and, if that leaves doubt, with a margin and as a close-up."""
        stages = self._of_page(grey, cut, degrees, classifier)
        first = stages
        if not surely_written(first) and is_noise(first):
            return first
        for wide, page, pieces, typical in with_margin(cut, first):
            if may_fill(page, pieces):
                found = self._judged(grey, page, pieces, typical, degrees, classifier)
                if shows_more(wide, found, stages):
                    stages = found
        if stages is not first:
            return stages
        for page, pieces, typical in other_pages(cut, stages):
            if may_fill(page, pieces):
                found = self._judged(grey, page, pieces, typical, degrees, classifier)
                if fills(cut, found):
                    return found
        return stages

    def _of_page(self, grey: Picture, cut: Cut, degrees: int, classifier: Looks) -> Stages:
        """Read a page, and if that leaves doubt, its parts or the other polarity; return the best reading."""
        whole = self._read(grey, cut, degrees, classifier)
        cluttered = is_cluttered(whole)
        if letters := print_of(whole):
            rest = self._read(grey, without(cut, whole.page.ink, letters), degrees, classifier)
            if is_clear(rest, whole):
                return rest
        firm: Stages | None = None
        if drawings := drawings_of(whole):
            left = segment.look(without(cut, whole.page.ink, drawings))
            if len(drawings) <= DRAWINGS or is_promising(*left, classifier):  # a room is full of large things
                rest = self._judged(grey, *left, degrees, classifier)
                firm = self._above_shade(whole, classifier)  # a drawing may be shade, with digits in it
                whole = beside(drawings, rest, firm)
        if cut.may_be_shadow:
            everything = self._read(grey, uncut(grey), degrees, classifier)
            if holds_more(everything, whole) or has_far_more(everything, whole):
                whole = everything
        if whole is not firm and is_cluttered(whole) and len(whole.pieces) <= MOST:
            whole = self._above_shade(whole, classifier)
        # A speck or two that remain without the drawings do not make a page.
        if not is_cluttered(whole) and (surely_written(whole) > FEW or not cluttered):
            return whole
        parts = [self._read(grey, patch, degrees, classifier) for patch in patches_of(grey, cut)]
        best = max([whole, *filter(surely_written, parts)], key=rank)
        if surely_written(best) > FEW or len(whole.pieces) > MOST:
            return best
        # Bright things in a room outweigh the dark ink of a sheet that somebody holds up.
        page, pieces, typical = segment.look(cut._replace(bright=not whole.page.bright))
        if not is_promising(page, pieces, typical, classifier):
            return best
        return max(best, self._judged(grey, page, pieces, typical, degrees, classifier), key=rank)

    def _read(self, grey: Picture, cut: Cut, degrees: int, classifier: Looks) -> Stages:
        return self._judged(grey, *segment.look(cut), degrees, classifier)

    def _judged(
        self,
        grey: Picture,
        page: Page,
        pieces: Sequence[Blob],
        typical: float,
        degrees: int,
        classifier: Looks,
    ) -> Stages:
        candidates = self._candidates(page, pieces, typical, classifier)
        above = upper_layer(page, candidates)
        if above <= page.threshold:
            candidates = with_fainter(page, pieces, typical, candidates, classifier)
        else:
            upper, written, typical = segment.blobs_of(page._replace(threshold=above))
            others = self._candidates(upper, written, typical, classifier)
            if not loses(others, candidates):
                page, pieces, candidates = upper, written, others
        candidates = [tightened(page, candidate) for candidate in candidates]
        return Stages(grey, page, pieces, candidates, degrees, *in_lines(page, candidates, pieces))

    def _above_shade(self, whole: Stages, classifier: Looks) -> Stages:
        """Return the stages of the darker ink alone if they show a page with more digits, else `whole`."""
        page, pieces, typical = segment.blobs_of(above_shade(whole.page))
        if not is_promising(page, pieces, typical, classifier):
            return whole
        candidates = self._candidates(page, pieces, typical, classifier)
        digits = in_lines(page, candidates, pieces)
        firm = Stages(whole.grey, page, pieces, candidates, whole.degrees, *digits)
        return firm if rescues(firm, whole) else whole

    def _candidates(
        self, page: Page, pieces: Sequence[Blob], typical: float, classifier: Looks
    ) -> list[Candidate]:
        return in_company(classifier.again(choose(page, pieces, typical, classifier)), classifier.threshold)

    def read_single(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a picture as one digit to which all of its ink belongs, rules included.

        `rotate="auto"` does not turn the picture, because one digit does not tell which way is up.
        """
        started = perf_counter()
        classifier = Looks(self.classifier)
        degrees = 0 if self.rotate == "auto" else int(self.rotate)

        def single(grey: Picture) -> Stages:
            upright = turned(grey, degrees)
            cut = cut_out(upright)
            first = as_one(upright, page_from(cut), degrees, classifier)
            if not sure(first.kept):
                for page, _, _ in other_pages(cut, first):
                    other = as_one(upright, page, degrees, classifier)
                    if fills(cut, other):
                        return other
            return first

        stages, whole = _shown(picture, single)
        return placed(reading_of(stages, classifier, started, debug), whole.corner, picture.shape)


def _shown(picture: Picture, look: Callable[[Picture], Stages]) -> tuple[Stages, Shown]:
    """Apply `look` to a picture without its bars, or with them if far more is written there."""
    (stages, whole), *others = [(_clearest(one, look), one) for one in shown(picture)]
    for found, other in others:
        if is_page_around(found, stages):
            return found, other
    return stages, whole


def _clearest(whole: Shown, look: Callable[[Picture], Stages]) -> Stages:
    """Apply `look` to a picture in grey, or to its clearest colour if grey shows the ink faintly or not."""
    picture, grey, _ = whole
    gain = gain_of(grey)
    if gain > 1:
        picture, grey = brightened(picture, gain), brightened(grey, gain)
    stages = look(grey)
    if filters.clarity(stages.page, [one.darkness for one in stages.candidates]) < filters.FAINT:
        colour = filters.clearest(picture, grey)
        if colour is not None:
            clear = look(colour)
            return stages if surely_written(stages) > surely_written(clear) else clear
    if may_hide_ink(stages):
        colour = filters.beside_grey(picture, grey)
        if colour is not None:
            clear = look(colour)
            return clear if surely_written(clear) > FEW else stages
    return stages
