"""Characters that are missing from a text are put back in their places."""

from __future__ import annotations

import pytest

from edgedigits.webcam.layout import merge


@pytest.mark.parametrize(
    ("before", "current", "merged", "why"),
    [
        ("abc", "abc", "abc", "nothing is missing"),
        ("abc", "ac", "abc", "after its left neighbour"),
        ("abc", "bc", "abc", "before its right one, having none on the left"),
        ("abcd", "ad", "abcd", "two next to each other keep their order"),
        ("abc", "", "abc", "all are missing"),
        ("", "abc", "abc", "there was nothing before"),
        ("ab/cd/ef", "ab/ef", "ab/cd/ef", "a whole line, below the line above it"),
        ("ab/cd", "cd", "ab/cd", "the first line"),
        ("ab/cd", "xab/cdy", "xab/cdy", "new ones stay where they are"),
        ("ab/cd", "axd/c", "abxd/c", "the rest has moved: its neighbour decides"),
    ],
)
def test_merge(before: str, current: str, merged: str, why: str) -> None:
    members = {letter: letter for letter in "abcdefxy"}

    def layout(text: str) -> list[list[str]]:
        return [[members[letter] for letter in line] for line in text.split("/") if line]

    assert merge(layout(before), layout(current)) == layout(merged), why
