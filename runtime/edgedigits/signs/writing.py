"""Decide which words are digits: the pieces of a word, and the words of a page, are evidence for each other.

A chair leg looks like a 1, and a printed o like a 0. But where hardly anything else looks like a digit, or
between letters, neither is one. Bayes' rule combines the evidence of all pieces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from edgedigits.ink.blob import shared_width
from edgedigits.lines import lines_of
from edgedigits.pieces.candidates import STROKE, Candidate
from edgedigits.results import Box
from edgedigits.signs.punctuation import SHORT

Shares = npt.NDArray[np.float64]

QUALITIES: Final = (0.998, 0.9)
"""Six in seven digits of drawn pages have at least the first quality, nearly all at least the second."""
ANY: Final = (14.0, 1.3, 0.27)
STROKES: Final = (1.5, 0.09, 0.02)
REFUSED: Final = 0.006
"""Likelihood ratios of digit to non-digit for a piece that is read as any digit but a 1 (`ANY`) or as a 1
(`STROKES`), by `rank_of` its quality, or is rejected (`REFUSED`): from drawn pages for digits, and from drawn
scenery and printed letters for the others."""
SIGN: Final = 0.02
"""The same for a rejected piece that stands singly among clear digits: $4, 3+5, 20%."""
CUT: Final = 0.1
"""Factor on the ratio of a part of a piece that was cut: for their number, letters of words fall into digits
ten to forty times as often as digits touch."""
OPERATOR: Final = 0.8
HALFWAY: Final = 0.1
"""Greatest height of an arithmetic sign, and greatest distance of its middle from that of a digit beside it,
as shares of the digit's height: the middle of an a or o lies further down."""
ALIKE: Final = 0.6
"""Weight of each piece's log-likelihood ratio: pieces of one page resemble each other, and so are not
independent evidence."""
BEFORE: Final = (3.0, 0.1)
"""Prior counts of digits and of other things, as if seen before the page: what people show are digits."""
CERTAIN: Final = 50.0
"""Greatest logarithm of a likelihood ratio; it leaves no doubt."""
GAP: Final = 0.3
"""Least gap between two words, as a share of the height."""
WIDE: Final = 1.0
"""The same between two numbers: widely spaced digits are one number if no letter stands with them."""
ROUNDS: Final = 6
"""Number of iterations after which each word's probability has settled."""


def unwritten(candidates: Sequence[Candidate], digits: Sequence[bool]) -> set[int]:
    """Return the indices of candidates that count as digits so far but are more probably not writing.

    `digits` tells for each candidate whether it counts as a digit. A word is judged as a whole.
    """
    if all(digits):
        return set()  # nearly all pages
    words = _words(candidates, digits)
    ratios = np.array([_ratio([(candidates[index], digits[index]) for index in word]) for word in words])
    sizes, ones = np.array([len(word) for word in words], np.float64), np.ones(len(words))
    shares = ones  # the probability that each word is a number
    for _ in range(ROUNDS):
        # The letters of a word count once against the number before it, but in a room each digit of a number
        # counts for another one. So the better of both priors is taken.
        odds = ratios * np.maximum(_odds_before(shares, sizes), _odds_before(shares, ones))
        shares = odds / (1 + odds)
    clutter = [word for share, word in zip(shares.tolist(), words, strict=True) if share < 0.5]
    return {index for word in clutter for index in word if digits[index]}


def _odds_before(shares: Shares, sizes: Shares) -> Shares:
    """Return the prior odds that each word is a number, given what the other words are: float64 [n].

    `shares` is the probability that each word is a number, `sizes` how much each counts.
    """
    digits, others = shares * sizes, (1 - shares) * sizes
    return np.asarray((BEFORE[0] + digits.sum() - digits) / (BEFORE[1] + others.sum() - others))


def _ratio(word: Sequence[tuple[Candidate, bool]]) -> float:
    """Return the likelihood ratio of number to non-number for the pieces of a word.

    A piece that is no digit is no evidence if it may be a sign, as in 3+5: if it is low, or not as high as
    the digits and half-way up.
    """
    low = SHORT * max([one.blob.box[3] for one, _ in word])
    highest = max([one.blob.box for one, digit in word if digit], key=lambda box: box[3], default=None)
    told = [
        (one, digit)
        for one, digit in word
        if digit or not (one.blob.box[3] < low or (highest and _is_operator(one.blob.box, highest)))
    ]
    beside_digits = _is_clear([one for one, digit in told if digit])
    refused = [False, *(not digit for _, digit in told), False]
    evidence = [
        _of_digit(one) if digit else math.log(SIGN if beside_digits and not (before or after) else REFUSED)
        for (one, digit), before, after in zip(told, refused, refused[2:], strict=False)
    ]
    return math.exp(min(ALIKE * sum(evidence), CERTAIN))


def _is_operator(box: Box, digit: Box) -> bool:
    """Return whether a piece beside a digit is lower and half-way up, as + is; most letters are not."""
    (_, y, _, height), (_, top, _, high) = box, digit
    half_way = abs(y + height / 2 - top - high / 2) <= HALFWAY * high
    return half_way and height <= OPERATOR * high and shared_width(box, digit) <= 0


def _is_clear(digits: Sequence[Candidate]) -> bool:
    """Return whether a word's digits are so clear that a single rejected piece among them may be a sign."""
    worst = [rank_of(one.quality) for one in digits]
    return min(worst, default=1) == 0 and max(worst) <= 1


def _of_digit(candidate: Candidate) -> float:
    """Return the log-likelihood ratio of digit to non-digit for a candidate that is read as a digit."""
    ratio = (STROKES if candidate.label == STROKE else ANY)[rank_of(candidate.quality)]
    return math.log(CUT * ratio if candidate.cut else ratio)


def rank_of(quality: float) -> int:
    """Return how many of `QUALITIES` a quality falls short of: 0, 1 or 2."""
    return sum([quality < least for least in QUALITIES])


def _words(candidates: Sequence[Candidate], digits: Sequence[bool]) -> list[list[int]]:
    """Group candidates that stand close together in one line, as indices; digits may be further apart."""
    boxes = [candidate.blob.box for candidate in candidates]
    words: list[list[int]] = []
    for line in lines_of(boxes):
        numbers: list[int] = []
        for word in _apart(boxes, line, GAP):
            # Digits that touched were not widely spaced.
            if all(digits[index] and not candidates[index].cut for index in word):
                numbers += word
            else:
                words.append(word)
        words += _apart(boxes, numbers, WIDE)
    return words


def _apart(boxes: Sequence[Box], line: Sequence[int], gap: float) -> list[list[int]]:
    """Split a line's indices, left to right, where the gap is wider than `gap` times the height."""
    parts: list[list[int]] = []
    end, before = -math.inf, 0
    for index in line:
        x, _, width, height = boxes[index]
        if x - end > gap * max(height, before):
            parts.append([])
        parts[-1].append(index)
        end, before = max(end, x + width), height
    return parts
