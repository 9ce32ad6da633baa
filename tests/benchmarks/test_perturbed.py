"""Changed photographs: boxes move with the picture, and the same seed makes the same change."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits_bench.perturbed import CHANGES, perturb, score_perturbed
from edgedigits_bench.scoring import Truth, overlap

MOVING = ("turn", "size")


def page() -> tuple[np.ndarray, Truth]:
    """A large 7 on grey paper, uint8 [600, 800, 3]."""
    picture = np.full((600, 800, 3), 170, np.uint8)
    cv2.polylines(
        picture, [np.array([[520, 120], [640, 120], [560, 320]], np.int32)], False, (20, 20, 20), 12
    )
    return picture, Truth(("7",), ((514, 114, 133, 213),))


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_the_kind_of_picture_and_tells_where_things_went(name: str) -> None:
    for seed in range(8):
        picture, _ = page()
        before = picture.copy()
        changed, move = CHANGES[name](picture, np.random.default_rng(seed))
        assert changed.dtype == np.uint8
        assert changed.shape[2] == 3
        assert np.array_equal(picture, before), "the picture itself was changed"
        assert not np.array_equal(changed, before)
        assert (changed.shape == before.shape) == (name != "size")
        assert np.allclose(move, np.eye(3)) == (name not in MOVING)
        if name in MOVING:
            middle = cv2.perspectiveTransform(np.array([[[550.0, 120.0]]]), move)[0, 0]
            x, y = np.rint(middle).astype(int)
            assert changed[y, x].max() < 60  # the 7's bar


def test_boxes_go_with_the_picture_and_a_seed_repeats_itself() -> None:
    ways = set[str]()
    for seed in range(40):
        changed, truth, names = perturb(*page(), np.random.default_rng(seed))
        again, _, _ = perturb(*page(), np.random.default_rng(seed))
        assert np.array_equal(changed, again)
        assert 1 <= len(names) <= 3
        ways.update(names)
        if set(names) <= set(MOVING):
            dark = cv2.boundingRect((changed.max(axis=2) < 90).astype(np.uint8))
            assert overlap(truth.boxes[0], (dark[0], dark[1], dark[2], dark[3])) > 0.75
    assert ways == set(CHANGES)


def test_pages_of_a_folder_are_scored_by_change(tmp_path: Path) -> None:
    picture, truth = page()
    large = cv2.resize(picture, None, fx=2.5, fy=2.5)  # halved before it is changed
    cv2.imwrite(str(tmp_path / "large.png"), large)
    box = [round(2.5 * side) for side in truth.boxes[0]]
    label = {"file": "large.png", "digits": "7", "rows": ["7"], "boxes": [box]}
    (tmp_path / "labels.json").write_text(json.dumps([label]), "utf-8")
    totals = score_perturbed(Reader(Classifier.load()), tmp_path, 6, 0)
    assert set(totals) == {*CHANGES, "all"}
    assert totals["all"]["digits"] == totals["all"]["pictures"] == 6
    assert 6 <= sum(totals[name]["pictures"] for name in CHANGES) <= 18
    assert totals["all"]["right"] >= 5
