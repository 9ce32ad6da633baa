"""Whether what looks like digits was written: a word's pieces, and a page's words, speak for each other.

A chair's leg is as good a 1 as any, and a printed o a 0. But where hardly anything else looks like a digit,
or where it stands between letters, it is none. Each piece is evidence for or against, by Bayes's rule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.lines import lines_of
from edgedigits.pieces.candidates import STROKE, Candidate
from edgedigits.results import Box
from edgedigits.signs.punctuation import SHORT

Shares = npt.NDArray[np.float64]

QUALITIES: Final = (0.998, 0.9)
"""Down to the first are six in seven of the digits of drawn pages, and down to the second nearly all."""
ANY: Final = (14.0, 1.3, 0.27)
STROKES: Final = (1.5, 0.09, 0.02)
REFUSED: Final = 0.006
"""How many times as often a digit is read as any but a 1, or as a 1, with these qualities or less, or is
refused, as what is none: on drawn pages, and of drawn scenery and printed letters."""
SIGN: Final = 0.02
"""The same for what is refused, but stands singly among clear digits: $4, 3+5, 20%."""
CUT: Final = 0.1
"""By how much less a part of a piece that was cut speaks for digits than what is one as it stands: letters of
words fall into digits ten to forty times as often, for their number, as digits touch."""
ALIKE: Final = 0.6
"""Pieces of one page are alike, so that each counts for three fifths of what it did if they were not."""
BEFORE: Final = (3.0, 0.1)
"""Digits and other things that are taken as seen before a page is: what people show are digits."""
CERTAIN: Final = 50.0
"""A logarithm that leaves no doubt."""
GAP: Final = 0.3
"""Least room between two words, as a share of the height."""
WIDE: Final = 1.0
"""The same between two numbers: digits that are written wide are one, where no letter stands with them."""
ROUNDS: Final = 6
"""After so many each word's probability has settled."""


def unwritten(candidates: Sequence[Candidate], digits: Sequence[bool]) -> set[int]:
    """Indices of candidates that count as digits so far, and that nothing around them speaks for.

    `digits` tells of each candidate whether it does. A word is of digits or is none, as a whole.
    """
    if all(digits):
        return set()  # nearly all pages
    words = _words(candidates, digits)
    ratios = np.array([_ratio([(candidates[index], digits[index]) for index in word]) for word in words])
    sizes, ones = np.array([len(word) for word in words], np.float64), np.ones(len(words))
    shares = ones  # how probably each word is one of digits
    for _ in range(ROUNDS):
        # Letters of a word are no evidence each against the number before it, but a number's digits are for
        # another one, among the things in a room.
        odds = ratios * np.maximum(_odds_before(shares, sizes), _odds_before(shares, ones))
        shares = odds / (1 + odds)
    clutter = [word for share, word in zip(shares.tolist(), words, strict=True) if share < 0.5]
    return {index for word in clutter for index in word if digits[index]}


def _odds_before(shares: Shares, sizes: Shares) -> Shares:
    """The odds that each word is one of digits, by what the others are expected to be, float64 [n].

    `shares` is how probably they are, `sizes` how much each counts.
    """
    digits, others = shares * sizes, (1 - shares) * sizes
    return np.asarray((BEFORE[0] + digits.sum() - digits) / (BEFORE[1] + others.sum() - others))


def _ratio(word: Sequence[tuple[Candidate, bool]]) -> float:
    """How much likelier digits give a word's pieces than what is none.

    What is low and no digit tells nothing of a word: it may be a sign, as in 3+5.
    """
    low = SHORT * max([one.blob.box[3] for one, _ in word])
    told = [(one, digit) for one, digit in word if digit or one.blob.box[3] >= low]
    beside_digits = _is_clear([one for one, digit in told if digit])
    refused = [False, *(not digit for _, digit in told), False]
    evidence = [
        _of_digit(one) if digit else math.log(SIGN if beside_digits and not (before or after) else REFUSED)
        for (one, digit), before, after in zip(told, refused, refused[2:], strict=False)
    ]
    return math.exp(min(ALIKE * sum(evidence), CERTAIN))


def _is_clear(digits: Sequence[Candidate]) -> bool:
    """Whether a word's digits are such that what stands singly among them may be a sign."""
    worst = [rank_of(one.quality) for one in digits]
    return min(worst, default=1) == 0 and max(worst) <= 1


def _of_digit(candidate: Candidate) -> float:
    """The logarithm of how much likelier a digit gives this than what is none."""
    ratio = (STROKES if candidate.label == STROKE else ANY)[rank_of(candidate.quality)]
    return math.log(CUT * ratio if candidate.cut else ratio)


def rank_of(quality: float) -> int:
    """By how many of `QUALITIES` a quality is worse."""
    return sum([quality < least for least in QUALITIES])


def _words(candidates: Sequence[Candidate], digits: Sequence[bool]) -> list[list[int]]:
    """What stands close together in one line, as indices; a number may be written wide."""
    boxes = [candidate.blob.box for candidate in candidates]
    words: list[list[int]] = []
    for line in lines_of(boxes):
        numbers: list[int] = []
        for word in _apart(boxes, line, GAP):
            # What touched was not written wide.
            if all(digits[index] and not candidates[index].cut for index in word):
                numbers += word
            else:
                words.append(word)
        words += _apart(boxes, numbers, WIDE)
    return words


def _apart(boxes: Sequence[Box], line: Sequence[int], gap: float) -> list[list[int]]:
    """A line's indices, left to right, parted where there is more room than that share of the height."""
    parts: list[list[int]] = []
    end, before = -math.inf, 0
    for index in line:
        x, _, width, height = boxes[index]
        if x - end > gap * max(height, before):
            parts.append([])
        parts[-1].append(index)
        end, before = max(end, x + width), height
    return parts
