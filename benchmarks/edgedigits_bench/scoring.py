"""Compare a reading with the truth: digits by their boxes, text by edit distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from edgedigits.results import Box, Reading

LEAST_OVERLAP: Final = 0.4
"""Intersection over union from which two boxes count as the same digit. A tight box and one that includes the
pen's blur overlap by more; boxes on half a digit or on two digits overlap by less."""


@dataclass(frozen=True)
class Truth:
    """What is written in a picture: the digits of its lines in reading order, and their boxes if known.

    `ambiguous` holds the indices of digits that people read differently: any answer is right there.
    """

    lines: tuple[str, ...]
    boxes: tuple[Box, ...] = ()
    ambiguous: frozenset[int] = frozenset()

    @property
    def digits(self) -> str:
        """All digits in reading order."""
        return "".join(self.lines)


@dataclass(frozen=True)
class Score:
    """Counts for one picture, or summed over several."""

    digits: int = 0
    """Digits in the truth."""
    found: int = 0
    """Digits that have a box of their own."""
    right: int = 0
    """Found digits that are classified correctly."""
    extra: int = 0
    """Boxes on no digit (false positives)."""
    edits: int = 0
    """Insertions, deletions and replacements that turn the text read into the true one, including line
    breaks."""
    characters: int = 0
    """Length of the true text, including line breaks."""
    pictures: int = 0
    perfect: int = 0
    """Pictures without any mistake: all digits found and classified correctly, nothing else, exact text."""

    def __add__(self, other: Score) -> Score:
        mine, theirs = asdict(self), asdict(other)
        return Score(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def text_accuracy(self) -> float:
        """1 - edits / length, never below 0; 1 for an empty truth read as empty."""
        return max(0.0, 1 - self.edits / max(1, self.characters))

    def to_dict(self) -> dict[str, Any]:
        """Return the counts and the rates that follow from them, in 0..1."""
        return {
            **asdict(self),
            "right_rate": self.right / max(1, self.digits),
            "extra_rate": self.extra / max(1, self.digits),
            "text_accuracy": self.text_accuracy,
        }


def score(reading: Reading, truth: Truth) -> Score:
    """Compare one reading with the truth; without true boxes only the text counts."""
    expected = _wild(truth)
    edits = edit_distance(reading.text, expected)
    if not truth.boxes:
        missed = min(edits, len(truth.digits))
        right = len(truth.digits) - missed
        return Score(len(truth.digits), right, right, 0, edits, len(expected), 1, int(edits == 0))
    pairs = match(truth.boxes, [digit.box for digit in reading.digits])
    right = sum(
        place in truth.ambiguous or str(reading.digits[index].label) == truth.digits[place]
        for place, index in pairs
    )
    extra = len(reading.digits) - len(pairs)
    perfect = edits == 0 and right == len(truth.boxes) and extra == 0
    return Score(len(truth.boxes), len(pairs), right, extra, edits, len(expected), 1, int(perfect))


def match(truth: Sequence[Box], boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Match boxes greedily, best overlap first: pairs (index in truth, index in boxes), each used once."""
    overlaps = [
        (overlap(true, box), place, index)
        for place, true in enumerate(truth)
        for index, box in enumerate(boxes)
    ]
    pairs: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for value, place, index in sorted(overlaps, reverse=True):
        if value < LEAST_OVERLAP:
            break
        if place not in taken[0] and index not in taken[1]:
            pairs.append((place, index))
            taken[0].add(place)
            taken[1].add(index)
    return sorted(pairs)


def overlap(one: Box, other: Box) -> float:
    """Return the intersection over union of two boxes, 0..1."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def edit_distance(read: str, expected: str) -> int:
    """Return the Levenshtein distance; "?" in `expected` matches any one character but a line break."""
    row = list(range(len(expected) + 1))
    for count, letter in enumerate(read, 1):
        above, row = row, [count]
        for place, wanted in enumerate(expected, 1):
            same = letter == wanted or (wanted == "?" and letter != "\n")
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (not same)))
    return row[-1]


def _wild(truth: Truth) -> str:
    """Return the true text with "?" where any digit is right."""
    lines, place = [], 0
    for line in truth.lines:
        lines.append("".join("?" if place + i in truth.ambiguous else digit for i, digit in enumerate(line)))
        place += len(line)
    return "\n".join(lines)
