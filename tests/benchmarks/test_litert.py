"""The LiteRT peer: the same answers as the network, whichever way the ten pictures are passed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edgedigits_bench.drawn.pages import frames
from edgedigits_bench.speed import peers
from edgedigits_bench.speed.peers import Peer, Setup

TINY = Path(__file__).parents[1] / "assets" / "tiny.onnx"


# Third-party code, whose warnings we cannot fix.
@pytest.mark.filterwarnings("ignore")
def test_litert_answers_as_keras_does(tmp_path: Path) -> None:
    keras = pytest.importorskip("keras", reason="the extra `train` is not installed")
    pytest.importorskip("ai_edge_litert", reason="the extra `bench` is not installed")
    from edgedigits_bench.speed.litert import to_int8

    keras.utils.set_random_seed(3)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 5, strides=3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10),
        ]
    )
    pictures = frames(0, 50)
    path = tmp_path / "network.tflite"
    path.write_bytes(to_int8(network, pictures))
    made = peers.make(["litert"], Setup(TINY, 1, pictures, tflite=path))
    single, resized = made["litert"], made["litert x10"]
    assert isinstance(single, Peer), single
    assert isinstance(resized, Peer), resized
    logits = np.asarray(network(pictures[:10, ..., None].astype(np.float32) / 255))
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    # int8 rounds; the probabilities of an untrained network are all near 0.1.
    assert single.run(pictures[:10]) == pytest.approx(expected, abs=0.03)
    assert np.array_equal(single.run(pictures[:10]), resized.run(pictures[:10]))
    assert resized.batches == (10,)
    assert np.array_equal(single.run(pictures[:1]), resized.run(pictures[:10])[:1])


def test_one_picture_costs_litert_what_litert_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: wrapping in a list and joining were counted as LiteRT's own time, 2 to 3 µs of 25."""
    answer = np.zeros((1, 11), np.float32)
    monkeypatch.setattr(peers, "_interpreter", lambda *_: lambda images: answer[: len(images)])
    path = tmp_path / "network.tflite"
    path.touch()
    run = peers.litert(Setup(TINY, 1, frames(0, 50), tflite=path)).run
    found = run(frames(0, 1))
    assert np.shares_memory(found, answer), "the interpreter's answer, copied"
    assert run(frames(0, 10)).shape == (10, 11)
