"""Frames read back from a page: which are the digits that were written, and which are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edgedigits_train.mix import pages


@pytest.mark.parametrize(
    ("box", "name", "why"),
    [
        ((0, 0, 20, 20), 7, "the digit"),
        ((0, 0, 20, 13), 7, "most of it"),
        ((0, 0, 20, 8), None, "a part of it: neither the digit nor surely none"),
        ((0, 0, 60, 20), None, "run together with what is beside it"),
        ((40, 0, 5, 5), pages.NONE, "a blot, where nothing was written"),
    ],
)
def test_a_frame_gets_the_label_of_what_was_written_there(
    box: tuple[int, int, int, int], name: int | None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of a digit under the digit's label, or under that of none, would teach nonsense."""
    written: list[tuple[int, int, int, int]] = []

    def write(sheet: np.ndarray, digit: np.ndarray, middle: tuple[int, int], *_: Any) -> tuple[int, ...]:
        written.append((1000 * len(written), 0, 20, 20))
        return written[-1]

    def found(picture: np.ndarray) -> tuple[np.ndarray, list[tuple[int, ...]]]:
        x, y, wide, high = box
        return np.full((2, 28, 28), 5, np.uint8), [(1000 + x, y, wide, high), written[0]]

    monkeypatch.setattr(pages, "_write", write)
    monkeypatch.setattr(pages, "frames_of", found)
    digits, labels = np.zeros((3, 28, 28), np.uint8), np.full(3, 7, np.uint8)
    frames, names = pages.page(digits, labels, np.random.default_rng(1))
    expected = [7] if name is None else [name, 7]
    assert names.tolist() == expected, why
    assert frames.shape == (len(expected), 28, 28)


def test_frames_are_drawn_by_the_seed_and_stay_with_their_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages come one after another; shuffled, each batch has frames of many."""

    def page(digits: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> tuple[Any, Any]:
        names = rng.integers(0, 10, 20).astype(np.uint8)
        return np.broadcast_to(names[:, None, None], (20, 28, 28)), names

    monkeypatch.setattr(pages, "page", page)
    nothing = np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8)
    frames, names = pages.pool(110, *nothing, seed=1)
    assert frames.shape == (110, 28, 28)
    np.testing.assert_array_equal(frames[:, 0, 0], names)
    rng = np.random.default_rng([1, 0x9A6E])
    drawn = np.concatenate([page(*nothing, rng)[1] for _ in range(6)])
    assert names.tolist() != drawn[:110].tolist()
    assert names.tolist() == pages.pool(110, *nothing, seed=1)[1].tolist()
    assert names.tolist() != pages.pool(110, *nothing, seed=2)[1].tolist()
