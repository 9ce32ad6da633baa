"""The network architectures, by name. Each maps float32 [N, 28, 28, 1] in 0..1 to logits [N, classes].

The networks end in logits, not in a softmax. This keeps the loss numerically exact and lets a temperature
soften a teacher; the export puts the softmax (and the fitted temperature) into the ONNX file. Only the
backend-neutral part of Keras 3 is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from edgedigits.errors import EdgeDigitsError

Builder = Callable[..., Any]


def _conv(x: Any, filters: int, *, kernel: int = 3, stride: int = 1, padding: str = "same") -> Any:
    """Convolution, batch normalisation, ReLU: the one block that int8 kernels fuse into one operator."""
    x = layers.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.95)(x)
    return layers.ReLU()(x)


def simple(image: Any, classes: int) -> Any:
    """Textbook CNN: two convolution-pooling blocks and a dense head, 225k parameters."""
    x = layers.Conv2D(32, 3, activation="relu")(image)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 3, activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(128, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    return layers.Dense(classes, name="logits")(x)


def edge(image: Any, classes: int) -> Any:
    """The packaged network: five convolutions and a single dense layer at the end, 88k parameters.

    The shape is chosen for onnxruntime's int8 kernels, which process six positions at a time: feature maps
    of 12x12 and 6x6 divide evenly, 14x14 and 7x7 do not. The first layer sees 6x6 patches at stride 2; the
    export turns it into a copy (space to depth) and a 3x3 convolution over four channels, because those
    kernels are slowest on one channel at full resolution. The last two convolutions are unpadded, with 4x4
    and 2x2 output positions: one layer more than two padded ones of 6x6, in less time, and the last one sees
    the whole picture. The dense layer has separate weights for each of the four positions: averaging them
    first would cost int8 kernels another layer, or the same weights four times over.
    """
    x = _conv(image, 32, kernel=6, stride=2, padding="valid")
    x = _conv(x, 48, stride=2)
    x = _conv(x, 48)
    x = _conv(x, 48, padding="valid")
    x = _conv(x, 64, padding="valid")
    x = layers.Flatten()(x)
    return layers.Dense(classes, name="logits")(x)


def deep(image: Any, classes: int) -> Any:
    """The teacher: like `edge`, with a residual block and up to 128 channels, 0.5 million parameters."""
    x = _conv(image, 64, kernel=6, stride=2, padding="valid")
    x = shortcut = _conv(x, 128, stride=2)
    x = layers.Conv2D(128, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.95)(x)
    x = layers.ReLU()(layers.Add()([x, shortcut]))
    x = _conv(x, 128, padding="valid")
    x = _conv(x, 128, padding="valid")
    x = layers.Dropout(0.2)(layers.Flatten()(x))
    return layers.Dense(classes, name="logits")(x)


def mobilenet(image: Any, classes: int, *, random_weights: bool = False) -> Any:
    """Transfer learning: MobileNetV2 (alpha 0.35) pretrained on ImageNet, on the digit enlarged to 96x96.

    Keras downloads the weights once. If that fails, this raises an error instead of silently training from
    random weights; `random_weights` asks for those.
    """
    x = layers.Resizing(96, 96)(image)
    x = layers.Concatenate()([x, x, x])
    x = layers.Rescaling(2.0, offset=-1.0)(x)
    try:
        backbone = keras.applications.MobileNetV2(
            (96, 96, 3), alpha=0.35, include_top=False, weights=None if random_weights else "imagenet"
        )
    except Exception as error:  # the downloader raises a bare Exception
        raise EdgeDigitsError(
            "the ImageNet weights for `mobilenet` could not be loaded",
            expected="a download by Keras, or its cache in ~/.keras/models",
            received=str(error),
            remedy="connect to the internet once, or train from random weights with --random-weights",
        ) from error
    for layer in backbone.layers:
        if isinstance(layer, layers.BatchNormalization):
            # Keras's default of 0.999 needs thousands of steps: a short run was at 10 % with a falling loss.
            layer.momentum = 0.95
    x = backbone(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    return layers.Dense(classes, name="logits")(x)


ARCHITECTURES: dict[str, Builder] = {"simple": simple, "edge": edge, "deep": deep, "mobilenet": mobilenet}


def build(name: str, classes: int = 11, *, random_weights: bool = False) -> Any:
    """Return the untrained `keras.Model` `name`, from `image` float32 [N, 28, 28, 1] in 0..1 to logits.

    `classes` is 10, or 11 with "not a digit" as the last class. Raises `EdgeDigitsError` for a name that is
    not in `ARCHITECTURES`.
    """
    if name not in ARCHITECTURES:
        raise EdgeDigitsError(
            f"there is no architecture {name!r}",
            expected=", ".join(ARCHITECTURES),
            received=name,
        )
    image = keras.Input((28, 28, 1), name="image")
    extra = {"random_weights": random_weights} if name == "mobilenet" else {}
    return keras.Model(image, ARCHITECTURES[name](image, classes, **extra), name=name)
