"""A small run, really trained, on striped pictures: a quantized network must have learned something."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

Arrays = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]


def stripes(count: int, seed: int) -> Arrays:
    """Return ten kinds of pictures: stripes of 7 pixels at an angle of 18 degrees times the label."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    y, x = np.mgrid[:28, :28]
    angle = np.deg2rad(18 * labels.astype(float))[:, None, None]
    phase = rng.uniform(0, 2 * np.pi, count)[:, None, None]
    wave = np.sin((np.cos(angle) * x + np.sin(angle) * y) * 2 * np.pi / 7 + phase)
    return (127.5 + 127.5 * wave).astype(np.uint8), labels


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set in MNIST's format."""
    path = tmp_path_factory.mktemp("data") / "stripes.npz"
    x_train, y_train = stripes(4000, 1)
    x_test, y_test = stripes(500, 2)
    np.savez_compressed(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return path


@pytest.fixture(scope="session")
def run_folder(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of `edgedigits train`, of a network with the packaged one's kinds of layers, but fewer."""
    keras = pytest.importorskip("keras", reason="the extra `train` is not installed")
    from edgedigits_export.pictures import held_out
    from edgedigits_train import data as mnist_data

    mnist = mnist_data.load(data)
    split = mnist_data.split(mnist, 3)
    pictures = held_out(split.x_train, split.y_train, 5)
    keras.utils.set_random_seed(1)
    network = small(keras)
    network.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    images = np.concatenate([pictures.clean, pictures.noisy])[..., np.newaxis] / np.float32(255)
    labels = np.concatenate([pictures.labels, pictures.labels])
    network.fit(images, labels, batch_size=64, epochs=3, verbose=0)
    folder = tmp_path_factory.mktemp("run")
    network.save(folder / "model.keras")
    config = {
        "architecture": "small",
        "classes": 11,
        "seed": 1,
        "split_seed": 3,
        "recipe": {"mix": {"clean": 0.5}},
        "data_sha256": mnist.sha256,
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


def small(keras: Any) -> Any:
    """Return a `keras.Model` of logits: strided first layer, batch normalisation, global pooling, dense."""
    layers = keras.layers
    x = image = keras.Input((28, 28, 1), name="image")
    for filters, kernel, stride, padding in ((16, 6, 2, "valid"), (16, 3, 2, "same"), (32, 3, 1, "same")):
        x = layers.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.8)(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(11)(x))
