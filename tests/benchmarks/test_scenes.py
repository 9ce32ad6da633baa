"""The drawn pages: the same for the same seed, with true boxes, and readable."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits_bench import framing, scenes_command
from edgedigits_bench.drawn.corrections import surrounding
from edgedigits_bench.drawn.cuttings import INK
from edgedigits_bench.drawn.difficulties import DIFFICULTIES
from edgedigits_bench.drawn.scenes import Scene, draw_scene


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Two plain shapes that stand in for MNIST: a ring (0) and a bar (1)."""
    ring, bar = np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.uint8)
    cv2.ellipse(ring, (14, 14), (6, 9), 0, 0, 360, 255, 3)
    cv2.line(bar, (14, 5), (14, 23), 255, 3)
    return np.stack([ring, bar]), np.array([0, 1])


def scene_of(difficulty: str, seed: int) -> Scene:
    # "large" is drawn at a quarter of its size: this tests the drawing, not the machine.
    style = DIFFICULTIES[difficulty]
    if difficulty == "large":
        style = replace(style, size=(1000, 750), height=(40, 100))
    return draw_scene(*digits(), style, np.random.default_rng(seed))


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_scene(difficulty: str) -> None:
    scene = scene_of(difficulty, 1)
    again, other = scene_of(difficulty, 1), scene_of(difficulty, 2)
    np.testing.assert_array_equal(scene.picture, again.picture)
    assert scene.truth == again.truth
    assert scene.truth != other.truth
    assert scene.picture.dtype == np.uint8
    assert len(scene.truth.boxes) == len(scene.truth.digits) > 0
    height, width = scene.picture.shape[:2]
    for x, y, across, down in scene.truth.boxes:
        assert x >= 0
        assert y >= 0
        assert x + across <= width
        assert y + down <= height


def test_boxes_are_exact() -> None:
    style = replace(
        DIFFICULTIES["plain"], noise=(0.0, 0.1), blur=(0.4, 0.5), gap=(0.8, 1.2), perspective=0.05
    )
    scene = draw_scene(*digits(), style, np.random.default_rng(5))
    grey = cv2.cvtColor(scene.picture, cv2.COLOR_BGR2GRAY)
    for x, y, across, down in scene.truth.boxes:
        around = grey[max(0, y - 12) : y + down + 12, max(0, x - 8) : x + across + 8]
        dark = cv2.boundingRect((around < 0.75 * np.median(grey)).astype(np.uint8))
        assert dark[2] == pytest.approx(across, abs=4)
        assert dark[3] == pytest.approx(down, abs=4)


@pytest.mark.parametrize("margin", [0.0, 0.1])
def test_a_line_is_cut_out_with_so_much_around_it(margin: float) -> None:
    style = replace(DIFFICULTIES["cropped"], cut=(margin, margin), several=(0, 0))
    for seed in range(6):
        picture, truth = draw_scene(*digits(), style, np.random.default_rng(seed))
        x, y, across, down = surrounding(truth.boxes)
        room = round(margin * down)
        assert (x, y) == (room, room)
        assert picture.shape[:2] == (down + 2 * room, across + 2 * room)
        assert len(truth.lines) == 1


def test_boxes_in_tiles_are_exact() -> None:
    rings = digits()[0][:1], digits()[1][:1]
    for seed in range(6):
        picture, truth = draw_scene(*rings, DIFFICULTIES["tiles"], np.random.default_rng(seed))
        grey = picture[:, :, 0].astype(int)
        for x, y, across, down in truth.boxes:
            paper = grey[y + down // 2, x + across // 2]
            ink = np.abs(grey[y - 2 : y + down + 2, x - 2 : x + across + 2] - paper) >= INK
            assert cv2.boundingRect(ink.astype(np.uint8)) == (2, 2, across, down)


def test_bright_on_dark() -> None:
    assert np.median(scene_of("chalk", 1).picture) < 100 < np.median(scene_of("plain", 1).picture)


def test_command_on_real_digits(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(shared / "data" / "mnist.npz"), "--pages", "2", "--keep", str(tmp_path)]
    assert scenes_command.main([*arguments, "--difficulty", "plain", "--difficulty", "ruled"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert set(result) == {"part", "seed", "plain", "ruled", "all"}
    assert result["part"] == "test"
    assert result["all"]["digits"] > 30
    assert result["all"]["right_rate"] > 0.9
    kept = len(list(tmp_path.iterdir()))
    assert kept == result["all"]["pictures"] - result["all"]["perfect"]


def test_the_path_reproduces_the_framing(shared: Path) -> None:
    # Training digits, because this tests the path: the model knows them equally well either way.
    with np.load(shared / "data" / "mnist.npz") as data:
        images, labels = data["x_train"][:1600], data["y_train"][:1600]
    classifier = Classifier.load()
    direct = int(np.sum(classifier.predict(images).labels == labels))
    paged = framing.read_back(Reader(classifier), images, labels, 3)
    # 0.2 points of 10,000, plus four standard errors of a count this small.
    assert direct - paged <= 0.002 * len(labels) + 5
