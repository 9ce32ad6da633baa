"""Touching digits: the cuts that are proposed, and the sequence of parts that is chosen."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from edgedigits.ink.blob import Blob
from edgedigits.pieces.connected import written_on
from edgedigits.pieces.splits import Part, Proposal, best_chain, propose, with_contours


def rings(count: int, lean: float = 0.0) -> tuple[np.ndarray, Blob]:
    """Return touching ovals in a row that lean to the right by `lean` pixels per pixel."""
    ink = np.zeros((140, 90 + 60 * count), np.uint8)
    for place in range(count):
        cv2.ellipse(ink, (60 + 55 * place, 70), (27, 42), 0, 0, 360, 255, 7)
    lean_matrix = np.array([[1, -lean, 70 * lean], [0, 1, 0]], np.float32)
    ink = cv2.warpAffine(ink, lean_matrix, ink.shape[::-1])
    (blob,) = written_on(ink, 100, 0).pieces
    return ink, blob


@pytest.mark.parametrize(("count", "lean"), [(2, 0.0), (3, 0.0), (5, 0.0), (2, 0.3), (3, 0.5), (3, -0.25)])
def test_the_cut_between_the_digits_is_among_the_proposed(count: int, lean: float) -> None:
    ink, blob = rings(count, lean)
    proposal = propose(ink, blob, 100)

    def like_one_ring(part: Blob) -> float:
        # As a classifier would: prefer a complete oval of 61 x 91 with this slant and a closed hole.
        width = math.hypot(61, 91 * lean)
        wrong = abs(part.box[2] - width) / width + abs(part.box[3] - 91) / 91
        return max(0.0, 1 - 3 * wrong)

    value, chain = best_chain(proposal, [like_one_ring(part.blob) for part in proposal.parts])
    assert len(chain) == count
    assert value > -math.inf
    boxes = [proposal.parts[index].blob.box for index in chain]
    assert boxes == sorted(boxes)


def test_parts_cover_the_ink_once() -> None:
    ink, blob = rings(2)
    proposal = propose(ink, blob, 100)
    _, chain = best_chain(proposal, [0.9] * len(proposal.parts))
    drawn = np.zeros(ink.shape, np.int64)
    for index in chain:
        mask = np.zeros(ink.shape, np.uint8)
        part = with_contours(proposal.parts[index].blob)
        cv2.drawContours(mask, part.contours, -1, 1, cv2.FILLED)
        drawn += mask
    assert drawn.max() == 1
    assert np.all(drawn[ink > 100] == 1)


def test_a_low_part_is_worth_less_than_a_tall_one() -> None:
    """Regression: the tail of a 9 was read as a 1 beside the rest of it."""
    halves = [Part(0, 0, 1, Blob((0, 0, 30, 40), ())), Part(0, 1, 2, Blob((30, 0, 30, 40), ()))]
    tails = [Part(0, 0, 1, Blob((0, 0, 30, 40), ())), Part(0, 1, 2, Blob((30, 25, 30, 15), ()))]
    costs = [np.array([0.0, 0.3, 0.0])]
    tall, low = (best_chain(Proposal(parts, costs, 40), [0.9, 0.9])[0] for parts in (halves, tails))
    assert tall == pytest.approx(2 * math.log(0.9) - 0.3)
    assert low == pytest.approx(tall - 2.0 * (0.75 - 15 / 40))


def test_no_chain_without_parts() -> None:
    assert best_chain(Proposal([], [np.zeros(2)], 20), []) == (-math.inf, [])
