"""Drawn pages and what does not matter to them: boxes go with the digits, and lost pages are told."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits_bench import steady
from edgedigits_bench.perturbed import after
from edgedigits_bench.scoring import Score, Truth, overlap

MIDDLE = (330, 230, 60, 80)
"""A dark square, as x, y, width and height."""


def page() -> np.ndarray:
    """A bright sheet that fills a picture, uint8 [480, 640, 3], with a dark square."""
    picture = np.random.default_rng(1).integers(195, 206, (480, 640, 3)).astype(np.uint8)
    x, y, width, height = MIDDLE
    picture[y : y + height, x : x + width] = 40
    return picture


@pytest.mark.parametrize("name", steady.CHANGES)
def test_a_change_tells_where_things_went(name: str) -> None:
    picture = page()
    before = picture.copy()
    changed, move = steady.CHANGES[name](picture)
    again, _ = steady.CHANGES[name](picture)
    assert np.array_equal(picture, before), "the picture itself was changed"
    assert np.array_equal(changed, again)
    assert changed.dtype == np.uint8
    assert changed.shape[2] == 3
    x, y, width, height = after(Truth(("1",), (MIDDLE,)), move).boxes[0]
    grey = changed.max(axis=2).astype(int)
    around = grey[y - height // 2 : y + height + height // 2, x - width // 2 : x + width + width // 2]
    paper = np.median(around[0])
    unlike = (np.abs(around - paper) > 0.4 * abs(grey[y + height // 2, x + width // 2] - paper)).astype(
        np.uint8
    )
    left, top, across, down = cv2.boundingRect(unlike)
    assert overlap((left - width // 2, top - height // 2, across, down), (0, 0, width, height)) > 0.8


@pytest.mark.parametrize(
    ("before", "now", "lost", "why"),
    [
        (Score(digits=10, right=9), Score(right=6), False, "exactly two thirds are left"),
        (Score(digits=10, right=9), Score(right=5), True, "fewer are"),
        (Score(digits=10, right=6), Score(right=0), False, "it was hardly read before"),
        (Score(), Score(), False, "nothing there"),
    ],
)
def test_lost_pages(before: Score, now: Score, lost: bool, why: str) -> None:
    assert steady.is_lost(before, now) == lost, why


def test_command_on_real_digits(
    shared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blank = lambda picture: (np.full_like(picture, 200), np.eye(3))  # noqa: E731
    monkeypatch.setattr(steady, "CHANGES", {"half": steady.CHANGES["half"], "blank": blank})
    data = str(shared / "data" / "mnist.npz")
    assert steady.main(["--data", data, "--difficulty", "plain", "--difficulty", "large"]) == 0
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert result["pages"] == 2
    assert set(result["changes"]) == {"as it is", "half", "blank"}
    assert result["changes"]["as it is"]["unchanged"] == 2
    assert result["changes"]["half"]["right"] > 0.9 * result["digits"]
    assert result["changes"]["blank"] == {"right": 0, "extra": 0, "unchanged": 0, "lost": 2}
    assert "plain 0, blank: 0 of" in printed.err
