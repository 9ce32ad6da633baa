"""Picture in, Reading out: segment, canonical, classifier, and nothing else."""

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
    FEW,
    MOST,
    Stages,
    as_one,
    drawings_of,
    has_far_more,
    holds_more,
    in_lines,
    is_cluttered,
    is_noise,
    is_promising,
    rank,
    rescues,
    surely_written,
)

ROTATIONS: Final = ("0", "90", "180", "270", "auto")


class Reader:
    """Reads every digit of a picture, in order, and leaves the rest alone.

    `rotate` turns the picture clockwise by that many degrees before it is read; "auto" reads it at each
    of the four turns, in four times the time, and takes the one that makes the most of it digits.
    Safe to call from several threads.
    """

    def __init__(self, classifier: Predictor, *, rotate: str = "0") -> None:
        if rotate not in ROTATIONS:
            known = ", ".join(map(repr, ROTATIONS))
            raise UsageError("unknown rotation", expected=f"a string, one of {known}", received=repr(rotate))
        self.classifier = classifier
        self.rotate = rotate

    def read(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a page: uint8 [H, W], [H, W, 3] BGR or [H, W, 4] BGRA, dark or bright ink.

        Where nearly all of a page are digits, the threshold for one more is lower than the classifier's.
        Where ink is faint in grey, or there is none, the page is read in its clearest colour; where digits
        may touch the picture's rim, with paper around it; where there is much print, without that; where
        strokes are full of gaps, with these closed. Where hardly anything is a digit, it is read without
        what is large, too, its darker ink alone, each patch that may be a sheet by itself, and bright ink
        instead of dark or the other way round, also as a few digits that fill the picture; what looks like
        a digit stays where others near it do.
        `debug` is a folder for pictures of each stage. Boxes are in pixels of `picture`. Raises
        `PictureError` for an array that is no such picture; one without digits gives an empty reading.
        """
        started = perf_counter()
        classifier = Looks(self.classifier)
        stages, whole = _shown(picture, lambda grey: self._best(grey, classifier))
        return placed(reading_of(stages, classifier, started, debug), whole.corner, picture.shape)

    def _best(self, grey: Picture, classifier: Looks) -> Stages:
        """The stages of a grey picture, at the best of its turns if that is asked for."""
        turns = TURNS if self.rotate == "auto" else (int(self.rotate),)
        stages = [self._stages(turned(grey, degrees), degrees, classifier) for degrees in turns]
        best = best_turn([(one.page, one.kept) for one in stages]) if len(stages) > 1 else 0
        return stages[best]

    def _stages(self, grey: Picture, degrees: int, classifier: Looks) -> Stages:
        """Those of a picture, or of one without gaps in its strokes where that is a page with more digits."""
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
        """A page's, or a close-up's where that leaves doubt."""
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
        """The best of several readings where one leaves doubt: what is a sheet, or drawn, and each patch."""
        whole = self._read(grey, cut, degrees, classifier)
        cluttered = is_cluttered(whole)
        if letters := print_of(whole):
            rest = self._read(grey, without(cut, whole.page.ink, letters), degrees, classifier)
            if is_clear(rest, whole):
                return rest
        if drawings := drawings_of(whole):
            rest = self._read(grey, without(cut, whole.page.ink, drawings), degrees, classifier)
            whole = max(whole, rest, key=lambda stages: (surely_written(stages), len(stages.kept)))
        if cut.may_be_shadow:
            everything = self._read(grey, uncut(grey), degrees, classifier)
            if holds_more(everything, whole) or has_far_more(everything, whole):
                whole = everything
        if is_cluttered(whole) and len(whole.pieces) <= MOST:
            whole = self._above_shade(whole, classifier)
        # A speck or two that are left of what was taken for drawings are no page yet.
        if not is_cluttered(whole) and (surely_written(whole) > FEW or not cluttered):
            return whole
        parts = [self._read(grey, patch, degrees, classifier) for patch in patches_of(grey, cut)]
        best = max([whole, *filter(surely_written, parts)], key=rank)
        if surely_written(best) > FEW or len(whole.pieces) > MOST:
            return best
        # Bright things in a room outweigh the dark ink of a sheet that is held there.
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
            upper = page._replace(threshold=above)
            upper, written, typical = segment.blobs_of(upper)
            others = self._candidates(upper, written, typical, classifier)
            if not loses(others, candidates):
                page, pieces, candidates = upper, written, others
        candidates = [tightened(page, candidate) for candidate in candidates]
        return Stages(grey, page, pieces, candidates, degrees, *in_lines(page, candidates, pieces))

    def _above_shade(self, whole: Stages, classifier: Looks) -> Stages:
        """What the darker ink alone shows, where that is a page with more digits than all ink shows."""
        page = above_shade(whole.page)
        page, pieces, typical = segment.blobs_of(page)
        if not is_promising(page, pieces, typical, classifier):
            return whole
        candidates = self._candidates(page, pieces, typical, classifier)
        digits = in_lines(page, candidates, pieces)
        firm = Stages(whole.grey, page, pieces, candidates, whole.degrees, *digits)
        return firm if rescues(firm, whole) else whole

    def _candidates(
        self, page: Page, pieces: Sequence[Blob], typical: float, classifier: Looks
    ) -> list[Candidate]:
        found = classifier.again(choose(page, pieces, typical, classifier))
        return in_company(found, classifier.threshold)

    def read_single(self, picture: Picture, debug: Path | None = None) -> Reading:
        """Read a picture as one digit: its ink belongs together, rules and all.

        With `rotate="auto"` the picture stays as it is: one digit does not tell which way is up.
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
    """What `look` finds in a picture without its bars, or with them where far more is written there."""
    (stages, whole), *others = [(_clearest(one, look), one) for one in shown(picture)]
    for found, other in others:
        if has_far_more(found, stages):
            return found, other
    return stages, whole


def _clearest(whole: Shown, look: Callable[[Picture], Stages]) -> Stages:
    """What `look` finds in a picture in grey, or in one of its colours where ink is faint in grey."""
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
    return stages
