"""Separate digits from a line that they touch: a number and the line below it are one piece, and no digit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from edgedigits.ink.page import Page
from edgedigits.pieces.blanks import FEWEST
from edgedigits.pieces.candidates import STROKE, SURE, Candidate, Predictor, judge, mostly_digits
from edgedigits.pieces.foot_lines import above_line
from edgedigits.results import NOT_A_DIGIT

MOST: Final = 24
"""Greatest number of pieces per page that are examined."""


def without_lines(
    page: Page, candidates: list[Candidate], classifier: Predictor, least: int = 1
) -> list[Candidate]:
    """Return a page's candidates, with digits on a line in place of the piece, if it is a page of digits.

    A piece is replaced by at least `least` digits. One alone may be a 7 on a line, or a 2.
    1s alone do not count: any L or E has a stroke. Three or more pieces on lines are a form, which `blanks`
    and the darker ink handle better.
    """
    refused = [index for index, one in enumerate(candidates) if one.label == NOT_A_DIGIT][:MOST]
    if not refused or not mostly_digits(candidates):
        return candidates
    parts = {
        index: found for index in refused if len(found := above_line(page, candidates[index].blob)) >= least
    }
    if not parts:
        return candidates
    judged = iter(judge(page, [part for found in parts.values() for part in found], classifier))
    replaced = dict[int, Sequence[Candidate]]()
    for index, found in parts.items():
        these = [next(judged) for _ in found]
        digits = min([one.quality for one in these]) > SURE
        if digits and any(one.label != STROKE for one in these):
            replaced[index] = these
    if len(replaced) >= FEWEST:
        return candidates
    return [part for index, one in enumerate(candidates) for part in replaced.get(index, [one])]
